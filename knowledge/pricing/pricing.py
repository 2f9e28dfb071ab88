"""Prices a cart: the only place where what is to be paid is worked out."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from knowledge.carts.models import Cart
from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.orders import CouponUseRow
from knowledge.db.rows.shop import PromotionRow
from knowledge.errors import Conflict, ProductNotFound
from knowledge.money import Money
from knowledge.ports import Clock
from knowledge.pricing.models import Charges, Fulfilment, Quote, QuoteLine, Total
from knowledge.pricing.promotions import Promotion, Rule, best_adjustment
from knowledge.pricing.taxes import tax_total
from knowledge.profile import DeliveryTerms, ShopProfile, TaxTerms

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
        charges: Charges | None = None,
    ) -> Quote:
        """Price every line, also of products that are no longer sold or in stock.

        ``products`` saves reading them again when this transaction just did. ``charges`` are
        those of a zone and slot; else a delivery costs what it does anywhere.
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
            charges=charges or Charges(fulfilment, self._common_terms(fulfilment)),
            tax=self._profile.tax,
        )

    def _common_terms(self, fulfilment: Fulfilment) -> DeliveryTerms | None:
        return self._profile.delivery if fulfilment == "delivery" else None

    def check_fulfilment(self, quote: Quote) -> None:
        """Raise ``Conflict`` when the shop does not deliver, or not for so little."""
        if quote.fulfilment == "pickup":
            return
        terms = quote.charges.terms
        if terms is None:
            raise Conflict("This shop does not deliver; orders are picked up.")
        minimum = Money(terms.minimum, quote.currency)
        if quote.items + quote.amount("discount") < minimum:
            raise Conflict(
                f"Delivery starts at {minimum.display()}; the items come to "
                f"{(quote.items + quote.amount('discount')).display()}. Pickup has no minimum."
            )

    def promotions(self, cart: Cart) -> tuple[Promotion, ...]:
        """Those that could take something off this cart, also where a minimum is not reached."""
        return tuple(self._promotions(cart.coupons))

    def offers(self) -> tuple[Promotion, ...]:
        """Those that hold for everybody, without a code."""
        return tuple(self._promotions(()))

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
            rule = read_rule(row.id, row.kind, row.rule)
            if rule is not None and not self._used_up(row.id, row.coupon, rule):
                found.append(Promotion(row.id, row.title, rule, row.coupon, row.ends_at))
        return found

    def _used_up(self, promotion_id: str, coupon: str | None, rule: Rule) -> bool:
        if coupon is None or rule.max_uses is None:
            return False
        uses = select(func.count()).where(CouponUseRow.promotion_id == promotion_id)
        return (self._session.scalar(uses) or 0) >= rule.max_uses


def read_rule(promotion_id: str, kind: str, rule: Mapping[str, Any]) -> Rule | None:
    """One bad row must not close the shop: it is None, and its owner sees it in the log."""
    try:
        return _RULES.validate_python({"kind": kind, **rule})
    except ValidationError:
        logger.warning("promotion %s has a rule that cannot be read", promotion_id)
        return None


def price_lines(
    lines: Sequence[QuoteLine],
    promotions: Sequence[Promotion],
    *,
    currency: str,
    charges: Charges | None = None,
    tax: TaxTerms | None = None,
) -> Quote:
    """Adjustments and totals for lines that carry their price (pure). Order does not matter."""
    charges = charges or Charges()
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
    fees = _fees(charges, items - discount) if lines else []
    totals += fees
    taxed = None
    if tax is not None:
        taxed = tax_total(adjusted, (fee.amount for fee in fees), tax, currency)
    if taxed is not None and taxed.kind == "tax":
        totals.append(taxed)
    due = Money.total((total.amount for total in totals), currency)
    totals.append(Total("total", "Total", due))
    if taxed is not None and taxed.kind == "included_tax":
        totals.append(taxed)
    return Quote(tuple(adjusted), tuple(totals), currency, charges.fulfilment, charges)


def _fees(charges: Charges, goods: Money) -> list[Total]:
    """Delivery on its terms, and what the slot costs on top."""
    fees = []
    terms = charges.terms
    if charges.fulfilment == "delivery" and terms is not None:
        free = terms.free_from is not None and goods.amount >= terms.free_from
        fee = Money.zero(goods.currency) if free else Money(terms.fee, goods.currency)
        fees.append(Total("delivery", "Delivery", fee.rounded()))
    if charges.slot_fee is not None and charges.slot_fee.amount:
        fees.append(Total("fee", "Time slot", charges.slot_fee.rounded()))
    return fees
