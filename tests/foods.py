"""Products made for tests of scoring, and those of the sample shop."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from knowledge.catalog.models import Nutrition, Product
from knowledge.catalog.record import ProductRecord
from knowledge.money import Money
from tests.sample_shop import SAMPLE

HARDWARE = SAMPLE.parent.parent / "tests" / "data" / "hardware.jsonl"


def food(title: str = "Thing", *, price: str = "2.00", **facts: Any) -> Product:
    """A product of a category that is food, unless told otherwise."""
    facts.setdefault("id", title)
    facts.setdefault("category", ("Pantry", "Snacks"))
    return Product(title=title, price=Money(Decimal(price), "USD"), **facts)


def nutrition(**values: float) -> Nutrition:
    """All zero but what is given, and fat and carbohydrates unknown."""
    known: dict[str, float] = {
        "energy_kcal": 0, "sugars": 0, "saturated_fat": 0, "salt": 0, "protein": 0, "fiber": 0,
        "fruit_vegetable_percent": 0,
    }  # fmt: skip
    return Nutrition(**{name: Decimal(str(value)) for name, value in (known | values).items()})


@lru_cache(maxsize=1)
def sample_products() -> dict[str, Product]:
    lines = (SAMPLE / "products.jsonl").read_text(encoding="utf-8").splitlines()
    records = [ProductRecord.model_validate_json(line) for line in lines]
    return {record.id: record.to_product("USD") for record in records}


def titled(part: str) -> Product:
    """The first product of the sample shop whose title holds the words."""
    return next(one for one in sample_products().values() if part in one.title)
