"""Says the amount of an ingredient as mass, volume and pieces, as far as its name tells (pure)."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from knowledge.recipes.models import Amount
from knowledge.scoring.tables import read_table
from knowledge.search.text import stem, words

_FILE = Path(__file__).with_name("measures.yaml")
_KILOGRAMS = {"g": Decimal("0.001"), "kg": Decimal(1), "pinch": Decimal("0.0005")}
_LITRES = {
    "ml": Decimal("0.001"),
    "l": Decimal(1),
    "tsp": Decimal("0.005"),
    "tbsp": Decimal("0.015"),
    "cup": Decimal("0.24"),
}
_CAN = Decimal("0.4")
_SLICE, _BUNCH, _CLOVE = Decimal(30), Decimal(30), Decimal(4)
Weights = dict[tuple[str, ...], Decimal]


@dataclass(frozen=True, slots=True)
class Measured:
    """An amount in every way it can be said: kilograms, litres, pieces. None is unknown.

    ``bunches``: the pieces are bunches, whose weight nobody takes exactly.
    """

    kilograms: Decimal | None = None
    litres: Decimal | None = None
    pieces: Decimal | None = None
    bunches: bool = False


@lru_cache(maxsize=1)
def _tables() -> dict[str, Weights]:
    data = read_table(_FILE)
    return {
        table: {_key(name): Decimal(str(value)) for name, value in entries.items()}
        for table, entries in data.items()
    }


def _key(name: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(name))


def measured(amount: Amount, *names: str) -> Measured:
    """The first of ``names`` that is known decides what a piece or a spoonful weighs."""
    number, unit = amount.number, amount.unit
    density = _first("densities", names) or Decimal(1)
    piece = _first("pieces", names)
    if unit in _KILOGRAMS:
        return _of_mass(number * _KILOGRAMS[unit], density, piece)
    if unit in _LITRES:
        litres = number * _LITRES[unit]
        return Measured(litres * density, litres, _pieces(litres * density, piece))
    if unit == "can":
        return Measured(number * _CAN, number * _CAN, number)
    if unit == "piece":
        kilograms = None if piece is None else number * piece / 1000
        return Measured(kilograms, kilograms and kilograms / density, number)
    table, usual = {
        "slice": ("slices", _SLICE),
        "bunch": ("bunches", _BUNCH),
        "clove": ("cloves", _CLOVE),
    }[unit]
    kilograms = number * (_first(table, names) or usual) / 1000
    if unit == "bunch":
        return Measured(kilograms, kilograms, number, bunches=True)
    return _of_mass(kilograms, density, piece)


def _of_mass(kilograms: Decimal, density: Decimal, piece: Decimal | None) -> Measured:
    return Measured(kilograms, kilograms / density, _pieces(kilograms, piece))


def _pieces(kilograms: Decimal, piece: Decimal | None) -> Decimal | None:
    return None if piece is None else kilograms * 1000 / piece


def _first(table: str, names: tuple[str, ...]) -> Decimal | None:
    return next((found for name in names if (found := known(table, name)) is not None), None)


@lru_cache(maxsize=4096)
def known(table: str, name: str) -> Decimal | None:
    """What the table says of the longest entry that ends the name: fig jam is no fig."""
    said = _key(name)
    for start in range(len(said)):
        found = _tables()[table].get(said[start:])
        if found is not None:
            return found
    return None
