"""Sizes as people write them, and what follows from them: net content, unit price, mass."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from knowledge.catalog.models import Product, UnitPrice

BaseUnit = Literal["kg", "l", "piece"]

# One of the unit, in kg, l or pieces. US customary units by NIST Handbook 44 (2024), appendix C.
_UNITS: dict[str, tuple[BaseUnit, Decimal]] = {
    "kg": ("kg", Decimal(1)),
    "g": ("kg", Decimal("0.001")),
    "mg": ("kg", Decimal("0.000001")),
    "lb": ("kg", Decimal("0.45359237")),
    "oz": ("kg", Decimal("0.028349523125")),
    "l": ("l", Decimal(1)),
    "dl": ("l", Decimal("0.1")),
    "cl": ("l", Decimal("0.01")),
    "ml": ("l", Decimal("0.001")),
    "floz": ("l", Decimal("0.0295735295625")),
    "cup": ("l", Decimal("0.2365882365")),
    "pint": ("l", Decimal("0.473176473")),
    "quart": ("l", Decimal("0.946352946")),
    "gal": ("l", Decimal("3.785411784")),
    "piece": ("piece", Decimal(1)),
    "pair": ("piece", Decimal(2)),
    "dozen": ("piece", Decimal(12)),
}
_SPELLINGS = {
    "kg": "kgs kilo kilos kilogram kilograms kilogramme kilogrammes",
    "g": "gr gm gms gram grams gramme grammes",
    "mg": "milligram milligrams",
    "lb": "lbs pound pounds",
    "oz": "ounce ounces",
    "l": "lt ltr ltrs liter liters litre litres",
    "dl": "deciliter decilitre",
    "cl": "centiliter centilitre",
    "ml": "mls milliliter milliliters millilitre millilitres",
    "floz": "fl.oz fluidounce fluidounces",
    "cup": "cups",
    "pint": "pt pints",
    "quart": "qt qts quarts",
    "gal": "gallon gallons",
    "piece": (
        "pieces pc pcs pce count ct ea each unit units pack packs pk item items roll rolls sheet "
        "sheets tab tabs tablet tablets capsule capsules bag bags teabag teabags sachet sachets "
        "stick sticks bar bars bottle bottles can cans egg eggs wipe wipes diaper diapers pod "
        "pods cube cubes wash washes load loads bunch head heads"
    ),
    "pair": "pairs",
    "dozen": "doz",
}
UNIT_NAMES = {name: unit for unit, names in _SPELLINGS.items() for name in names.split()} | {
    unit: unit for unit in _UNITS
}
"""Every spelling we read, and the unit it means."""

_NUMBER = r"\d+(?:[.,]\d+)?"
_SIZE = re.compile(
    rf"^(?:(?P<count>\d{{1,4}})\s*(?:x|×|\*)\s*)?(?P<amount>{_NUMBER})\s*"  # noqa: RUF001
    r"(?P<unit>fl\.?\s?oz|[a-z]+)\.?(?:\s*\(.*\))?$",
    re.IGNORECASE,
)
_PACK_AFTER = re.compile(
    rf"^(?P<amount>{_NUMBER})\s*(?P<unit>fl\.?\s?oz|[a-z]+)\.?\s*(?:x|×|\*)\s*"  # noqa: RUF001
    r"(?P<count>\d{1,4})$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NetContent:
    """What is in one item altogether; ``pieces`` is how many equal parts it comes in."""

    amount: Decimal
    unit: BaseUnit
    pieces: int = 1


def read_unit(text: str) -> tuple[BaseUnit, Decimal] | None:
    """What one of the named unit is: ("kg", 0.001) for "g"; also "100 g"."""
    words = text.strip().lower()
    match = re.match(rf"^({_NUMBER})\s*(\D+)$", words)
    factor = Decimal(1)
    if match:
        factor, words = Decimal(match[1].replace(",", ".")), match[2]
    unit = UNIT_NAMES.get(re.sub(r"[\s.]", "", words))
    if unit is None or not factor:
        return None
    base, size = _UNITS[unit]
    return base, size * factor


@lru_cache(maxsize=8192)
def parse_size(text: str) -> NetContent | None:
    """Read "1 l", "6 x 330 ml", "12 oz", "10 pieces"; None when it says no amount."""
    words = " ".join(text.split())
    match = _SIZE.match(words) or _PACK_AFTER.match(words)
    if match is None:
        return None
    unit = UNIT_NAMES.get(re.sub(r"[\s.]", "", match["unit"].lower()))
    if unit is None:
        return None
    try:
        amount = Decimal(match["amount"].replace(",", "."))
    except InvalidOperation:
        return None
    pieces = int(match["count"] or 1)
    base, factor = _UNITS[unit]
    total = amount * factor * pieces
    if not total:
        return None
    if base == "piece":
        pieces = int(total) if total == int(total) else 1
    return NetContent(total, base, pieces)


def net_content(product: Product) -> NetContent | None:
    """What one sold unit holds: one item, or one ``unit`` of goods sold by weight or volume."""
    if product.sell_by != "each":
        unit = read_unit(product.unit or "")
        return None if unit is None else NetContent(unit[1], unit[0])
    return parse_size(product.size) if product.size else None


def unit_price(product: Product) -> UnitPrice | None:
    """The price per kg, l or piece; None when the size does not say how much there is."""
    content = net_content(product)
    if content is None:
        return None
    price = product.price * (1 / content.amount)
    return UnitPrice(price.rounded(), content.unit)


def item_mass_kg(product: Product) -> Decimal | None:
    """Mass of one sold unit. A litre counts as a kilogram; None when nothing tells."""
    content = net_content(product)
    if content is not None and content.unit in ("kg", "l"):
        return content.amount
    try:
        grams = Decimal(str(product.attributes.get("net_weight_g", "")))
    except InvalidOperation:
        return None
    return grams / 1000 if grams.is_finite() and grams > 0 else None
