"""Forgets what a shopper wants forgotten; what deletes for good is asked first."""

from collections.abc import Sequence
from typing import Any, Literal, cast, get_args

from sqlalchemy import Table, delete, select, update

from knowledge.carts.models import Actor
from knowledge.db.rows.carts import CheckoutRow, ConfirmationRow, JournalRow, SavedListRow
from knowledge.db.rows.orders import AddressRow, OrderRow
from knowledge.db.rows.talk import ConversationRow, HandoverRow
from knowledge.errors import NotFound
from knowledge.orders.confirmations import Confirmation
from knowledge.privacy.tables import erase
from knowledge.privacy.talks import delete_talks
from knowledge.work import Work

Kind = Literal["preferences", "household", "talks", "lists", "addresses", "everything"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ORDERS_STAY = "Orders stay, as the shop must keep its books."
_TALKS = cast("Table", ConversationRow.__table__)
_OF_ORDERS = ("place_order", "cancel_order", "return_order")
_ASKED: dict[Kind, str] = {
    "talks": "Delete all your conversations for good?",
    "lists": "Delete all your saved lists for good?",
    "addresses": "Delete all your saved addresses for good?",
    "everything": "Delete everything kept of you for good: preferences, household, lists, "
    "addresses, budgets and all conversations?",
}
_DONE: dict[Kind, str] = {
    "talks": "Your conversations are deleted.",
    "lists": "Your saved lists are deleted.",
    "addresses": "Your saved addresses are deleted.",
    "everything": "Everything that was kept of you is deleted, but for the cart as it stands.",
}


def forget_at_once(work: Work, kind: Kind, actor: Actor) -> None:
    """Preferences or household; undo brings them back. Raises ``NotFound`` when there is none."""
    if kind == "preferences":
        work.preferences.set(actor.shopper_id, forget=["everything"], channel=actor.channel)
        return
    members = work.household.members(actor.shopper_id)
    if not members:
        raise NotFound("Nobody of a household is remembered.")
    for one in members:
        work.household.remove(actor.shopper_id, one.name, channel=actor.channel)


def ask_to_forget(
    work: Work, kind: Kind, *, cart_id: str, actor: Actor, conversation_id: str | None
) -> Confirmation:
    """Put the question; nothing is deleted before the yes."""
    stay = f" {ORDERS_STAY}" if kind in ("talks", "everything") else ""
    return work.confirmations.open(
        "forget_me",
        cart_id=cart_id,
        cart_version=work.carts.get(cart_id).version,
        shopper_id=actor.shopper_id,
        conversation_id=conversation_id,
        payload={"what": kind},
        shown={"what": kind},
        text=f"{_ASKED[kind]}{stay} This cannot be undone. Say yes to delete, or no to keep it.",
        channel=actor.channel,
    )


def forget_as_asked(work: Work, asked: Confirmation, actor: Actor) -> str:
    """What the yes does, and what is said of it. Only ``decisions`` calls this."""
    kind: Kind = asked.payload["what"]
    shopper_id = actor.shopper_id
    if kind in ("talks", "everything"):
        _forget_talks(work, shopper_id)
    if kind in ("lists", "everything"):
        _clear(work, shopper_id, SavedListRow)
    if kind in ("addresses", "everything"):
        _forget_addresses(work, shopper_id)
    if kind == "everything":
        _forget_questions(work, asked)
        _clear_closed_handovers(work, shopper_id)
        # Consents as well: whoever tells something again is told again that it is remembered.
        # And what undo could bring back.
        erase(work.session, shopper_id)
    elif kind == "lists":
        _forget_changes_of_lists(work, shopper_id)
    work.audit.note("privacy.forget", shopper_id, actor=shopper_id, what=kind)
    stay = f" {ORDERS_STAY}" if kind in ("talks", "everything") else ""
    return _DONE[kind] + stay


def forget_talk(work: Work, conversation_id: str, *, shopper_id: str) -> None:
    """Delete one conversation. Raises ``NotFound``, also for somebody else's."""
    found = work.conversations.get(conversation_id, shopper_id=shopper_id)
    delete_talks(work.session, [found.id])
    work.audit.note("privacy.forget", found.id, actor=shopper_id, what="talk")


def _forget_talks(work: Work, shopper_id: str) -> None:
    mine = select(_TALKS.c.id).where(_TALKS.c.shopper_id == shopper_id)
    delete_talks(work.session, work.session.scalars(mine).all())


def _forget_addresses(work: Work, shopper_id: str) -> None:
    """Orders keep the copy they were placed with."""
    addresses = cast("Table", AddressRow.__table__)
    mine: Sequence[str] = work.session.scalars(
        select(addresses.c.id).where(addresses.c.shopper_id == shopper_id)
    ).all()
    for rows in (OrderRow, CheckoutRow):
        table = cast("Table", rows.__table__)
        work.session.execute(
            update(table).where(table.c.address_id.in_(mine)).values(address_id=None)
        )
    _clear(work, shopper_id, CheckoutRow, AddressRow)


def _forget_questions(work: Work, asked: Confirmation) -> None:
    """But for the one that is answered now, and those that tell what an order was agreed to."""
    questions = cast("Table", ConfirmationRow.__table__)
    orders = cast("Table", OrderRow.__table__)
    agreed = questions.c.action.in_(_OF_ORDERS) & (questions.c.status == "accepted")
    work.session.execute(
        delete(questions).where(
            questions.c.shopper_id == asked.shopper_id,
            questions.c.id != asked.id,
            ~agreed,
            questions.c.id.not_in(select(orders.c.confirmation_id)),
        )
    )


def _clear_closed_handovers(work: Work, shopper_id: str) -> None:
    """Those that are open are what somebody waits for."""
    handovers = cast("Table", HandoverRow.__table__)
    work.session.execute(
        delete(handovers).where(handovers.c.shopper_id == shopper_id, handovers.c.status != "open")
    )


def _forget_changes_of_lists(work: Work, shopper_id: str) -> None:
    """What was forgotten for good must not come back by undo."""
    journal = cast("Table", JournalRow.__table__)
    work.session.execute(
        delete(journal).where(journal.c.shopper_id == shopper_id, journal.c.kind == "list")
    )


def _clear(work: Work, shopper_id: str, *rows: Any) -> None:  # noqa: ANN401 - rows of any table
    for one in rows:
        table = cast("Table", one.__table__)
        work.session.execute(delete(table).where(table.c.shopper_id == shopper_id))
