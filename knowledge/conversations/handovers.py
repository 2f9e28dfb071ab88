"""Shoppers who asked for a person, with what that person should know."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Row, Table, insert, select, update
from sqlalchemy.orm import Session

from knowledge.db.rows.people import ShopperRow
from knowledge.db.rows.talk import ConversationRow, HandoverRow
from knowledge.errors import NotFound
from knowledge.events.events import EventName, record_event
from knowledge.ids import new_id
from knowledge.ports import Clock

HandoverStatus = Literal["open", "done"]
LONGEST_REASON = 500
LONGEST_SUMMARY = 1000
_HANDOVERS = cast("Table", HandoverRow.__table__)


@dataclass(frozen=True, slots=True)
class Handover:
    """One call for a person, from the shopper's asking until somebody has dealt with it."""

    id: str
    shopper_id: str
    conversation_id: str | None
    channel: str
    reason: str
    summary: str
    status: HandoverStatus
    created_at: datetime
    done_at: datetime | None = None


class Handovers:
    """At most one is open per shopper and conversation; asking again adds to it."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def open(
        self,
        shopper_id: str,
        *,
        conversation_id: str | None,
        channel: str,
        reason: str,
        summary: str,
    ) -> Handover:
        """Call for a person, or tell the open call what came since."""
        self._session.execute(
            select(ShopperRow.id).where(ShopperRow.id == shopper_id).with_for_update(key_share=True)
        )
        now = self._clock.now()
        standing = self.standing(shopper_id, conversation_id)
        if standing is None:
            handover = Handover(
                id=new_id("hv"),
                shopper_id=shopper_id,
                conversation_id=conversation_id,
                channel=channel,
                reason=reason[:LONGEST_REASON],
                summary=summary[:LONGEST_SUMMARY],
                status="open",
                created_at=now,
            )
            self._session.execute(
                insert(_HANDOVERS),
                {name: getattr(handover, name) for name in Handover.__dataclass_fields__},
            )
        else:
            handover = replace(
                standing,
                reason=_joined(standing.reason, reason),
                summary=summary[:LONGEST_SUMMARY],
            )
            self._session.execute(
                update(_HANDOVERS)
                .where(_HANDOVERS.c.id == handover.id)
                .values(reason=handover.reason, summary=handover.summary)
            )
        if conversation_id is not None and standing is None:
            self._mark(conversation_id, now)
        record_event(
            self._session,
            self._clock,
            EventName.HUMAN_CALLED,
            shopper_id=shopper_id,
            channel=channel,
            handover_id=handover.id,
            again=standing is not None,
        )
        return handover

    def standing(self, shopper_id: str, conversation_id: str | None) -> Handover | None:
        """The open call of a conversation, or outside of any."""
        row = self._session.execute(
            select(_HANDOVERS)
            .where(
                _HANDOVERS.c.shopper_id == shopper_id,
                _HANDOVERS.c.conversation_id == conversation_id,
                _HANDOVERS.c.status == "open",
            )
            .order_by(_HANDOVERS.c.created_at, _HANDOVERS.c.id)
            .limit(1)
        ).one_or_none()
        return None if row is None else _to_handover(row)

    def list(self, status: HandoverStatus | None = "open", *, limit: int = 100) -> list[Handover]:
        """Who waits longest first; ``status`` None is all of them."""
        statement = select(_HANDOVERS).order_by(_HANDOVERS.c.created_at, _HANDOVERS.c.id)
        if status is not None:
            statement = statement.where(_HANDOVERS.c.status == status)
        return [_to_handover(row) for row in self._session.execute(statement.limit(limit))]

    def close(self, handover_id: str) -> Handover:
        """Dealt with: the conversation is the assistant's again. Raises ``NotFound``."""
        row = self._session.execute(
            select(_HANDOVERS).where(_HANDOVERS.c.id == handover_id)
        ).one_or_none()
        if row is None:
            raise NotFound(f"There is no handover {handover_id!r}.")
        handover = _to_handover(row)
        if handover.status == "done":
            return handover
        now = self._clock.now()
        self._session.execute(
            update(_HANDOVERS)
            .where(_HANDOVERS.c.id == handover_id)
            .values(status="done", done_at=now)
        )
        if handover.conversation_id is not None:
            self._mark(handover.conversation_id, None)
        return replace(handover, status="done", done_at=now)

    def _mark(self, conversation_id: str, moment: datetime | None) -> None:
        self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(handed_over_at=moment)
            .execution_options(synchronize_session=False)
        )


def _joined(before: str, reason: str) -> str:
    """What was said last counts most; of what came before as much as there is room for."""
    if reason in before:
        return before
    return f"{reason}; before: {before}"[:LONGEST_REASON]


def _to_handover(row: Row[Any]) -> Handover:
    return Handover(**{name: getattr(row, name) for name in Handover.__dataclass_fields__})
