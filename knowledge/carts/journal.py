"""What undo can take back: the state before each change a shopper made."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from knowledge.db.rows.carts import JournalRow
from knowledge.ports import Clock

JournalKind = Literal["cart", "budget", "preferences", "household", "list"]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One thing undo can take back."""

    id: int
    kind: JournalKind
    summary: str
    before: dict[str, Any]
    cart_id: str | None = None


class Journal:
    """The changes of shoppers, newest first.

    A journal lives as long as its unit of work, which is one tool call: all changes of one kind
    made in it are one entry, and are taken back together.
    """

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._open: dict[tuple[str, JournalKind, str | None], JournalEntry] = {}

    def note(
        self,
        kind: JournalKind,
        shopper_id: str,
        *,
        summary: str,
        before: dict[str, Any],
        cart_id: str | None = None,
    ) -> None:
        """Keep what was before. What this call noted earlier is older and stays as it is."""
        key = (shopper_id, kind, cart_id)
        entry = self._open.get(key)
        if entry is None:
            self._open[key] = self._insert(kind, shopper_id, summary, before, cart_id)
            return
        merged = {
            part: {**value, **entry.before.get(part, {})} if isinstance(value, dict) else value
            for part, value in before.items()
        }
        merged |= {
            part: value for part, value in entry.before.items() if not isinstance(value, dict)
        }
        words = f"{entry.summary}, {summary}"
        self._session.execute(
            update(JournalRow)
            .where(JournalRow.id == entry.id)
            .values(before=merged, summary=words)
            .execution_options(synchronize_session=False)
        )
        self._open[key] = JournalEntry(entry.id, kind, words, merged, cart_id)

    def _insert(
        self,
        kind: JournalKind,
        shopper_id: str,
        summary: str,
        before: dict[str, Any],
        cart_id: str | None,
    ) -> JournalEntry:
        number = self._session.scalar(
            insert(JournalRow)
            .values(
                shopper_id=shopper_id,
                kind=kind,
                cart_id=cart_id,
                summary=summary,
                before=before,
                at=self._clock.now(),
                undone_at=None,
            )
            .returning(JournalRow.id)
        )
        assert number is not None
        return JournalEntry(number, kind, summary, before, cart_id)

    def last(self, shopper_id: str, cart_id: str) -> JournalEntry | None:
        """The newest change that still stands; of carts only this one counts."""
        row = self._session.execute(
            select(JournalRow.id, JournalRow.kind, JournalRow.summary, JournalRow.before)
            .where(
                JournalRow.shopper_id == shopper_id,
                JournalRow.undone_at.is_(None),
                or_(JournalRow.cart_id.is_(None), JournalRow.cart_id == cart_id),
            )
            .order_by(JournalRow.id.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        of_cart = cart_id if row.kind == "cart" else None
        return JournalEntry(row.id, row.kind, row.summary, row.before, of_cart)

    def take_back(self, entry_id: int) -> bool:
        """Mark one entry undone; False when somebody else has done so already."""
        taken = self._session.scalar(
            update(JournalRow)
            .where(JournalRow.id == entry_id, JournalRow.undone_at.is_(None))
            .values(undone_at=self._clock.now())
            .returning(JournalRow.id)
            .execution_options(synchronize_session=False)
        )
        return taken is not None

    def settle(self, shopper_id: str, cart_id: str) -> None:
        """After an order nothing before it can be undone: the goods are the shopper's now."""
        self._session.execute(
            update(JournalRow)
            .where(
                or_(JournalRow.shopper_id == shopper_id, JournalRow.cart_id == cart_id),
                JournalRow.undone_at.is_(None),
            )
            .values(undone_at=self._clock.now())
            .execution_options(synchronize_session=False)
        )
