"""What promotions take off a line (pure): a percentage, or n pieces for one price.

Promotions do not add up: each line gets the one that saves most.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.pricing.models import Adjustment


class _Rule(BaseModel):
    """Whom a rule concerns; whatever is left out does not narrow it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    products: list[str] | None = None
    category: str | None = None
    brand: str | None = None
    minimum: Decimal | None = None
    """Of all items, before discounts."""
    once: bool = False
    """A coupon that each shopper can use for one order only."""
    max_uses: Annotated[int, Field(ge=1)] | None = None
    """How many orders a coupon can be used for, by whomever."""
    public: bool = False
    """A coupon that is told to whoever asks for offers."""


class PercentOff(_Rule):
    kind: Literal["percent_off"]
    percent: Annotated[Decimal, Field(gt=0, le=100)]


class SeveralForPrice(_Rule):
    kind: Literal["n_for_price"]
    count: Annotated[int, Field(ge=2, le=99)]
    price: Annotated[Decimal, Field(ge=0)]


Rule = Annotated[PercentOff | SeveralForPrice, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Promotion:
    """A rule in force. ``coupon`` None applies without being entered."""

    id: str
    title: str
    rule: PercentOff | SeveralForPrice
    coupon: str | None = None
    ends_at: datetime | None = None


def best_adjustment(
    product: Product, quantity: Decimal, total: Money, *, items: Money, among: Iterable[Promotion]
) -> Adjustment | None:
    """The promotion that saves most on a line; of equal ones the first by id."""
    savings = [
        (saved, promotion)
        for promotion in among
        if (saved := _saving(promotion.rule, product, quantity, total, items)).amount > 0
    ]
    if not savings:
        return None
    saved, promotion = min(savings, key=lambda one: (-one[0].amount, one[1].id))
    return Adjustment(promotion.id, promotion.title, -saved)


def _saving(
    rule: PercentOff | SeveralForPrice,
    product: Product,
    quantity: Decimal,
    total: Money,
    items: Money,
) -> Money:
    nothing = Money.zero(total.currency)
    if not concerns(rule, product) or (rule.minimum is not None and items.amount < rule.minimum):
        return nothing
    if isinstance(rule, PercentOff):
        return (total * (rule.percent / 100)).rounded()
    if product.sell_by != "each":
        return nothing
    times = quantity // rule.count
    regular = (product.price * (times * rule.count)).rounded()
    saved = (regular - Money(rule.price * times, total.currency)).rounded()
    return max(saved, nothing)


def concerns(rule: _Rule, product: Product) -> bool:
    if rule.products is not None and product.id not in rule.products:
        return False
    if rule.brand is not None and (product.brand or "").lower() != rule.brand.lower():
        return False
    if rule.category is None:
        return True
    path = [part.strip().lower() for part in rule.category.split(">")]
    return [part.lower() for part in product.category[: len(path)]] == path
