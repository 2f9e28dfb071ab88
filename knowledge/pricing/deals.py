"""What promotions mean for one product, in words and in money (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.carts.quantities import plain
from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.pricing.promotions import (
    PercentOff,
    Promotion,
    Rule,
    SeveralForPrice,
    best_adjustment,
    concerns,
)


@dataclass(frozen=True, slots=True)
class Deal:
    """``saved`` is what ``pieces`` of it cost less (one kg or l of goods by weight or volume).

    ``price`` of one piece is None unless one is enough and nothing else has to be bought.
    """

    promotion: Promotion
    text: str
    saved: Money
    pieces: int
    share: Decimal
    price: Money | None = None


def best_deal(product: Product, promotions: Iterable[Promotion]) -> Deal | None:
    """The one that saves the largest share and can be had of this product now."""
    found = [deal for one in promotions if (deal := _deal(product, one)) is not None]
    return min(found, key=lambda deal: (-deal.share, deal.promotion.id), default=None)


def rule_text(rule: Rule, currency: str) -> str:
    """Write "2 for $5.00", "15% off" or "10% off from $30.00 of items"."""
    if isinstance(rule, PercentOff):
        said = f"{plain(rule.percent)}% off"
    else:
        said = f"{rule.count} for {Money(rule.price, currency).display()}"
    if rule.minimum is None:
        return said
    return f"{said} from {Money(rule.minimum, currency).display()} of items"


def one_more(
    product: Product, quantity: Decimal, items: Money, promotions: Sequence[Promotion]
) -> Deal | None:
    """The deal that one more piece would complete for the first time, if it can be had.

    ``items`` is what the whole cart costs before discounts.
    """
    deal = best_deal(product, promotions)
    if deal is None or deal.pieces == 1 or quantity + 1 != deal.pieces:
        return None
    regular = product.price * deal.pieces
    best = best_adjustment(
        product, quantity + 1, regular, items=items + product.price, among=promotions
    )
    return deal if best is not None and best.promotion_id == deal.promotion.id else None


def _deal(product: Product, promotion: Promotion) -> Deal | None:
    rule, price = promotion.rule, product.price
    if not concerns(rule, product):
        return None
    pieces = rule.count if isinstance(rule, SeveralForPrice) else 1
    if isinstance(rule, SeveralForPrice):
        if not _enough(product, rule.count):
            return None
        saved = price * pieces - Money(rule.price, price.currency)
    else:
        saved = (price * (rule.percent / 100)).rounded()
    if saved.amount <= 0:
        return None
    single = pieces == 1 and rule.minimum is None and product.sell_by == "each"
    return Deal(
        promotion,
        rule_text(rule, price.currency),
        saved,
        pieces,
        saved.amount / (price.amount * pieces),
        price - saved if single else None,
    )


def _enough(product: Product, count: int) -> bool:
    limits = (product.stock, product.max_quantity)
    return product.sell_by == "each" and all(one is None or one >= count for one in limits)
