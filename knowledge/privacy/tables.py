"""Each table that names a shopper: what they are given of it, and what is left when they leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import Table, delete, update
from sqlalchemy.orm import Session

from knowledge.db import rows
from knowledge.db.base import Row

Fate = Literal["deleted", "unnamed", "kept"]
assert rows.__all__  # all tables are known only when all rows are read


@dataclass(frozen=True, slots=True)
class Personal:
    """``section`` of the exported document, without the columns that are ``hidden``.

    ``fate`` is what "delete everything" makes of the rows; "unnamed" keeps them as nobody's.
    ``why`` tells what is not exported, or kept.
    """

    fate: Fate
    section: str | None = None
    why: str = ""
    hidden: tuple[str, ...] = ()
    elsewhere: bool = False
    """Deleted with what it belongs to, by ``forgetting``."""


_BOOKS = "the shop must keep its books"
_WORDS = "its words are in the conversations"
_SIGN_IN = "or they could not come in any more"
PERSONAL: Mapping[str, Personal] = {
    "addresses": Personal("deleted", "addresses", elsewhere=True),
    "assignments": Personal("deleted", "experiments"),
    "budget_entries": Personal("kept", "spent", _BOOKS),
    "budgets": Personal("deleted", "budgets"),
    "cart_events": Personal("kept", None, "the cart stays, and is told as it stands"),
    "cart_members": Personal("kept", None, "the cart stays, and is told as it stands"),
    "change_journal": Personal("deleted", None, "only undo reads it"),
    "channel_identities": Personal("kept", "channels", _SIGN_IN, ("peer_hash",)),
    "checkouts": Personal("deleted", "checkouts", hidden=("cart_id",), elsewhere=True),
    "confirmations": Personal(
        "deleted", "questions", "those of orders stay", ("payload", "shown_hash"), elsewhere=True
    ),
    "consents": Personal("deleted", "consents"),
    "conversations": Personal(
        "deleted", "talks", hidden=("shown", "next_seq", "summary_until"), elsewhere=True
    ),
    "coupon_uses": Personal("kept", "coupons", _BOOKS),
    "credentials": Personal("kept", None, "secrets: " + _SIGN_IN),
    "events": Personal("unnamed", "events"),
    "feedback": Personal("deleted", "feedback"),
    "handovers": Personal("deleted", "calls_for_a_person", "open ones wait for it", elsewhere=True),
    "household_members": Personal("deleted", "household"),
    "inbox": Personal("deleted", None, _WORDS, elsewhere=True),
    "link_codes": Personal("deleted", None, "hashes of codes that end within minutes"),
    "model_calls": Personal("unnamed", None, "what the shop paid to vendors; it holds no words"),
    "notifications": Personal("deleted", "notifications"),
    "orders": Personal("kept", None, _BOOKS + "; exported with their lines"),
    "preferences": Personal("deleted", "preferences"),
    "recommendations": Personal("deleted", "recommendations"),
    "returns": Personal("kept", "returns", _BOOKS),
    "saved_lists": Personal("deleted", "lists"),
    "sessions": Personal("kept", "sessions", _SIGN_IN, ("token_hash",)),
    "watches": Personal("deleted", "watches"),
}
"""By the name of the table; each has a column ``shopper_id``."""


def table_of(name: str) -> Table:
    return Row.metadata.tables[name]


def erase(session: Session, shopper_id: str) -> None:
    """Delete or unname all rows that do not go with something else."""
    for name, one in PERSONAL.items():
        if one.fate == "deleted" and not one.elsewhere:
            table = table_of(name)
            session.execute(delete(table).where(table.c.shopper_id == shopper_id))
    unname(session, [shopper_id])


def unname(session: Session, shopper_ids: list[str]) -> None:
    """What was counted stays counted; of whom it was is not known any more."""
    for name, one in PERSONAL.items():
        if one.fate == "unnamed":
            column = cast("Any", table_of(name).c.shopper_id)
            session.execute(
                update(table_of(name)).where(column.in_(shopper_ids)).values(shopper_id=None)
            )
