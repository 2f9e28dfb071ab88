"""Prices a cart: the only place where what is to be paid is worked out."""

import logging
from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knowledge.carts.models import Cart
from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.shop import PromotionRow
from knowledge.errors import Conflict, ProductNotFound
from knowledge.money import Money
from knowledge.ports import Clock
from knowledge.pricing.models import Fulfilment, Quote, QuoteLine, Total
from knowledge.pricing.promotions import Promotion, Rule, best_adjustment
from knowledge.profile import DeliveryTerms, ShopProfile

_RULES: TypeAdapter[Rule] = TypeAdapter(Rule)
logger = logging.getLogger(__name__)


class Pricing:
    """Quotes at the prices of this moment."""

    def __init__(
        self, session: Session, catalog: CatalogRepository, profile: ShopProfile, clock: Clock
    ) -> None:
        self._session = session
        self._catalog = catalog
        self._profile = profile
        self._clock = clock
        self._in_force: dict[tuple[str, ...], list[Promotion]] = {}

    def quote(
        self,
        cart: Cart,
        fulfilment: Fulfilment = "pickup",
        *,
        products: Mapping[str, Product] | None = None,
    ) -> Quote:
        """Price every line, also of products that are no longer sold or in stock.

        ``products`` saves reading them again when this transaction just did.
        """
        if products is None:
            products = self._catalog.get_many(
                [line.product_id for line in cart.lines], include_delisted=True
            )
        lines = []
        for line in cart.lines:
            product = products.get(line.product_id)
            if product is None:
                raise ProductNotFound(line.product_id)
            lines.append(QuoteLine(line, product, (product.price * line.quantity).rounded()))
        promotions = self._promotions(cart.coupons) if lines else []
        return price_lines(
            lines,
            promotions,
            currency=self._profile.currency,
            fulfilment=fulfilment,
            terms=self._profile.delivery,
        )

    def check_fulfilment(self, quote: Quote) -> None:
        """Raise ``Conflict`` when the shop does not deliver, or not for so little."""
        if quote.fulfilment == "pickup":
            return
        terms = self._profile.delivery
        if terms is None:
            raise Conflict("This shop does not deliver; orders are picked up.")
        minimum = Money(terms.minimum, quote.currency)
        if quote.items + quote.amount("discount") < minimum:
            raise Conflict(
                f"Delivery starts at {minimum.display()}; the items come to "
                f"{(quote.items + quote.amount('discount')).display()}. Pickup has no minimum."
            )

    def _promotions(self, coupons: tuple[str, ...]) -> list[Promotion]:
        """Those in force, read once in a transaction."""
        if coupons not in self._in_force:
            self._in_force[coupons] = self._read_promotions(coupons)
        return self._in_force[coupons]

    def _read_promotions(self, coupons: tuple[str, ...]) -> list[Promotion]:
        now = self._clock.now()
        rows = self._session.execute(
            select(PromotionRow.__table__)
            .where(
                PromotionRow.active,
                or_(PromotionRow.starts_at.is_(None), PromotionRow.starts_at <= now),
                or_(PromotionRow.ends_at.is_(None), PromotionRow.ends_at > now),
                or_(PromotionRow.coupon.is_(None), PromotionRow.coupon.in_(coupons)),
            )
            .order_by(PromotionRow.id)
        )
        found = []
        for row in rows:
            try:
                rule = _RULES.validate_python({"kind": row.kind, **row.rule})
            except ValidationError:
                # One bad row must not close the shop; its owner sees it in the log.
                logger.warning("promotion %s has a rule that cannot be read", row.id)
                continue
            found.append(Promotion(row.id, row.title, rule, row.coupon))
        return found


def price_lines(
    lines: Sequence[QuoteLine],
    promotions: Sequence[Promotion],
    *,
    currency: str,
    fulfilment: Fulfilment = "pickup",
    terms: DeliveryTerms | None = None,
) -> Quote:
    """Adjustments and totals for lines that carry their price (pure). Order does not matter."""
    items = Money.total((line.total for line in lines), currency)
    adjusted = []
    for line in lines:
        best = best_adjustment(
            line.product, line.line.quantity, line.total, items=items, among=promotions
        )
        adjusted.append(QuoteLine(line.line, line.product, line.total, (best,) if best else ()))
    discount = Money.total((line.discount for line in adjusted), currency)
    totals = [Total("items", "Items", items)]
    if discount.amount:
        totals.append(Total("discount", "Discount", -discount))
    if fulfilment == "delivery" and terms is not None and lines:
        free = terms.free_from is not None and (items - discount).amount >= terms.free_from
        fee = Money.zero(currency) if free else Money(terms.fee, currency)
        totals.append(Total("delivery", "Delivery", fee.rounded()))
    due = Money.total((total.amount for total in totals), currency)
    return Quote(tuple(adjusted), (*totals, Total("total", "Total", due)), currency, fulfilment)
