"""What a recommendation is asked with, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy.orm import Session

from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.money import Money
from knowledge.pricing.promotions import Promotion
from knowledge.recommend.wishes import Wishes
from knowledge.scoring.food_kind import category_side

RecommendationKind = Literal[
    "for_you", "goes_with", "similar", "popular", "budget", "health", "sustainability", "deals"
]


@dataclass(frozen=True, slots=True)
class Asked:
    """``bought`` is how often the shopper bought what; ``left`` what a budget leaves, if any.

    ``home`` is the country of the shop, which decides what counts as near by. ``offers`` are the
    promotions that hold for everybody, ``until`` says by their ids when they end ("until Sunday").
    """

    kind: RecommendationKind
    session: Session
    catalog: CatalogRepository
    wishes: Wishes = field(default_factory=Wishes)
    product: Product | None = None
    cart: tuple[Product, ...] = ()
    bought: Mapping[str, int] = field(default_factory=dict)
    left: Money | None = None
    home: str | None = None
    offers: tuple[Promotion, ...] = ()
    until: Mapping[str, str] = field(default_factory=dict)
    limit: int = 5

    @property
    def taken(self) -> frozenset[str]:
        """What is not to be suggested: it is in the cart, or it is what was asked about."""
        own = {self.product.id} if self.product else set()
        return frozenset({product.id for product in self.cart} | own)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``confidence`` from 0 to 1 says how much speaks for it, not how good it is."""

    product: Product
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """``note`` says what the shopper should know of all of them, such as that little is known."""

    items: tuple[Suggestion, ...]
    note: str | None = None


def allowed(asked: Asked, product: Product) -> bool:
    """Nothing only for adults or animals, unless such a thing was asked about."""
    if not product.in_stock or product.id in asked.taken:
        return False
    known = [*asked.cart, *([asked.product] if asked.product else [])]
    if product.age_limit and not any(one.age_limit for one in known):
        return False
    if _for_animals(product) and not any(map(_for_animals, known)):
        return product.id in asked.bought
    return asked.wishes.allows(product)


def _for_animals(product: Product) -> bool:
    return category_side(product.category) == "animal_food"
