"""Coupons: what a typed code stands for, whether it may be used, and by which orders it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.orm import Session

from knowledge.db.rows.learning import EventRow
from knowledge.db.rows.orders import CouponUseRow
from knowledge.db.rows.shop import PromotionRow
from knowledge.errors import Conflict, Limited, NotFound, SmartCartError
from knowledge.events.events import EventName, record_event
from knowledge.fulfilment.when import day_label
from knowledge.money import Money
from knowledge.ports import Clock
from knowledge.pricing.models import Quote
from knowledge.pricing.pricing import read_rule
from knowledge.pricing.promotions import Rule
from knowledge.profile import ShopProfile

MOST_TRIES = 10
WITHIN = timedelta(minutes=10)
_LONGEST = 32


class CouponUnknown(NotFound):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is no coupon {code}.")


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon in force. ``code`` is as the owner wrote it."""

    code: str
    promotion_id: str
    title: str
    rule: Rule


def bare_code(code: str) -> str:
    """Codes are alike whatever their case and spaces."""
    return "".join(code.split()).upper()


class Coupons:
    """Looks coupons up and keeps count. Guessing is slowed down per shopper."""

    def __init__(self, session: Session, clock: Clock, profile: ShopProfile) -> None:
        self._session = session
        self._clock = clock
        self._profile = profile

    def find(self, code: str, *, shopper_id: str) -> Coupon:
        """Raises ``CouponUnknown``, or ``Conflict`` that says why it cannot be used now."""
        row = self._row(code)
        rule = read_rule(row.id, row.kind, row.rule) if row is not None and row.active else None
        if row is None or rule is None:
            raise CouponUnknown(bare_code(code)[:_LONGEST])
        now = self._clock.now()
        if row.starts_at is not None and row.starts_at > now:
            raise Conflict(f"The coupon {row.coupon} can be used from {self._day(row.starts_at)}.")
        if row.ends_at is not None and row.ends_at <= now:
            raise Conflict(f"The coupon {row.coupon} has ended on {self._day(row.ends_at)}.")
        if rule.once and self._used_by(row.id, shopper_id):
            raise Conflict(f"You have used the coupon {row.coupon} already; it is good for once.")
        if rule.max_uses is not None and self._uses(row.id) >= rule.max_uses:
            raise Conflict(f"The coupon {row.coupon} has been used up.")
        return Coupon(row.coupon, row.id, row.title, rule)

    def usable(self, codes: Sequence[str], *, shopper_id: str) -> tuple[str, ...]:
        """Those of a cart's coupons that this shopper may use in an order now."""
        kept = []
        for code in codes:
            try:
                kept.append(self.find(code, shopper_id=shopper_id).code)
            except SmartCartError:
                continue
        return tuple(kept)

    def told(self, *, shopper_id: str) -> tuple[Coupon, ...]:
        """Those that the owner makes public and that this shopper may use now."""
        rows = self._session.execute(
            select(PromotionRow.__table__)
            .where(PromotionRow.active, PromotionRow.coupon.is_not(None))
            .order_by(PromotionRow.id)
        ).all()
        public = [
            row.coupon
            for row in rows
            if (rule := read_rule(row.id, row.kind, row.rule)) is not None and rule.public
        ]
        codes = self.usable(public, shopper_id=shopper_id)
        return tuple(self.find(code, shopper_id=shopper_id) for code in codes)

    def lock(self, codes: Sequence[str]) -> None:
        """Make rivals for the last use wait for this transaction."""
        if codes:
            self._session.execute(
                select(PromotionRow.id)
                .where(PromotionRow.coupon.in_(codes))
                .order_by(PromotionRow.id)
                .with_for_update(key_share=True)
            )

    def record_uses(self, quote: Quote, *, order_id: str, shopper_id: str) -> None:
        """Write down the coupons that took something off."""
        helped = {one.promotion_id for line in quote.lines for one in line.adjustments}
        with_code = self._session.scalars(
            select(PromotionRow.id)
            .where(PromotionRow.id.in_(helped), PromotionRow.coupon.is_not(None))
            .order_by(PromotionRow.id)
        ).all()
        now = self._clock.now()
        for promotion_id in with_code:
            self._session.execute(
                insert(CouponUseRow).values(
                    promotion_id=promotion_id, order_id=order_id, shopper_id=shopper_id, at=now
                )
            )

    def used_by_order(self, order_id: str) -> str | None:
        """The code that took something off an order."""
        return self._session.scalar(
            select(PromotionRow.coupon)
            .join(CouponUseRow, CouponUseRow.promotion_id == PromotionRow.id)
            .where(CouponUseRow.order_id == order_id)
            .order_by(PromotionRow.id)
            .limit(1)
        )

    def release(self, order_id: str) -> None:
        """Give the uses of an order back, as when it is cancelled."""
        self._session.execute(delete(CouponUseRow).where(CouponUseRow.order_id == order_id))

    def check_tries(self, shopper_id: str) -> None:
        """Raise ``Limited`` after too many codes that were none."""
        since = self._clock.now() - WITHIN
        tries = self._session.scalar(
            select(func.count())
            .select_from(EventRow)
            .where(
                EventRow.name == EventName.COUPON_REFUSED.value,
                EventRow.shopper_id == shopper_id,
                EventRow.at > since,
            )
        )
        if (tries or 0) >= MOST_TRIES:
            raise Limited("Too many codes that do not work were tried. Please wait ten minutes.")

    def note_refusal(self, shopper_id: str, channel: str) -> None:
        record_event(
            self._session,
            self._clock,
            EventName.COUPON_REFUSED,
            shopper_id=shopper_id,
            channel=channel,
        )

    def _row(self, code: str) -> Row[Any] | None:
        wanted = bare_code(code)
        if not wanted or len(wanted) > _LONGEST:
            return None
        return self._session.execute(
            select(PromotionRow.__table__)
            .where(func.upper(func.replace(PromotionRow.coupon, " ", "")) == wanted)
            .order_by(PromotionRow.id)
            .limit(1)
        ).one_or_none()

    def _used_by(self, promotion_id: str, shopper_id: str) -> bool:
        used = select(CouponUseRow.order_id).where(
            CouponUseRow.promotion_id == promotion_id, CouponUseRow.shopper_id == shopper_id
        )
        return self._session.scalar(used.limit(1)) is not None

    def _uses(self, promotion_id: str) -> int:
        uses = select(func.count()).where(CouponUseRow.promotion_id == promotion_id)
        return self._session.scalar(uses) or 0

    def _day(self, moment: datetime) -> str:
        return day_label(moment, self._profile)


def effect_text(coupon: Coupon, quote: Quote) -> str:
    """What an entered coupon does to this cart, or what it still wants."""
    saved = -_saved(coupon.promotion_id, quote)
    if saved.amount:
        return f"Coupon {coupon.code} is entered: {coupon.title}, {saved.display()} off."
    minimum = coupon.rule.minimum
    if minimum is not None and quote.items.amount < minimum:
        least = Money(minimum, quote.currency)
        return (
            f"Coupon {coupon.code} is entered: {coupon.title}. It counts from {least.display()} "
            f"of items on; {(least - quote.items).display()} more is needed."
        )
    return (
        f"Coupon {coupon.code} is entered: {coupon.title}. "
        "It takes nothing off what is in the cart now."
    )


def _saved(promotion_id: str, quote: Quote) -> Money:
    amounts: Iterable[Money] = (
        one.amount
        for line in quote.lines
        for one in line.adjustments
        if one.promotion_id == promotion_id
    )
    return Money.total(amounts, quote.currency)


def is_same(code: str, other: str) -> bool:
    return bare_code(code) == bare_code(other)
