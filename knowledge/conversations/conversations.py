"""Conversations and their finished turns."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from knowledge.conversations.models import Conversation, Turn
from knowledge.db.rows.talk import ConversationRow, TurnRow
from knowledge.errors import NotFound
from knowledge.ids import new_id
from knowledge.ports import Clock

_TITLE_LENGTH = 80


class Conversations:
    """Talks by shopper. Another shopper's conversation is as good as none."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def open(
        self,
        *,
        shopper_id: str,
        cart_id: str,
        channel: str,
        conversation_id: str | None = None,
        locale: str | None = None,
    ) -> Conversation:
        """Continue the named conversation, or begin one. Raises ``NotFound``."""
        if conversation_id is not None:
            return self.get(conversation_id, shopper_id=shopper_id)
        now = self._clock.now()
        row = ConversationRow(
            id=new_id("cv"),
            shopper_id=shopper_id,
            cart_id=cart_id,
            channel=channel,
            locale=locale,
            title=None,
            shown=[],
            summary=None,
            next_seq=1,
            handed_over_at=None,
            created_at=now,
            updated_at=now,
        )
        self._session.add(row)
        self._session.flush()
        return _to_conversation(row)

    def get(self, conversation_id: str, *, shopper_id: str | None = None) -> Conversation:
        """Raises ``NotFound`` also when it is another shopper's."""
        row = self._session.get(ConversationRow, conversation_id, populate_existing=True)
        if row is None or shopper_id not in (None, row.shopper_id):
            raise NotFound(f"There is no conversation {conversation_id!r}.")
        return _to_conversation(row)

    def latest(self, shopper_id: str, channel: str) -> Conversation | None:
        """The conversation that a channel without conversation ids goes on with."""
        row = self._session.scalar(
            select(ConversationRow)
            .where(ConversationRow.shopper_id == shopper_id, ConversationRow.channel == channel)
            .order_by(ConversationRow.updated_at.desc(), ConversationRow.id.desc())
            .limit(1)
        )
        return None if row is None else _to_conversation(row)

    def of_shopper(self, shopper_id: str, *, limit: int = 50) -> list[Conversation]:
        """The newest first."""
        rows = self._session.scalars(
            select(ConversationRow)
            .where(ConversationRow.shopper_id == shopper_id)
            .order_by(ConversationRow.updated_at.desc(), ConversationRow.id.desc())
            .limit(limit)
        )
        return [_to_conversation(row) for row in rows]

    def move_to_cart(self, conversation_id: str, cart_id: str) -> None:
        """Follow a shopper to the cart they shop in now."""
        self._change(conversation_id, {"cart_id": cart_id})

    def set_shown(self, conversation_id: str, shown: Iterable[dict[str, Any]]) -> None:
        """Remember the numbered list the shopper has in front of them."""
        self._change(conversation_id, {"shown": list(shown)})

    def append(
        self,
        conversation_id: str,
        *,
        turn_id: str,
        parts: Sequence[dict[str, Any]],
        schema_version: int,
        outcome: str,
        started_at: datetime,
        model: str | None = None,
        prompt_digest: str | None = None,
        usage: dict[str, Any] | None = None,
        title: str | None = None,
        shown: Iterable[dict[str, Any]] | None = None,
    ) -> Turn:
        """Add a finished turn at the end; the first one names the conversation."""
        now = self._clock.now()
        values: dict[str, Any] = {"next_seq": ConversationRow.next_seq + 1, "updated_at": now}
        if title:
            values["title"] = func.coalesce(ConversationRow.title, title[:_TITLE_LENGTH])
        if shown is not None:
            values["shown"] = list(shown)
        next_seq = self._session.scalar(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(**values)
            .returning(ConversationRow.next_seq)
            .execution_options(synchronize_session=False)
        )
        if next_seq is None:
            raise NotFound(f"There is no conversation {conversation_id!r}.")
        turn = TurnRow(
            id=turn_id,
            conversation_id=conversation_id,
            seq=next_seq - 1,
            schema_version=schema_version,
            parts=list(parts),
            outcome=outcome,
            model=model,
            prompt_digest=prompt_digest,
            usage=usage or {},
            started_at=started_at,
            finished_at=now,
        )
        self._session.add(turn)
        self._session.flush()
        return _to_turn(turn)

    def window(self, conversation_id: str, *, turns: int) -> list[Turn]:
        """The last turns, oldest first."""
        rows = self._session.scalars(
            select(TurnRow)
            .where(TurnRow.conversation_id == conversation_id)
            .order_by(TurnRow.seq.desc())
            .limit(turns)
        )
        return [_to_turn(row) for row in reversed(rows.all())]

    def _change(self, conversation_id: str, values: dict[str, Any]) -> None:
        self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _to_conversation(row: ConversationRow) -> Conversation:
    return Conversation(
        id=row.id,
        shopper_id=row.shopper_id,
        cart_id=row.cart_id,
        channel=row.channel,
        locale=row.locale,
        title=row.title,
        shown=tuple(row.shown),
        last_seq=row.next_seq - 1,
        handed_over_at=row.handed_over_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _to_turn(row: TurnRow) -> Turn:
    return Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        schema_version=row.schema_version,
        parts=tuple(row.parts),
        outcome=row.outcome,
        model=row.model,
        prompt_digest=row.prompt_digest,
        usage=row.usage,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
