"""Carries out the shopper's answer to a confirmation; nothing else consumes one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from knowledge.budgets.models import BudgetConsentRequired
from knowledge.carts.edits import Add, load_edits
from knowledge.carts.models import Actor
from knowledge.carts.planning import products_needed
from knowledge.carts.quantities import plain
from knowledge.errors import Conflict, Contended, SmartCartError
from knowledge.events.events import EventName, record_event
from knowledge.fulfilment.checkout import Choice, go_on
from knowledge.fulfilment.checkouts import Draft
from knowledge.fulfilment.models import Contact
from knowledge.fulfilment.slots import SlotGone
from knowledge.orders.cancelling import cancel_as_asked
from knowledge.orders.cart_changes import (
    change_since,
    done_text,
    shown_change,
    still_possible,
)
from knowledge.orders.confirmations import (
    Answered,
    Confirmation,
    ConfirmationAction,
    ConfirmationStatus,
    hash_shown,
)
from knowledge.orders.offers import list_lines
from knowledge.orders.orders import OfferChanged
from knowledge.orders.placed_text import placed_text
from knowledge.orders.questions import (
    ask_over_budget,
    ask_to_change,
    ask_to_empty,
    ask_to_order,
    shown_over_budget,
    shown_to_empty,
)
from knowledge.orders.returning import return_as_asked
from knowledge.orders.what_changed import what_changed
from knowledge.privacy.forgetting import forget_as_asked
from knowledge.work import Work

_LONGEST_LIST = 700
DecisionOutcome = Literal["done", "declined", "expired", "changed", "already"]

_DECLINED: dict[ConfirmationAction, str] = {
    "place_order": "Nothing was ordered. The cart stays as it is.",
    "empty_cart": "The cart stays as it is.",
    "over_budget": "The cart stays as it is, within your budget.",
    "change_cart": "The cart stays as it is.",
    "cancel_order": "The order stays as it is.",
    "return_order": "Nothing is returned.",
    "forget_me": "Nothing is deleted.",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of an answer. ``confirmation`` is the new question, when one had to be asked."""

    outcome: DecisionOutcome
    text: str
    order_id: str | None = None
    confirmation: Confirmation | None = None
    choices: tuple[Choice, ...] = ()
    """What can be said instead, as when a slot was taken meanwhile."""


class _Changed(Conflict):
    def __init__(self) -> None:
        super().__init__("The cart has changed in between, so that was not done.")


def carry_out(
    work: Work,
    confirmation: Confirmation,
    answer: Answered,
    channel: str,
    *,
    shopper_id: str | None = None,
) -> Decision:
    """Consume a confirmation once and act on the answer; a repeat gets the first result.

    A door that takes the id from outside passes the ``shopper_id`` it authenticated: somebody
    else's question is ``NotFound``. Raises ``Contended`` when a rival change came first; done
    again in a new unit of work it finds what changed and asks anew.
    """
    asked = work.confirmations.get(confirmation.id, shopper_id=shopper_id)
    work.carts.lock(asked.cart_id)
    if not work.confirmations.decide(asked.id, asked.shopper_id, answer):
        return _answered_before(work, asked.id)
    actor = Actor(asked.shopper_id, channel)
    status: ConfirmationStatus | None = None
    if answer == "no":
        decision = Decision("declined", _DECLINED[asked.action])
    else:
        try:
            with work.session.begin_nested():
                decision = _ACTIONS[asked.action](work, asked, actor)
        except Contended:
            raise
        except SmartCartError as error:
            decision = _ask_anew(work, asked, actor, error)
            status = "void"
    work.confirmations.close(asked.id, status=status, result=_to_result(decision))
    record_event(
        work.session,
        work.clock,
        EventName.CONFIRMATION_DECIDED,
        shopper_id=asked.shopper_id,
        channel=channel,
        confirmation_id=asked.id,
        action=asked.action,
        outcome=decision.outcome,
    )
    return decision


