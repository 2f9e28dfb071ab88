"""Deletes talks: conversations with all that was said, done and sent in them."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from knowledge.db.rows.talk import (
    CommandRow,
    ConversationRow,
    FeedbackRow,
    HandoverRow,
    InboxRow,
    ModelCallRow,
    OutboxRow,
    TurnRow,
)

_TALKS = cast("Table", ConversationRow.__table__)
_TURNS = cast("Table", TurnRow.__table__)
_INBOX = cast("Table", InboxRow.__table__)
_UNFINISHED = ("received", "running")


def delete_talks(session: Session, conversation_ids: Sequence[str]) -> int:
    """Delete these conversations; returns how many are gone or emptied.

    A conversation in which a message is being worked on is emptied instead, and begins anew with
    the turn that is going on.
    """
    if not conversation_ids:
        return 0
    ids = list(conversation_ids)
    turns = session.scalars(select(_TURNS.c.id).where(_TURNS.c.conversation_id.in_(ids))).all()
    answered = session.scalars(
        select(_INBOX.c.turn_id).where(
            _INBOX.c.conversation_id.in_(ids), _INBOX.c.status.not_in(_UNFINISHED)
        )
    ).all()
    _delete_of_turns(session, sorted({*turns, *answered}))
    _delete(session, _TURNS, _TURNS.c.conversation_id.in_(ids))
    _delete(session, _INBOX, _INBOX.c.conversation_id.in_(ids), _finished())
    busy = session.scalars(
        select(_INBOX.c.conversation_id).where(_INBOX.c.conversation_id.in_(ids)).distinct()
    ).all()
    if busy:
        session.execute(
            update(_TALKS)
            .where(_TALKS.c.id.in_(busy))
            .values(title=None, shown=[], summary=None, summary_until=0, next_seq=1)
        )
    handovers = cast("Table", HandoverRow.__table__)
    _delete(session, handovers, handovers.c.conversation_id.in_(ids), handovers.c.status != "open")
    gone = sorted({*ids} - {*busy})
    session.execute(
        update(handovers).where(handovers.c.conversation_id.in_(gone)).values(conversation_id=None)
    )
    _delete(session, _TALKS, _TALKS.c.id.in_(gone))
    return len(ids)


def delete_turns(session: Session, turn_ids: Sequence[str]) -> int:
    """Delete single turns of talks that go on, with their messages."""
    ids = list(turn_ids)
    if not ids:
        return 0
    _delete_of_turns(session, ids)
    _delete(session, _INBOX, _INBOX.c.turn_id.in_(ids), _finished())
    return _delete(session, _TURNS, _TURNS.c.id.in_(ids))


def _delete_of_turns(session: Session, turn_ids: Sequence[str]) -> None:
    if not turn_ids:
        return
    feedback = cast("Table", FeedbackRow.__table__)
    commands = cast("Table", CommandRow.__table__)
    outbox = cast("Table", OutboxRow.__table__)
    calls = cast("Table", ModelCallRow.__table__)
    for start in range(0, len(turn_ids), _AT_ONCE):
        some = list(turn_ids[start : start + _AT_ONCE])
        _delete(session, feedback, feedback.c.turn_id.in_(some))
        _delete(session, commands, commands.c.turn_id.in_(some))
        # What still waits is the answer to somebody who waits for it.
        _delete(session, outbox, outbox.c.turn_id.in_(some), outbox.c.status != "waiting")
        # What it cost stays; of whom it was, does not.
        session.execute(
            update(calls).where(calls.c.turn_id.in_(some)).values(turn_id=None, shopper_id=None)
        )


_AT_ONCE = 500


def _finished() -> Any:  # noqa: ANN401 - a condition
    return _INBOX.c.status.not_in(_UNFINISHED)


def _delete(session: Session, table: Table, *conditions: Any) -> int:  # noqa: ANN401
    result = cast("CursorResult[Any]", session.execute(delete(table).where(*conditions)))
    return result.rowcount
