"""Fixtures for catalog tests: products, files, repositories."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from knowledge.catalog.models import Product
from knowledge.catalog.record import read_record

MakeProduct = Callable[..., Product]
WriteFile = Callable[..., Path]


@pytest.fixture
def make_product() -> MakeProduct:
    """A product in the native format, with what a test cares about."""

    def make(product_id: str = "p1", **fields: object) -> Product:
        data = {"id": product_id, "title": f"Thing {product_id}", "price": "2.19"} | fields
        return read_record(data, "USD")

    return make


@pytest.fixture
def write_jsonl(tmp_path: Path) -> WriteFile:
    """Write a product file; strings go in as they are."""

    def write(*rows: object, name: str = "products.jsonl") -> Path:
        path = tmp_path / name
        lines = [row.encode() if isinstance(row, str) else orjson.dumps(row) for row in rows]
        path.write_bytes(b"\n".join(lines) + b"\n")
        return path

    return write