def _answered_before(work: Work, confirmation_id: str) -> Decision:
    asked = work.confirmations.get(confirmation_id)
    if asked.status == "pending":  # its time is over, or ``decide`` would have taken it
        decision = Decision("expired", "That question has expired. Please ask for it again.")
        work.confirmations.close(asked.id, status="expired", result=_to_result(decision))
        return decision
    if asked.status == "expired":
        return Decision("expired", "That question has expired. Please ask for it again.")
    if asked.status == "superseded":
        newer = work.confirmations.pending(asked.conversation_id) if asked.conversation_id else None
        return Decision("expired", "A newer question has taken the place of that one.", None, newer)
    stored = asked.result or {}
    again = stored.get("confirmation_id")
    newer = work.confirmations.get(again) if again else None
    waiting = newer is not None and newer.status == "pending"
    return Decision(
        "changed" if asked.status == "void" else "already",
        stored.get("text", ""),
        stored.get("order_id"),
        newer if waiting else None,
        tuple(Choice(label, value) for label, value in stored.get("choices", ())),
    )


def _to_result(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "text": decision.text,
        "order_id": decision.order_id,
        "confirmation_id": decision.confirmation.id if decision.confirmation else None,
        "choices": [[one.label, one.value] for one in decision.choices],
    }


def _place_order(work: Work, asked: Confirmation, actor: Actor) -> Decision:
    order = work.orders.place(asked, actor=actor)
    return Decision("done", placed_text(order), order.id)


def _empty_cart(work: Work, asked: Confirmation, actor: Actor) -> Decision:
    _check_version(work, asked)
    quote = work.pricing.quote(work.carts.get(asked.cart_id))
    if hash_shown(shown_to_empty(quote)) != asked.shown_hash:
        raise _Changed
    work.carts.empty(asked.cart_id, actor=actor)
    return Decision("done", "The cart is empty now. Undo brings everything back.")


def _go_over_budget(work: Work, asked: Confirmation, actor: Actor) -> Decision:
    _check_version(work, asked)
    edits = load_edits(asked.payload["edits"])
    try:
        change = work.carts.apply(asked.cart_id, edits, actor=actor)
    except BudgetConsentRequired as required:
        if hash_shown(shown_over_budget(required)) != asked.shown_hash:
            raise
        change = work.carts.apply(asked.cart_id, edits, actor=actor, consent=asked.id)
    touched = {one.line for one in change.changes}
    lines = tuple(line for line in change.quote.lines if line.line.id in touched)
    what = f": {list_lines(lines, 200)}" if lines else ""
    return Decision(
        "done",
        f"Done{what}. The cart has {plain(change.quote.pieces)} items for "
        f"{change.quote.total.display()}.",
    )


def _change_cart(work: Work, asked: Confirmation, actor: Actor) -> Decision:
    _check_version(work, asked)
    edits = load_edits(asked.payload["edits"])
    preview = work.carts.preview(asked.cart_id, edits, actor=actor)
    if hash_shown(shown_change(preview)) != asked.shown_hash:
        raise _Changed
    change = work.carts.apply(asked.cart_id, edits, actor=actor, consent=asked.id)
    return Decision(
        "done",
        f"{done_text(change, _LONGEST_LIST)} The cart has {plain(change.quote.pieces)} items for "
        f"{change.quote.total.display()}.",
    )


def _cancel_order(work: Work, asked: Confirmation, actor: Actor) -> Decision:
    done = cancel_as_asked(work, asked, actor)
    return Decision("done", done.text, done.order_id, done.confirmation)


def _return_order(work: Work, asked: Confirmation, actor: Actor) -> Decision:
    text, order_id = return_as_asked(work, asked, actor)
    return Decision("done", text, order_id)


def _forget(work: Work, asked: Confirmation, actor: Actor) -> Decision:
    return Decision("done", forget_as_asked(work, asked, actor))


def _check_version(work: Work, asked: Confirmation) -> None:
    if work.carts.get(asked.cart_id).version != asked.cart_version:
        raise _Changed


_ACTIONS: dict[ConfirmationAction, Callable[[Work, Confirmation, Actor], Decision]] = {
    "place_order": _place_order,
    "empty_cart": _empty_cart,
    "over_budget": _go_over_budget,
    "change_cart": _change_cart,
    "cancel_order": _cancel_order,
    "return_order": _return_order,
    "forget_me": _forget,
}


