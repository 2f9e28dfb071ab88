"""The inbox: every message kept before it is acknowledged, worked on by one attempt at a time."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.conversations.models import InboxEntry, InboxStatus, Receipt
from knowledge.db.rows.carts import CartRow
from knowledge.db.rows.talk import InboxRow
from knowledge.errors import NotFound
from knowledge.ids import new_id
from knowledge.ports import Clock

_UNFINISHED = (InboxStatus.RECEIVED.value, InboxStatus.RUNNING.value)
_INBOX = cast("Table", InboxRow.__table__)
_CARTS = cast("Table", CartRow.__table__)
_OTHERS = _INBOX.alias("others")

# Made once: SQLAlchemy takes longer to put such a statement together than SQLite to answer it.
_BY_ID = select(_INBOX).where(_INBOX.c.id == bindparam("entry_id"))
_BY_TURN = select(_INBOX).where(_INBOX.c.turn_id == bindparam("turn_id"))
_BY_MESSAGE = select(_INBOX).where(
    _INBOX.c.channel == bindparam("channel"),
    _INBOX.c.shopper_id == bindparam("shopper_id"),
    _INBOX.c.message_id == bindparam("message_id"),
)
_LOCK_CART = (
    select(_CARTS.c.id).where(_CARTS.c.id == bindparam("cart_id")).with_for_update(key_share=True)
)
_UNFINISHED_OF_CART = (
    select(_INBOX.c.id)
    .where(_INBOX.c.cart_id == bindparam("cart_id"), _INBOX.c.status.in_(_UNFINISHED))
    .limit(1)
)
_TAKE = (
    update(_INBOX)
    .where(_INBOX.c.id == bindparam("entry_id"), _INBOX.c.status.in_(_UNFINISHED))
    .values(
        status=InboxStatus.RUNNING.value,
        attempt=_INBOX.c.attempt + 1,
        lease_until=bindparam("until"),
    )
    .returning(*_INBOX.c)
)
_CLAIM = _TAKE.where(
    or_(_INBOX.c.lease_until.is_(None), _INBOX.c.lease_until <= bindparam("now")),
    ~exists().where(
        _OTHERS.c.cart_id == bindparam("its_cart"),
        _OTHERS.c.id != bindparam("entry_id"),
        _OTHERS.c.status.in_(_UNFINISHED),
        or_(
            _OTHERS.c.received_at < bindparam("its_time"),
            and_(
                _OTHERS.c.received_at == bindparam("its_time"),
                _OTHERS.c.id < bindparam("entry_id"),
            ),
        ),
    ),
)
_BACKLOG = select(func.count(), func.min(_INBOX.c.received_at)).where(
    _INBOX.c.status.in_(_UNFINISHED)
)
_COLUMNS = tuple(_INBOX.c.keys())
_SAME_MESSAGE = ("channel", "shopper_id", "message_id")
_KEEP_ON_SQLITE = sqlite.insert(_INBOX).on_conflict_do_nothing(index_elements=_SAME_MESSAGE)
_KEEP_ON_POSTGRESQL = postgresql.insert(_INBOX).on_conflict_do_nothing(index_elements=_SAME_MESSAGE)
_HELD = update(_INBOX).where(
    _INBOX.c.id == bindparam("entry_id"),
    _INBOX.c.attempt == bindparam("held_attempt"),
    _INBOX.c.status == bindparam("held_status"),
)


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
        return self._keep(
            InboxEntry(
                id=new_id("in"),
                channel=channel,
                message_id=message_id,
                shopper_id=shopper_id,
                conversation_id=conversation_id,
                cart_id=cart_id,
                turn_id=new_id("t"),
                payload=payload,
                start=None,
                status=InboxStatus.RECEIVED,
                attempt=0,
                lease_until=None,
                received_at=self._clock.now(),
                finished_at=None,
                answer=None,
            )
        )

    def receive_claimed(
        self,
        *,
        channel: str,
        shopper_id: str,
        message_id: str,
        conversation_id: str,
        cart_id: str,
        payload: dict[str, Any],
        start: dict[str, Any],
        lease: timedelta,
    ) -> Receipt:
        """Keep a message that its receiver works on at once, as ``claim`` would leave it.

        Only behind ``is_free`` in the same transaction.
        """
        now = self._clock.now()
        return self._keep(
            InboxEntry(
                id=new_id("in"),
                channel=channel,
                message_id=message_id,
                shopper_id=shopper_id,
                conversation_id=conversation_id,
                cart_id=cart_id,
                turn_id=new_id("t"),
                payload=payload,
                start=start,
                status=InboxStatus.RUNNING,
                attempt=1,
                lease_until=now + lease,
                received_at=now,
                finished_at=None,
                answer=None,
            )
        )

    def is_free(self, cart_id: str) -> bool:
        """Whether a message to this cart could be worked on at once; others wait until commit."""
        self._lock_cart(cart_id)
        waiting = self._session.execute(_UNFINISHED_OF_CART, {"cart_id": cart_id})
        return waiting.one_or_none() is None

    def find(self, channel: str, shopper_id: str, message_id: str) -> InboxEntry | None:
        return self._one(
            _BY_MESSAGE,
            {"channel": channel, "shopper_id": shopper_id, "message_id": message_id},
        )

    def get(self, entry_id: str) -> InboxEntry:
        entry = self._one(_BY_ID, {"entry_id": entry_id})
        if entry is None:
            raise NotFound(f"There is no message {entry_id!r}.")
        return entry

    def of_turn(self, turn_id: str) -> InboxEntry:
        """The message a turn answers. Raises ``NotFound``."""
        entry = self._one(_BY_TURN, {"turn_id": turn_id})
        if entry is None:
            raise NotFound(f"There is no run {turn_id!r}.")
        return entry

    def claim(self, entry_id: str, lease: timedelta) -> InboxEntry | None:
        """Become the one who works on a message; None while it is another's, or not its turn.

        It is not its turn while an earlier message of the same cart is unfinished.
        """
        entry = self.get(entry_id)
        self._lock_cart(entry.cart_id)
        now = self._clock.now()
        return self._one(
            _CLAIM,
            {
                "entry_id": entry_id,
                "now": now,
                "until": now + lease,
                "its_cart": entry.cart_id,
                "its_time": entry.received_at,
            },
        )

    def take(self, entry_id: str, lease: timedelta) -> InboxEntry | None:
        """Take an unfinished message away from whoever has it; None when it is finished."""
        return self._one(_TAKE, {"entry_id": entry_id, "until": self._clock.now() + lease})

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
        rows = self._session.execute(
            select(_INBOX)
            .where(
                _INBOX.c.status.in_(_UNFINISHED),
                or_(_INBOX.c.lease_until.is_(None), _INBOX.c.lease_until <= now),
            )
            .order_by(_INBOX.c.received_at, _INBOX.c.id)
            .limit(limit)
        )
        return [_to_entry(row) for row in rows]

    def backlog(self) -> tuple[int, datetime | None]:
        """How many messages are unanswered, and since when the oldest waits."""
        count, oldest = self._session.execute(_BACKLOG).one()
        return int(count), oldest

    def _lock_cart(self, cart_id: str) -> None:
        """Two messages of one cart are claimed one after the other; SQLite does so anyway."""
        if self._session.get_bind().dialect.name != "sqlite":
            self._session.execute(_LOCK_CART, {"cart_id": cart_id})

    def _keep(self, entry: InboxEntry) -> Receipt:
        columns = {name: getattr(entry, name) for name in _COLUMNS}
        columns["status"] = entry.status.value
        sqlite_here = self._session.get_bind().dialect.name == "sqlite"
        kept: Any = self._session.execute(
            _KEEP_ON_SQLITE if sqlite_here else _KEEP_ON_POSTGRESQL, columns
        )
        if kept.rowcount == 1:
            return Receipt(entry, fresh=True)
        # It came before, or at the same moment and the other one was first.
        first = self.find(entry.channel, entry.shopper_id, entry.message_id)
        assert first is not None
        return Receipt(first, fresh=False)

    def _one(self, statement: Any, values: dict[str, Any]) -> InboxEntry | None:  # noqa: ANN401
        row = self._session.execute(statement, values).one_or_none()
        return None if row is None else _to_entry(row)

    def _change(self, entry_id: str, attempt: int, values: dict[str, Any]) -> bool:
        changed: Any = self._session.execute(
            _HELD,
            {
                "entry_id": entry_id,
                "held_attempt": attempt,
                "held_status": InboxStatus.RUNNING.value,
                **values,
            },
        )
        return int(changed.rowcount) == 1


def _to_entry(row: Row[Any]) -> InboxEntry:
    values = row._asdict()
    values["status"] = InboxStatus(values["status"])
    return InboxEntry(**values)
