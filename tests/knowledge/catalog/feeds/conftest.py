"""Reads feeds that a test writes, as products and as what was wrong with rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from knowledge.catalog.feeds.mapping import to_mapping
from knowledge.catalog.feeds.opening import open_feed
from knowledge.catalog.feeds.rows import FeedFormat, ReadingTerms
from knowledge.catalog.models import Product
from knowledge.catalog.record import InvalidRecord, read_record

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Read:
    """``problems`` are (row, column, what is wrong)."""

    format: str = ""
    products: dict[str, Product] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)


ReadFeed = Callable[..., Read]


@pytest.fixture
def read_feed(tmp_path: Path) -> ReadFeed:
    def read(
        content: str | bytes,
        name: str = "feed",
        *,
        mapping: dict[str, Any] | None = None,
        currency: str = "USD",
        feed_format: FeedFormat | None = None,
    ) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        known = None if mapping is None else to_mapping(mapping)
        found = Read()
        terms = ReadingTerms(currency, NOW)
        with open_feed(path, terms, mapping=known, feed_format=feed_format) as feed:
            found.format = feed.format
            for number, data, problem, hidden in feed.rows():
                if problem is not None:
                    found.problems.append((number, *problem))
                    continue
                try:
                    product = read_record(data, currency)
                except InvalidRecord as error:
                    found.problems += [
                        (number, feed.columns.get(name, name), said)
                        for name, said in error.problems
                    ]
                    continue
                if hidden:
                    found.hidden.append(product.id)
                else:
                    found.products[product.id] = product
        return found

    return read
