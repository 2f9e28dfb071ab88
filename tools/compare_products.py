"""The tool compare_products: the same facts of two to four products side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from knowledge.catalog.models import ALLERGENS, Nutrition, Product
from knowledge.catalog.units import unit_price
from knowledge.errors import InvalidInput
from knowledge.scoring.carbon import carbon
from knowledge.scoring.diets import suited_diets
from knowledge.scoring.nutri_score import nutri_score
from tools.argument_kinds import Reads
from tools.blocks import ComparisonBlock, ComparisonRow
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.marking import harmless, marked
from tools.product_views import card, model_line, number
from tools.quantity_argument import ProductReference
from tools.search_catalog import DATA_NOTE

Better = Literal["lower", "higher"]
_FROM_SUPPLIERS = ("size", "origin", "labels", "offer")
_LONGEST = 80


class CompareProducts(Arguments):
    products: Annotated[
        list[ProductReference],
        Reads(also=("product_ids", "ids", "items")),
        Field(min_length=2, max_length=4, description="2 to 4: #n, cN or ids"),
    ]


@dataclass(frozen=True, slots=True)
class _Attribute:
    """``measure`` decides the best; None compares nothing."""

    name: str
    value: Callable[[Product], str | None]
    measure: Callable[[Product], Decimal | None] | None = None
    better: Better = "lower"


def compare_products(context: ToolContext, arguments: CompareProducts) -> ToolResult:
    """Put products side by side: price, unit price, nutrition, allergens, footprint."""
    ids = list(dict.fromkeys(context.product_id(one) for one in arguments.products))
    if len(ids) < 2:  # noqa: PLR2004 - one thing cannot be compared
        raise InvalidInput("Comparing takes two different products.")
    products = [context.work.catalog.get(product_id) for product_id in ids]
    numbers = context.shown.show([(one.id, one.title) for one in products], kind="comparison")
    offers = context.work.pricing.offers()
    cards = [card(one, place, offers=offers) for one, place in zip(products, numbers, strict=True)]
    rows = comparison_rows(products)
    if any(one.promotion for one in cards):
        rows.insert(1, ComparisonRow(attribute="offer", values=[one.promotion for one in cards]))
    table = [
        f"{row.attribute}: {' | '.join(_cell(row, n) for n in range(len(ids)))}" for row in rows
    ]
    lines = [DATA_NOTE, *(model_line(one) for one in cards), "In this order, * is best:", *table]
    return ToolResult("\n".join(lines), [ComparisonBlock(products=cards, rows=rows)])


def comparison_rows(products: list[Product]) -> list[ComparisonRow]:
    """The rows in which at least one product has a value."""
    rows = []
    for attribute in _attributes(products):
        values = [attribute.value(product) for product in products]
        if any(value is not None for value in values):
            best = _best(attribute, products)
            rows.append(ComparisonRow(attribute=attribute.name, values=values, best=best))
    return rows


def _best(attribute: _Attribute, products: list[Product]) -> list[int]:
    """None when all are equal or something is unknown: a gap must not win or lose."""
    if attribute.measure is None:
        return []
    measured = [attribute.measure(product) for product in products]
    known = [value for value in measured if value is not None]
    if len(known) < len(measured) or len(set(known)) < 2:  # noqa: PLR2004
        return []
    best = min(known) if attribute.better == "lower" else max(known)
    return [place for place, value in enumerate(measured) if value == best]


def _attributes(products: list[Product]) -> list[_Attribute]:
    units = {price.unit for one in products if (price := unit_price(one)) is not None}
    same_unit = len(units) == 1
    return [
        _Attribute("price", lambda one: str(one.price), lambda one: one.price.amount),
        _Attribute("unit price", _unit_price, _unit_amount if same_unit else None),
        _Attribute("size", lambda one: one.size),
        _Attribute("stock", _stock),
        _Attribute("rating", lambda one: _maybe(one.rating), lambda one: one.rating, "higher"),
        _Attribute("Nutri-Score", _grade, _grade_rank),
        _Attribute(
            "kg CO2e per kg",
            lambda one: _maybe(carbon(one).kg_per_kg),
            lambda one: carbon(one).kg_per_kg,
        ),
        _nutrient("energy (kcal per 100)", "energy_kcal"),
        _nutrient("sugars (g per 100)", "sugars", "lower"),
        _nutrient("saturated fat (g per 100)", "saturated_fat", "lower"),
        _nutrient("salt (g per 100)", "salt", "lower"),
        _nutrient("fiber (g per 100)", "fiber", "higher"),
        _nutrient("protein (g per 100)", "protein", "higher"),
        _Attribute("contains allergens", lambda one: _allergens(one.allergens)),
        _Attribute("may contain", lambda one: _allergens(one.traces)),
        _Attribute("suits", lambda one: ", ".join(suited_diets(one)) or None),
        _Attribute("origin", lambda one: one.origin),
        _Attribute("labels", lambda one: ", ".join(one.labels) or None),
    ]


def _nutrient(name: str, field: str, better: Better | None = None) -> _Attribute:
    def measure(product: Product) -> Decimal | None:
        nutrition = product.nutrition or Nutrition()
        value: Decimal | None = getattr(nutrition, field)
        return value

    return _Attribute(
        name,
        lambda one: _maybe(measure(one)),
        None if better is None else measure,
        better or "lower",
    )


def _unit_price(product: Product) -> str | None:
    price = unit_price(product)
    return None if price is None else f"{price.price} per {price.unit}"


def _unit_amount(product: Product) -> Decimal | None:
    price = unit_price(product)
    return None if price is None else price.price.amount


def _stock(product: Product) -> str:
    return "in stock" if product.in_stock else "sold out"


def _grade(product: Product) -> str | None:
    score = nutri_score(product)
    return None if score is None else score.grade


def _grade_rank(product: Product) -> Decimal | None:
    grade = _grade(product)
    return None if grade is None else Decimal("ABCDE".index(grade))


def _allergens(names: tuple[str, ...] | None) -> str | None:
    if names is None:
        return None
    return ", ".join(name for name in ALLERGENS if name in names) or "none declared"


def _maybe(value: Decimal | None) -> str | None:
    return None if value is None else number(value)


def _cell(row: ComparisonRow, place: int) -> str:
    value = row.values[place]
    mark = "*" if place in row.best else ""
    if value is None:
        return f"unknown{mark}"
    said = marked(value, _LONGEST) if row.attribute in _FROM_SUPPLIERS else harmless(value)
    return f"{said}{mark}"


TOOL = Tool(
    "compare_products", CompareProducts, compare_products, example={"products": ["#1", "#2"]}
)
