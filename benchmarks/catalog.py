"""Catalogs of any size for benchmarks, made from the sample shop by variation."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

SAMPLE = Path(__file__).parent.parent / "knowledge" / "sample" / "products.jsonl"
_KINDS = (
    "Classic", "Country", "Premium", "Family", "Fresh", "Golden", "Royal", "Sunny", "Garden",
    "Mountain", "River", "Village", "Coastal", "Nordic", "Tuscan", "Alpine", "Harvest",
    "Orchard", "Meadow", "Heritage", "Artisan", "Everyday", "Select", "Reserve", "Farmhouse",
    "Rustic", "Velvet", "Crimson", "Amber", "Silver", "Summit", "Harbor", "Prairie", "Canyon",
    "Maple", "Cedar", "Willow", "Juniper",
)  # fmt: skip
_BRANDS = tuple(f"{first} {second}" for first in _KINDS[:20] for second in ("Foods", "Kitchen"))


def vary(count: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Products like those of the sample: other brands, words, prices, sizes, ratings, stock."""
    rows = [orjson.loads(line) for line in SAMPLE.read_bytes().splitlines()]
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(count):
        row = dict(rows[number % len(rows)])
        row["id"] = f"G{number:07}"
        row.pop("gtin", None)
        row.pop("group_id", None)
        if number >= len(rows):
            brand = chance.choice(_BRANDS)
            title = row["title"].replace(row.get("brand") or "\n", "").strip()
            row["title"] = f"{brand} {chance.choice(_KINDS)} {title}"
            row["brand"] = brand
            row["price"] = f"{float(row['price']) * chance.uniform(0.6, 1.8) + 0.01:.2f}"
            row["rating"] = round(chance.uniform(2.5, 5), 1)
            row["ratings_count"] = chance.randrange(2000)
            if row.get("stock") is not None:
                row["stock"] = chance.choice((0, 3, 20, 200))
        yield row


def write_catalog(path: Path, count: int) -> Path:
    with path.open("wb") as file:
        for row in vary(count):
            file.write(orjson.dumps(row) + b"\n")
    return path
