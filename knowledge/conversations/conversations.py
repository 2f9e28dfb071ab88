"""Conversations and their finished turns."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from knowledge.conversations.models import Conversation, Turn
from knowledge.db.rows.talk import ConversationRow, TurnRow
from knowledge.errors import NotFound
from knowledge.ids import new_id
from knowledge.ports import Clock

_TITLE_LENGTH = 80
_TALKS = cast("Table", ConversationRow.__table__)
_TURNS = cast("Table", TurnRow.__table__)
_TALK = select(_TALKS).where(_TALKS.c.id == bindparam("conversation_id"))
_OF_SHOPPER = (
    select(_TALKS)
    .where(_TALKS.c.shopper_id == bindparam("shopper_id"))
    .order_by(_TALKS.c.updated_at.desc(), _TALKS.c.id.desc())
    .limit(bindparam("most"))
)
_ON_CHANNEL = _OF_SHOPPER.where(_TALKS.c.channel == bindparam("channel"))
_LAST_TURNS = (
    select(_TURNS)
    .where(_TURNS.c.conversation_id == bindparam("conversation_id"))
    .order_by(_TURNS.c.seq.desc())
    .limit(bindparam("most"))
)
_CHANGE = update(_TALKS).where(_TALKS.c.id == bindparam("conversation_id"))
_ADVANCE = _CHANGE.values(
    next_seq=_TALKS.c.next_seq + 1,
    updated_at=bindparam("now"),
    title=func.coalesce(_TALKS.c.title, bindparam("first_title", type_=_TALKS.c.title.type)),
).returning(_TALKS.c.next_seq)
_ADVANCE_SHOWING = _ADVANCE.values(shown=bindparam("now_shown", type_=_TALKS.c.shown.type))
_BETWEEN = (
    select(_TURNS)
    .where(
        _TURNS.c.conversation_id == bindparam("conversation_id"),
        _TURNS.c.seq > bindparam("after"),
        _TURNS.c.seq <= bindparam("until"),
    )
    .order_by(_TURNS.c.seq)
)
# The talk may have been forgotten meanwhile; then nothing of it is kept.
_KEEP_SUMMARY = _CHANGE.where(
    _TALKS.c.summary_until == bindparam("known_until"),
    _TALKS.c.next_seq > bindparam("new_until", type_=_TALKS.c.next_seq.type),
).values(
    summary=bindparam("new_summary", type_=_TALKS.c.summary.type),
    summary_until=bindparam("new_until", type_=_TALKS.c.summary_until.type),
)
_APPEND = insert(_TURNS)
_TURN_COLUMNS = tuple(_TURNS.c.keys())


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
        opened = Conversation(
            id=new_id("cv"),
            shopper_id=shopper_id,
            cart_id=cart_id,
            channel=channel,
            locale=locale,
            title=None,
            shown=(),
            last_seq=0,
            handed_over_at=None,
            summary=None,
            summary_until=0,
            created_at=now,
            updated_at=now,
        )
        self._session.execute(
            insert(_TALKS),
            {
                "id": opened.id,
                "shopper_id": shopper_id,
                "cart_id": cart_id,
                "channel": channel,
                "locale": locale,
                "title": None,
                "shown": [],
                "summary": None,
                "summary_until": 0,
                "next_seq": 1,
                "handed_over_at": None,
                "created_at": now,
                "updated_at": now,
            },
        )
        return opened

    def get(self, conversation_id: str, *, shopper_id: str | None = None) -> Conversation:
        """Raises ``NotFound`` also when it is another shopper's."""
        row = self._session.execute(_TALK, {"conversation_id": conversation_id}).one_or_none()
        if row is None or shopper_id not in (None, row.shopper_id):
            raise NotFound(f"There is no conversation {conversation_id!r}.")
        return _to_conversation(row)

    def latest(self, shopper_id: str, channel: str) -> Conversation | None:
        """The conversation that a channel without conversation ids goes on with."""
        row = self._session.execute(
            _ON_CHANNEL, {"shopper_id": shopper_id, "channel": channel, "most": 1}
        ).one_or_none()
        return None if row is None else _to_conversation(row)

    def of_shopper(self, shopper_id: str, *, limit: int = 50) -> list[Conversation]:
        """The newest first."""
        rows = self._session.execute(_OF_SHOPPER, {"shopper_id": shopper_id, "most": limit})
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
        prompt_variant: str | None = None,
        usage: dict[str, Any] | None = None,
        title: str | None = None,
        shown: Iterable[dict[str, Any]] | None = None,
    ) -> Turn:
        """Add a finished turn at the end; the first one names the conversation."""
        now = self._clock.now()
        values: dict[str, Any] = {
            "conversation_id": conversation_id,
            "now": now,
            "first_title": title[:_TITLE_LENGTH] if title else None,
        }
        if shown is not None:
            values["now_shown"] = list(shown)
        next_seq = self._session.scalar(_ADVANCE if shown is None else _ADVANCE_SHOWING, values)
        if next_seq is None:
            raise NotFound(f"There is no conversation {conversation_id!r}.")
        turn = Turn(
            id=turn_id,
            conversation_id=conversation_id,
            seq=next_seq - 1,
            schema_version=schema_version,
            parts=tuple(parts),
            outcome=outcome,
            model=model,
            prompt_digest=prompt_digest,
            prompt_variant=prompt_variant,
            usage=usage or {},
            started_at=started_at,
            finished_at=now,
        )
        columns = {name: getattr(turn, name) for name in _TURN_COLUMNS}
        self._session.execute(_APPEND, {**columns, "parts": list(parts)})
        return turn

    def window(self, conversation_id: str, *, turns: int) -> list[Turn]:
        """The last turns, oldest first."""
        rows = self._session.execute(
            _LAST_TURNS, {"conversation_id": conversation_id, "most": turns}
        )
        return [_to_turn(row) for row in reversed(rows.all())]

    def turns(self, conversation_id: str, *, after: int, until: int) -> list[Turn]:
        """The turns behind ``after`` up to ``until``, oldest first."""
        rows = self._session.execute(
            _BETWEEN, {"conversation_id": conversation_id, "after": after, "until": until}
        )
        return [_to_turn(row) for row in rows]

    def keep_summary(
        self, conversation_id: str, summary: str, *, until: int, known_until: int
    ) -> bool:
        """Keep what is noted of the turns up to ``until``; false when somebody else was first."""
        changed: Any = self._session.execute(
            _KEEP_SUMMARY,
            {
                "conversation_id": conversation_id,
                "known_until": known_until,
                "new_summary": summary,
                "new_until": until,
            },
        )
        return int(changed.rowcount) == 1

    def _change(self, conversation_id: str, values: dict[str, Any]) -> None:
        self._session.execute(_CHANGE, {"conversation_id": conversation_id, **values})


def _to_conversation(row: Row[Any]) -> Conversation:
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
        summary=row.summary,
        summary_until=row.summary_until,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _to_turn(row: Row[Any]) -> Turn:
    values = row._asdict()
    values["parts"] = tuple(values["parts"])
    return Turn(**values)
