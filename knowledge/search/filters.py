"""The exact limits of a search."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import lru_cache

from knowledge.catalog.models import DIETS
from knowledge.errors import InvalidInput
from knowledge.shoppers.vocabulary import read_allergen


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Every limit holds for every result. Unknown facts never pass a diet or an allergen.

    ``category`` is a path or one of its parts, ``exclude`` allergens or words, ``ids`` the only
    products to consider. ``diets`` pass only what is known to suit them; ``kept_diets`` are those
    a shopper keeps to, and pass soap as well.
    """

    category: str | None = None
    brands: tuple[str, ...] = ()
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    diets: tuple[str, ...] = ()
    kept_diets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    min_rating: Decimal | None = None
    in_stock_only: bool = False
    ids: frozenset[str] | None = None
    not_ids: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for diet in (*self.diets, *self.kept_diets):
            if diet not in DIETS:
                raise InvalidInput(f"{diet!r} is not a diet we know: {', '.join(DIETS)}.")

    @property
    def allergens(self) -> tuple[str, ...]:
        """The allergens among what is excluded; "seafood" is three of them."""
        return tuple(dict.fromkeys(name for word in self.exclude for name in _allergens(word)))

    @property
    def excluded_words(self) -> tuple[str, ...]:
        return tuple(word for word in self.exclude if not _allergens(word))

    def joined(self, *, diets: Iterable[str] = (), exclude: Iterable[str] = ()) -> "ProductFilter":
        """These limits and what a shopper keeps to in everything."""
        return replace(
            self,
            kept_diets=tuple(dict.fromkeys((*self.kept_diets, *diets))),
            exclude=tuple(dict.fromkeys((*self.exclude, *exclude))),
        )

    def limits(self) -> list[str]:
        """Names of the limits that are set."""
        empty = ProductFilter()
        return [
            field.name
            for field in fields(self)
            if getattr(self, field.name) != getattr(empty, field.name)
        ]

    def without(self, limit: str) -> "ProductFilter":
        return replace(self, **{limit: getattr(ProductFilter(), limit)})


@lru_cache(maxsize=1024)
def _allergens(word: str) -> tuple[str, ...]:
    try:
        return read_allergen(word)
    except InvalidInput:
        return ()
