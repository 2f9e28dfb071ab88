"""Amounts: scaled to servings, written for cooks, read from what shoppers type (pure)."""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from knowledge.errors import InvalidInput
from knowledge.recipes.models import Amount, Unit

MOST = Decimal(10_000)
_HALF = Decimal("0.5")
_QUARTER = Decimal("0.25")
_THOUSAND = Decimal(1000)
_TSP_IN_TBSP = Decimal(3)
_FEW = Decimal(3)
_SPOONS = Decimal(6)
_WHOLE = frozenset({"clove", "can", "slice", "bunch", "pinch"})
_STEPS = ((Decimal(20), Decimal(1)), (Decimal(100), Decimal(5)), (Decimal(500), Decimal(10)))
_COARSE = Decimal(25)
_WORDS: dict[str, Decimal] = {
    "a": Decimal(1), "an": Decimal(1), "one": Decimal(1), "two": Decimal(2), "three": Decimal(3),
    "four": Decimal(4), "five": Decimal(5), "six": Decimal(6), "seven": Decimal(7),
    "eight": Decimal(8), "nine": Decimal(9), "ten": Decimal(10), "eleven": Decimal(11),
    "twelve": Decimal(12), "couple": Decimal(2), "few": Decimal(3), "half": _HALF,
    "quarter": _QUARTER, "dozen": Decimal(12), "some": Decimal(1), "½": _HALF, "¼": _QUARTER,
    "¾": Decimal("0.75"), "1/2": _HALF, "1/4": _QUARTER, "3/4": Decimal("0.75"),
}  # fmt: skip
_SPELLINGS: tuple[tuple[str, Unit, Decimal], ...] = (
    ("g gr gram grams", "g", Decimal(1)),
    ("kg kgs kilo kilos kilogram kilograms", "kg", Decimal(1)),
    ("lb lbs pound pounds", "g", Decimal("453.59237")),
    ("oz ounce ounces", "g", Decimal("28.349523")),
    ("ml milliliter milliliters millilitre millilitres", "ml", Decimal(1)),
    ("cl", "ml", Decimal(10)),
    ("dl", "ml", Decimal(100)),
    ("l liter liters litre litres", "l", Decimal(1)),
    ("gal gallon gallons", "l", Decimal("3.785412")),
    ("quart quarts", "l", Decimal("0.946353")),
    ("pint pints", "l", Decimal("0.473176")),
    ("cup cups", "cup", Decimal(1)),
    ("tbsp tablespoon tablespoons", "tbsp", Decimal(1)),
    ("tsp teaspoon teaspoons", "tsp", Decimal(1)),
    ("clove cloves", "clove", Decimal(1)),
    ("slice slices", "slice", Decimal(1)),
    ("bunch bunches", "bunch", Decimal(1)),
)
_UNITS = {name: (unit, factor) for names, unit, factor in _SPELLINGS for name in names.split()}
_PACK_WORDS = (
    "pack packs packet packets pkg package packages jar jars bag bags box boxes carton cartons tub "
    "tubs loaf loaves x case cases tube tubes container containers"
)
_PART_WORDS = "bottle bottles can cans tin tins roll rolls bar bars tab tabs tablet tablets"
_PIECE_WORDS = "piece pieces pc pcs head heads stalk stalks ct count each whole"
_PACKS = frozenset(_PACK_WORDS.split())
_PARTS = frozenset(_PART_WORDS.split())
_PIECES = frozenset(_PIECE_WORDS.split())
_KNOWN = _PACKS | _PARTS | _PIECES | _UNITS.keys()
_NO_AMOUNT = re.compile(r"^[-\u2212]\d|\d[eE][+-]?\d")
"""Below zero, or written as a power of ten."""
_TOKEN = re.compile(r"\d+/\d+|\d+(?:[.,]\d+)?|[½¼¾]|[a-z]+")


def scaled(amount: Amount, *, servings: int, to: int) -> Amount:
    """The amount for another number of servings, rounded to what a kitchen can measure."""
    if servings == to:
        return amount
    return _sensible(Amount(amount.number * to / servings, amount.unit))


