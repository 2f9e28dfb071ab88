"""Takes back a shopper's last change: of cart, budget, preferences, household or lists."""

from dataclasses import dataclass

from knowledge.carts.carts import CartChange
from knowledge.carts.journal import JournalKind
from knowledge.carts.models import Actor
from knowledge.errors import Contended, NotFound
from knowledge.events.events import EventName, record_event
from knowledge.work import Work


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back; ``change`` when it concerned the cart."""

    kind: JournalKind
    summary: str
    change: CartChange | None = None


def undo_last(work: Work, cart_id: str, *, actor: Actor, consent: str | None = None) -> Undone:
    """Take back the newest change that still stands; once more goes further back.

    Putting lines back can exceed a budget as adding them can, and raises the same. Raises
    ``NotFound`` when there is nothing left to take back.
    """
    entry = work.journal.last(actor.shopper_id, cart_id)
    if entry is None:
        raise NotFound("There is nothing to undo.")
    if entry.kind == "cart":
        change = work.carts.undo(cart_id, entry, actor=actor, consent=consent)
        return Undone("cart", entry.summary, change)
    if not work.journal.take_back(entry.id):
        raise Contended("That was undone already.")
    if entry.kind == "budget":
        work.budgets.restore(actor.shopper_id, entry.before)
    elif entry.kind == "household":
        work.household.restore(actor.shopper_id, entry.before)
    elif entry.kind == "list":
        work.lists.restore(actor.shopper_id, entry.before)
    else:
        work.preferences.restore(actor.shopper_id, entry.before)
    record_event(
        work.session,
        work.clock,
        EventName.CHANGE_UNDONE,
        shopper_id=actor.shopper_id,
        channel=actor.channel,
        kind=entry.kind,
    )
    return Undone(entry.kind, entry.summary)
