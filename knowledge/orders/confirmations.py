"""Questions to which only the shopper can say yes, and exactly what was shown with them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Row, Select, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from knowledge.db.rows.carts import ConfirmationRow
from knowledge.errors import NotFound
from knowledge.events.events import EventName, record_event
from knowledge.ids import new_id
from knowledge.ports import Clock

ConfirmationAction = Literal[
    "place_order", "empty_cart", "over_budget", "change_cart", "cancel_order", "return_order",
    "forget_me",
]  # fmt: skip
ConfirmationStatus = Literal["pending", "accepted", "declined", "superseded", "void", "expired"]
Answered = Literal["yes", "no"]
VALID_FOR = timedelta(minutes=15)
LONGEST = 320
_QUESTIONS = cast("Table", ConfirmationRow.__table__)
_NEWEST = (
    select(_QUESTIONS).order_by(_QUESTIONS.c.created_at.desc(), _QUESTIONS.c.id.desc()).limit(1)
)
_PENDING = _NEWEST.where(
    _QUESTIONS.c.status == "pending", _QUESTIONS.c.expires_at > bindparam("now")
)
_PENDING_IN_TALK = _PENDING.where(_QUESTIONS.c.conversation_id == bindparam("conversation_id"))
_LATEST = _NEWEST.where(_QUESTIONS.c.conversation_id == bindparam("conversation_id"))


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One question. ``shown_hash`` is over exactly what the shopper saw when it was asked."""

    id: str
    cart_id: str
    cart_version: int
    shopper_id: str
    conversation_id: str | None
    action: ConfirmationAction
    payload: dict[str, Any]
    shown_hash: str
    text: str
    status: ConfirmationStatus
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None = None
    result: dict[str, Any] | None = None


def hash_shown(shown: dict[str, Any]) -> str:
    canonical = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Confirmations:
    """Keeps questions and who answered them. What a yes does is ``decisions`` alone."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def open(
        self,
        action: ConfirmationAction,
        *,
        cart_id: str,
        cart_version: int,
        shopper_id: str,
        conversation_id: str | None,
        payload: dict[str, Any],
        shown: dict[str, Any],
        text: str,
        channel: str | None = None,
    ) -> Confirmation:
        """Ask. What was pending in the conversation is superseded: a yes means the last one."""
        assert len(text) <= LONGEST, text
        now = self._clock.now()
        same_talk = (
            ConfirmationRow.conversation_id == conversation_id
            if conversation_id is not None
            else ConfirmationRow.conversation_id.is_(None)
        )
        self._session.execute(
            update(ConfirmationRow)
            .where(
                ConfirmationRow.shopper_id == shopper_id,
                ConfirmationRow.status == "pending",
                same_talk,
            )
            .values(status="superseded", decided_at=now)
            .execution_options(synchronize_session=False)
        )
        confirmation = Confirmation(
            id=new_id("f"),
            cart_id=cart_id,
            cart_version=cart_version,
            shopper_id=shopper_id,
            conversation_id=conversation_id,
            action=action,
            payload=payload,
            shown_hash=hash_shown(shown),
            text=text,
            status="pending",
            created_at=now,
            expires_at=now + VALID_FOR,
        )
        self._session.execute(
            insert(ConfirmationRow).values(
                id=confirmation.id,
                cart_id=cart_id,
                cart_version=cart_version,
                shopper_id=shopper_id,
                conversation_id=conversation_id,
                action=action,
                payload=payload,
                shown_hash=confirmation.shown_hash,
                text=text,
                status="pending",
                created_at=now,
                expires_at=confirmation.expires_at,
                decided_at=None,
                result=None,
            )
        )
        record_event(
            self._session,
            self._clock,
            EventName.CONFIRMATION_OPENED,
            shopper_id=shopper_id,
            channel=channel,
            confirmation_id=confirmation.id,
            action=action,
        )
        return confirmation

    def get(self, confirmation_id: str, *, shopper_id: str | None = None) -> Confirmation:
        """Raises ``NotFound``, also when it was another shopper who was asked."""
        query = _everything().where(ConfirmationRow.id == confirmation_id)
        if shopper_id is not None:
            query = query.where(ConfirmationRow.shopper_id == shopper_id)
        row = self._session.execute(query).one_or_none()
        if row is None:
            raise NotFound("There is no such question.")
        return _to_confirmation(row)

    def pending(
        self, conversation_id: str | None = None, *, cart_id: str | None = None
    ) -> Confirmation | None:
        """The question that waits for an answer in a conversation, or on a cart; newest first."""
        if conversation_id is None and cart_id is None:
            return None
        asked: dict[str, Any] = {"now": self._clock.now()}
        query = _PENDING
        if conversation_id is not None:
            query = _PENDING_IN_TALK
            asked["conversation_id"] = conversation_id
        if cart_id is not None:
            query = query.where(ConfirmationRow.cart_id == cart_id)
        row = self._session.execute(query, asked).one_or_none()
        return None if row is None else _to_confirmation(row)

    def latest(self, conversation_id: str) -> Confirmation | None:
        """The last question of a conversation, whatever became of it."""
        row = self._session.execute(_LATEST, {"conversation_id": conversation_id}).one_or_none()
        return None if row is None else _to_confirmation(row)

    def decide(self, confirmation_id: str, shopper_id: str, answer: Answered) -> bool:
        """Consume a question. True for the one answer that does; a question has only one."""
        now = self._clock.now()
        taken = self._session.scalar(
            update(ConfirmationRow)
            .where(
                ConfirmationRow.id == confirmation_id,
                ConfirmationRow.shopper_id == shopper_id,
                ConfirmationRow.status == "pending",
                ConfirmationRow.expires_at > now,
            )
            .values(status="accepted" if answer == "yes" else "declined", decided_at=now)
            .returning(ConfirmationRow.id)
            .execution_options(synchronize_session=False)
        )
        return taken is not None

    def close(
        self,
        confirmation_id: str,
        *,
        status: ConfirmationStatus | None = None,
        result: dict[str, Any] | None = None,
    ) -> None:
        """Write down how it ended, for whoever asks again."""
        values: dict[str, Any] = {"result": result, "decided_at": self._clock.now()}
        if status is not None:
            values["status"] = status
        self._session.execute(
            update(ConfirmationRow)
            .where(ConfirmationRow.id == confirmation_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _everything() -> Select[Any]:
    return select(ConfirmationRow.__table__)


def _to_confirmation(row: Row[Any]) -> Confirmation:
    return Confirmation(
        id=row.id,
        cart_id=row.cart_id,
        cart_version=row.cart_version,
        shopper_id=row.shopper_id,
        conversation_id=row.conversation_id,
        action=row.action,
        payload=row.payload,
        shown_hash=row.shown_hash,
        text=row.text,
        status=row.status,
        created_at=row.created_at,
        expires_at=row.expires_at,
        decided_at=row.decided_at,
        result=row.result,
    )
