"""What a shopper asked for, in the form the planner works on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

ReferenceKind = Literal["number", "pronoun", "superlative", "described", "other", "all"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search must keep to."""

    max_price: Decimal | None = None
    min_price: Decimal | None = None
    diets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    min_rating: Decimal | None = None
    sort: str | None = None

    def __bool__(self) -> bool:
        return self != Limits()

    def joined(self, other: "Limits") -> "Limits":
        """Both together; where both say something, the other wins."""
        return Limits(
            max_price=self.max_price if other.max_price is None else other.max_price,
            min_price=self.min_price if other.min_price is None else other.min_price,
            diets=tuple(dict.fromkeys((*self.diets, *other.diets))),
            exclude=tuple(dict.fromkeys((*self.exclude, *other.exclude))),
            brands=other.brands or self.brands,
            min_rating=self.min_rating if other.min_rating is None else other.min_rating,
            sort=other.sort or self.sort,
        )

    def arguments(self) -> dict[str, Any]:
        """As arguments of ``search_catalog``."""
        found: dict[str, Any] = {}
        for name in ("max_price", "min_price", "min_rating"):
            value = getattr(self, name)
            if value is not None:
                found[name] = plain(value)
        for name in ("diets", "exclude", "brands"):
            if getattr(self, name):
                found[name] = list(getattr(self, name))
        if self.sort:
            found["sort"] = self.sort
        return found

    @classmethod
    def of_arguments(cls, found: dict[str, Any]) -> "Limits":
        money = {
            name: Decimal(str(found[name]))
            for name in ("max_price", "min_price", "min_rating")
            if found.get(name) is not None
        }
        many = {name: tuple(found.get(name, ())) for name in ("diets", "exclude", "brands")}
        return replace(cls(sort=found.get("sort")), **money, **many)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Reference:
    """Something in front of the shopper: "the second one", "it", "the cheaper one"."""

    kind: ReferenceKind
    numbers: tuple[int, ...] = ()
    """Positions, from 1; negative ones count from the end."""
    field: str | None = None
    low: bool = True
    words: tuple[str, ...] = ()
    diets: tuple[str, ...] = ()
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing named, with how much of it."""

    words: tuple[str, ...] = ()
    reference: Reference | None = None
    limits: Limits = field(default_factory=Limits)
    quantity: Decimal | None = None
    amount: tuple[Decimal, str] | None = None
    """Weight in kg or volume in l."""
    dozen: bool = False
    """The quantity counts pieces that may come in one pack."""

    @property
    def name(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do. ``kind`` is the name of a rule; the rest are its slots."""

    kind: str
    items: tuple[Item, ...] = ()
    limits: Limits = field(default_factory=Limits)
    money: Decimal | None = None
    period: str | None = None
    count: Decimal | None = None
    choice: str | None = None
    """A goal, a kind of recommendation, a rule of a budget, a way of delivery."""
    terms: tuple[str, ...] = ()
    """Diets, allergens or dislikes that are meant themselves, not as limits."""
    allergens: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """People of the household it is for."""
    named: Mapping[str, str] = field(default_factory=dict)
    """What a request names, as it was written: a list, a code, an address, a reason, a dish."""
    text: str = ""
    marks: frozenset[str] = frozenset()

    def with_items(self, *items: Item) -> "Act":
        return replace(self, items=items)

    def record(self) -> dict[str, Any]:
        """Its slots that say something, as JSON."""
        empty = asdict(Act(self.kind))
        own = asdict(self)
        return {
            name: jsonable(value)
            for name, value in own.items()
            if name == "kind" or value != empty[name]
        }


def plain(number: Decimal) -> str:
    """A decimal as written by a person: no exponent, no trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def jsonable(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return {
            key: jsonable(one)
            for key, one in value.items()
            if one not in (None, (), [], False, frozenset())
        }
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [jsonable(one) for one in value]
    return value