def _ask_anew(work: Work, asked: Confirmation, actor: Actor, error: SmartCartError) -> Decision:
    """Put what there is now before the shopper, or say why there is nothing to ask."""
    if isinstance(error, SlotGone):
        return _ask_for_slot(work, asked, actor, error)
    try:
        again = _next_question(work, asked, actor, error)
    except SmartCartError as final:
        return Decision("changed", str(final))
    if again is None:
        return Decision("changed", str(error))
    return Decision("changed", again.text, None, again)


def _ask_for_slot(work: Work, asked: Confirmation, actor: Actor, gone: SlotGone) -> Decision:
    """The checkout goes on from what was asked, with the next slots in place of the lost one."""
    destination = asked.payload.get("destination") or {}
    draft = Draft(
        fulfilment=asked.payload["fulfilment"],
        address_id=destination.get("address_id"),
        contact=Contact.from_json(destination.get("contact")),
    )
    try:
        with work.session.begin_nested():
            work.checkouts.save(asked.cart_id, draft, shopper_id=actor.shopper_id)
            step = go_on(
                work, cart_id=asked.cart_id, shopper_id=actor.shopper_id, lost_slot=gone.label
            )
    except SmartCartError as final:
        return Decision("changed", str(final))
    question = step.question
    choices = question.choices if question else ()
    said = " ".join(part for part in (step.note, question.text if question else "") if part)
    listed = "; ".join(f"{one.value}: {one.label}" for one in choices)
    text = f"Not ordered yet. {said} {listed}".strip()
    return Decision("changed", text, choices=choices)


def _next_question(
    work: Work, asked: Confirmation, actor: Actor, error: SmartCartError
) -> Confirmation | None:
    if isinstance(error, OfferChanged):
        fulfilment = asked.payload["fulfilment"]
        reference = asked.payload.get("destination")
        offer = work.orders.offer(
            asked.cart_id, fulfilment, shopper_id=actor.shopper_id, reference=reference
        )
        return ask_to_order(
            work,
            cart_id=asked.cart_id,
            actor=actor,
            conversation_id=asked.conversation_id,
            fulfilment=fulfilment,
            reference=reference,
            lead=what_changed(asked.payload["shown"], offer.shown()),
        )
    if asked.action == "empty_cart":
        return ask_to_empty(
            work,
            cart_id=asked.cart_id,
            actor=actor,
            conversation_id=asked.conversation_id,
            lead="The cart has changed.",
        )
    if asked.action == "change_cart":
        return _ask_to_change_anew(work, asked, actor)
    required = error
    if isinstance(error, _Changed):
        try:
            edits = load_edits(asked.payload["edits"])
            work.carts.check(asked.cart_id, edits, actor=actor)
        except BudgetConsentRequired as found:
            required = found
    if isinstance(required, BudgetConsentRequired):
        return ask_over_budget(
            work,
            required,
            cart_id=asked.cart_id,
            actor=actor,
            conversation_id=asked.conversation_id,
            lead="The cart or a price has changed.",
        )
    return None


def _ask_to_change_anew(work: Work, asked: Confirmation, actor: Actor) -> Confirmation:
    edits = load_edits(asked.payload["edits"])
    cart = work.carts.get(asked.cart_id)
    if cart.version != asked.cart_version and not all(isinstance(edit, Add) for edit in edits):
        # What was to be swapped, cut or dropped was worked out for the cart as it was.
        raise Conflict("The cart has changed since, so nothing was done. Please ask for it again.")
    products = work.catalog.get_many(sorted(products_needed(cart, edits)), include_delisted=True)
    held = {line.product_id: line.quantity for line in cart.lines}
    held |= {line.id: line.quantity for line in cart.lines}
    edits, lost = still_possible(edits, products, held)
    if not edits:
        raise Conflict(f"Nothing of that can be done any more: {'; '.join(lost)}.")
    now = work.carts.preview(asked.cart_id, edits, actor=actor)
    return ask_to_change(
        work,
        edits,
        cart_id=asked.cart_id,
        actor=actor,
        conversation_id=asked.conversation_id,
        summary=asked.payload["summary"],
        lead=change_since(asked.payload["shown"], shown_change(now), lost),
    )
