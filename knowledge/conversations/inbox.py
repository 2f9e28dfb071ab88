"""The inbox: every message kept before it is acknowledged, worked on by one attempt at a time."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from knowledge.conversations.models import InboxEntry, InboxStatus, Receipt
from knowledge.db.rows.carts import CartRow
from knowledge.db.rows.talk import InboxRow
from knowledge.errors import NotFound
from knowledge.ids import new_id
from knowledge.ports import Clock

_UNFINISHED = (InboxStatus.RECEIVED.value, InboxStatus.RUNNING.value)


class Inbox:
    """Messages by (channel, shopper, message id); one turn at a time per cart."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def receive(
        self,
        *,
        channel: str,
        shopper_id: str,
        message_id: str,
        conversation_id: str,
        cart_id: str,
        payload: dict[str, Any],
    ) -> Receipt:
        """Keep a message, or return the earlier one that had the same id."""
        row = InboxRow(
            id=new_id("in"),
            channel=channel,
            message_id=message_id,
            shopper_id=shopper_id,
            conversation_id=conversation_id,
            cart_id=cart_id,
            turn_id=new_id("t"),
            payload=payload,
            start=None,
            status=InboxStatus.RECEIVED.value,
            attempt=0,
            lease_until=None,
            received_at=self._clock.now(),
            finished_at=None,
            answer=None,
        )
        try:
            with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError:
            # It came before, or at the same moment and the other one was first.
            first = self.find(channel, shopper_id, message_id)
            if first is None:
                raise
            return Receipt(first, fresh=False)
        return Receipt(_to_entry(row), fresh=True)

    def find(self, channel: str, shopper_id: str, message_id: str) -> InboxEntry | None:
        row = self._session.scalar(
            select(InboxRow).where(
                InboxRow.channel == channel,
                InboxRow.shopper_id == shopper_id,
                InboxRow.message_id == message_id,
            )
        )
        return None if row is None else _to_entry(row)

    def get(self, entry_id: str) -> InboxEntry:
        row = self._session.get(InboxRow, entry_id, populate_existing=True)
        if row is None:
            raise NotFound(f"There is no message {entry_id!r}.")
        return _to_entry(row)

    def of_turn(self, turn_id: str) -> InboxEntry:
        """The message a turn answers. Raises ``NotFound``."""
        row = self._session.scalar(select(InboxRow).where(InboxRow.turn_id == turn_id))
        if row is None:
            raise NotFound(f"There is no run {turn_id!r}.")
        return _to_entry(row)

    def claim(self, entry_id: str, lease: timedelta) -> InboxEntry | None:
        """Become the one who works on a message; None while it is another's, or not its turn.

        It is not its turn while an earlier message of the same cart is unfinished.
        """
        entry = self.get(entry_id)
        if self._session.get_bind().dialect.name != "sqlite":
            # Two messages of one cart are claimed one after the other; SQLite does so anyway.
            self._session.execute(
                select(CartRow.id).where(CartRow.id == entry.cart_id).with_for_update()
            )
        now = self._clock.now()
        other = aliased(InboxRow)
        before = exists().where(
            other.cart_id == entry.cart_id,
            other.id != entry_id,
            other.status.in_(_UNFINISHED),
            or_(
                other.received_at < entry.received_at,
                and_(other.received_at == entry.received_at, other.id < entry_id),
            ),
        )
        claimed = self._session.execute(
            update(InboxRow)
            .where(
                InboxRow.id == entry_id,
                InboxRow.status.in_(_UNFINISHED),
                or_(InboxRow.lease_until.is_(None), InboxRow.lease_until <= now),
                ~before,
            )
            .values(
                status=InboxStatus.RUNNING.value,
                attempt=InboxRow.attempt + 1,
                lease_until=now + lease,
            )
            .execution_options(synchronize_session=False)
        )
        return self.get(entry_id) if _count(claimed) else None

    def take(self, entry_id: str, lease: timedelta) -> InboxEntry | None:
        """Take an unfinished message away from whoever has it; None when it is finished."""
        taken = self._session.execute(
            update(InboxRow)
            .where(InboxRow.id == entry_id, InboxRow.status.in_(_UNFINISHED))
            .values(
                status=InboxStatus.RUNNING.value,
                attempt=InboxRow.attempt + 1,
                lease_until=self._clock.now() + lease,
            )
            .execution_options(synchronize_session=False)
        )
        return self.get(entry_id) if _count(taken) else None

    def heartbeat(self, entry_id: str, attempt: int, lease: timedelta) -> bool:
        """Go on holding a message; false when another attempt has it."""
        return self._change(entry_id, attempt, {"lease_until": self._clock.now() + lease})

    def keep_start(self, entry_id: str, attempt: int, start: dict[str, Any]) -> bool:
        return self._change(entry_id, attempt, {"start": start})

    def fence(self, entry_id: str, attempt: int) -> int | None:
        """Advance the attempt, so that nothing still running for the old one can commit.

        Returns the new attempt, or None when another one has the message.
        """
        return attempt + 1 if self._change(entry_id, attempt, {"attempt": attempt + 1}) else None

    def finish(
        self,
        entry_id: str,
        attempt: int,
        answer: dict[str, Any],
        status: InboxStatus = InboxStatus.DONE,
    ) -> bool:
        """Keep the answer; false when another attempt has the message."""
        return self._change(
            entry_id,
            attempt,
            {
                "status": status.value,
                "answer": answer,
                "finished_at": self._clock.now(),
                "lease_until": None,
            },
        )

    def unfinished(self, now: datetime, *, limit: int = 50) -> list[InboxEntry]:
        """Messages nobody works on: never begun, or their worker's lease has lapsed."""
        rows = self._session.scalars(
            select(InboxRow)
            .where(
                InboxRow.status.in_(_UNFINISHED),
                or_(InboxRow.lease_until.is_(None), InboxRow.lease_until <= now),
            )
            .order_by(InboxRow.received_at, InboxRow.id)
            .limit(limit)
        )
        return [_to_entry(row) for row in rows]

    def _change(self, entry_id: str, attempt: int, values: dict[str, Any]) -> bool:
        changed = self._session.execute(
            update(InboxRow)
            .where(
                InboxRow.id == entry_id,
                InboxRow.attempt == attempt,
                InboxRow.status == InboxStatus.RUNNING.value,
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return _count(changed) == 1


def _count(result: Any) -> int:  # noqa: ANN401 - SQLAlchemy types a cursor result too widely
    return int(result.rowcount)


def _to_entry(row: InboxRow) -> InboxEntry:
    return InboxEntry(
        id=row.id,
        channel=row.channel,
        message_id=row.message_id,
        shopper_id=row.shopper_id,
        conversation_id=row.conversation_id,
        cart_id=row.cart_id,
        turn_id=row.turn_id,
        payload=row.payload,
        start=row.start,
        status=InboxStatus(row.status),
        attempt=row.attempt,
        lease_until=row.lease_until,
        received_at=row.received_at,
        finished_at=row.finished_at,
        answer=row.answer,
    )
