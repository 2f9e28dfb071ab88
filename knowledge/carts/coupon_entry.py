"""Enters coupons into a cart and takes them out again."""

from dataclasses import dataclass

from knowledge.carts.carts import CartChange
from knowledge.carts.models import Actor
from knowledge.errors import NotFound, SmartCartError
from knowledge.events.events import EventName, record_event
from knowledge.pricing.coupons import effect_text, is_same
from knowledge.work import Work


@dataclass(frozen=True, slots=True)
class CouponEntry:
    """What came of a code. A refusal is told and not raised, so that its try is counted."""

    text: str
    change: CartChange | None = None
    refused: SmartCartError | None = None


def enter_coupon(work: Work, cart_id: str, code: str, *, actor: Actor) -> CouponEntry:
    """Enter a coupon; one can be used per order, so it takes the place of another.

    Raises ``Limited`` after too many that were none.
    """
    work.carts.lock(cart_id)
    work.coupons.check_tries(actor.shopper_id)
    try:
        coupon = work.coupons.find(code, shopper_id=actor.shopper_id)
    except SmartCartError as refused:
        work.coupons.note_refusal(actor.shopper_id, actor.channel)
        return CouponEntry(str(refused), None, refused)
    before = work.carts.get(cart_id).coupons
    change = work.carts.set_coupons(
        cart_id, (coupon.code,), actor=actor, summary=f"entered the coupon {coupon.code}"
    )
    if before != (coupon.code,):
        record_event(
            work.session,
            work.clock,
            EventName.COUPON_ENTERED,
            shopper_id=actor.shopper_id,
            channel=actor.channel,
            promotion_id=coupon.promotion_id,
        )
    text = effect_text(coupon, change.quote)
    other = next((one for one in before if one != coupon.code), None)
    instead = f" It takes the place of {other}: one coupon can be used per order." if other else ""
    return CouponEntry(f"{text}{instead}", change)


def take_out_coupon(work: Work, cart_id: str, code: str, *, actor: Actor) -> CouponEntry:
    """An empty code means whichever it has. Raises ``NotFound`` when it has no such coupon."""
    work.carts.lock(cart_id)
    entered = work.carts.get(cart_id).coupons
    gone = [one for one in entered if not code.strip() or is_same(one, code)]
    if not gone:
        raise NotFound("No such coupon is entered." if entered else "No coupon is entered.")
    kept = tuple(one for one in entered if one not in gone)
    change = work.carts.set_coupons(
        cart_id, kept, actor=actor, summary=f"took out the coupon {', '.join(gone)}"
    )
    return CouponEntry(f"Coupon {', '.join(gone)} is taken out.", change)
