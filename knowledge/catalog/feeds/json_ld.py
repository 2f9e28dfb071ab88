"""Reads schema.org products from JSON-LD: a document, or the blocks within a page of HTML."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from knowledge.catalog.feeds.html_scripts import json_ld_blocks
from knowledge.catalog.feeds.json_ld_fields import COLUMNS, Node, listed, product_record, types_of
from knowledge.catalog.feeds.rows import FeedRow, ReadingTerms
from knowledge.catalog.feeds.source import Source
from knowledge.catalog.import_report import UnreadableImport

_PRODUCTS = frozenset({"Product", "IndividualProduct", "SomeProducts", "ProductModel", "Vehicle"})
_GROUP = "ProductGroup"
_WITHIN = (
    "@graph", "itemListElement", "item", "hasVariant", "mainEntity", "mainEntityOfPage",
    "hasOfferCatalog", "itemOffered", "makesOffer",
)  # fmt: skip
_MAX_DEPTH = 40


class JsonLd:
    """Rows are products, counted from 1 through the whole file."""

    def __init__(self, source: Source, terms: ReadingTerms) -> None:
        self._source = source
        self._terms = terms
        self.columns: Mapping[str, str] = COLUMNS

    def rows(self) -> Iterator[FeedRow]:
        number = 0
        for line, text in self._blocks():
            try:
                document = orjson.loads(text)
            except orjson.JSONDecodeError as error:
                place = f"line {line + error.lineno - 1}, column {error.colno}"
                if line == 1:
                    raise UnreadableImport(
                        f"The JSON is broken in {place}: {error.msg}."
                    ) from error
                number += 1
                yield FeedRow(number, None, ("script", f"the JSON is broken in {place}"))
                continue
            for node, group in _products(document, None, 0):
                number += 1
                record, hidden = product_record(node, group, self._terms)
                yield FeedRow(number, record, None, hidden)
        if not number:
            raise UnreadableImport("The file holds no schema.org Product.")

    def _blocks(self) -> list[tuple[int, str | bytes]]:
        document = self._source.document()
        if not document.strip():
            raise UnreadableImport("The file is empty.")
        if not document.lstrip().startswith(b"<"):
            return [(1, document)]
        try:
            page = document.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnreadableImport(
                f"The page is not text in UTF-8 (byte {error.start + 1})."
            ) from error
        found = json_ld_blocks(page)
        if not found:
            raise UnreadableImport("The page has no <script> of type application/ld+json.")
        return [(line, text) for line, text in found]


def _products(value: Any, group: Node | None, depth: int) -> Iterator[tuple[Node, Node | None]]:  # noqa: ANN401 - any JSON
    """Each product with the group it is a variant of."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from _products(part, group, depth + 1)
        return
    if not isinstance(value, dict):
        return
    types = types_of(value)
    if _GROUP in types:
        group = value
    elif types & _PRODUCTS:
        parent = value.get("isVariantOf")
        own = parent if isinstance(parent, dict) and _GROUP in types_of(parent) else group
        variants = [one for one in listed(value.get("hasVariant")) if isinstance(one, dict)]
        if not variants:
            yield value, own
            return
        group = value
    for name in _WITHIN:
        if name in value:
            yield from _products(value[name], group, depth + 1)