def _sensible(amount: Amount) -> Amount:
    number, unit = amount.number, amount.unit
    if unit in ("g", "kg", "ml", "l"):
        return _weighed(amount)
    if unit == "tsp" and number >= _TSP_IN_TBSP:
        return _sensible(Amount(number / _TSP_IN_TBSP, "tbsp"))
    if unit == "tbsp" and number > _SPOONS:
        return _weighed(Amount(number * 15, "ml"))
    if unit in _WHOLE:
        return Amount(max(_to(number, Decimal(1)), Decimal(1)), unit)
    if unit == "piece":
        return Amount(max(_to(number, _HALF if number < _FEW else Decimal(1)), _HALF), unit)
    step = _QUARTER if number < 1 else _HALF
    return Amount(max(_to(number, step), _QUARTER), unit)


def _weighed(amount: Amount) -> Amount:
    number, unit = amount.number, amount.unit
    if unit in ("kg", "l"):
        number, unit = number * _THOUSAND, "g" if unit == "kg" else "ml"
    step = next((step for below, step in _STEPS if number < below), _COARSE)
    number = max(_to(number, step), step)
    if number >= _THOUSAND:
        return Amount(number / _THOUSAND, "kg" if unit == "g" else "l")
    return Amount(number, unit)


def _to(number: Decimal, step: Decimal) -> Decimal:
    return (number / step).to_integral_value(ROUND_HALF_UP) * step


def amount_text(amount: Amount | None) -> str:
    """For cooks: "750 g", "2 cloves", "1.5"."""
    if amount is None:
        return "to taste"
    if amount.number >= _THOUSAND and amount.unit in ("g", "ml"):
        amount = Amount(amount.number / _THOUSAND, "kg" if amount.unit == "g" else "l")
    number = f"{amount.number.normalize():f}"
    if amount.unit == "piece":
        return number
    several = {"bunch": "bunches", "pinch": "pinches"}.get(amount.unit, f"{amount.unit}s")
    counted = amount.unit in _WHOLE or amount.unit == "cup"
    return f"{number} {several if counted and amount.number > 1 else amount.unit}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An ``amount``, else a ``count`` of pieces or packs.

    ``packs`` when packs were said, ``parts`` for what a pack may hold several of: bottles, rolls.
    """

    amount: Amount | None = None
    count: Decimal = Decimal(1)
    packs: bool = False
    parts: bool = False


def read_quantity(text: str) -> Quantity:
    """What somebody wants of something: "500 g", "a dozen", "2", "two bottles".

    Raises ``InvalidInput`` for what is no quantity.
    """
    found: list[str] = _TOKEN.findall(text.strip().lower())
    number, rest = _number(found)
    unit = next((word for word in rest if word in _KNOWN), "")
    if number is None:
        number = Decimal(1 if unit or not text.strip() else 0)
    if not 0 < number <= MOST or _NO_AMOUNT.search(text.strip()):
        raise InvalidInput(f"{text!r} is not a quantity; say a number, or an amount such as 500 g.")
    if unit in _UNITS:
        name, factor = _UNITS[unit]
        return Quantity(Amount(number * factor, name))
    if unit in _PIECES or ("dozen" in found and not unit):
        return Quantity(Amount(number, "piece"), _whole(number))
    return Quantity(None, _whole(number), packs=unit in _PACKS, parts=unit in _PARTS)


def _whole(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_CEILING)


def _number(found: list[str]) -> tuple[Decimal | None, list[str]]:
    """The number at the beginning: "2", "a dozen", "half a dozen", "2 dozen", "1 1/2"."""
    number: Decimal | None = None
    for place, word in enumerate(found):
        value = _value(word)
        if value is None:
            return number, [one for one in found[place:] if one != "of"]
        number = _joined(number, value, word)
    return number, []


def _joined(number: Decimal | None, value: Decimal, word: str) -> Decimal:
    if number is None:
        return value
    if word in ("dozen", "couple", "few", "a", "an"):
        return number * value if word == "dozen" or number < 1 else value
    return number + value if value < 1 else number * value


def _value(word: str) -> Decimal | None:
    if word in _WORDS:
        return _WORDS[word]
    if word[0].isdigit() and "/" in word:
        above, below = word.split("/")
        return Decimal(above) / Decimal(below) if int(below) else None
    return Decimal(word.replace(",", ".")) if word[0].isdigit() else None
