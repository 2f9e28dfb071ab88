"""Refuses to commit for a turn that is over, cancelled or taken over by another attempt."""

import threading
import time
from collections.abc import Callable
from typing import cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from knowledge.conversations.models import InboxStatus
from knowledge.db.rows.talk import InboxRow
from knowledge.errors import TurnExpired

_INBOX = cast("Table", InboxRow.__table__)
# The row stays locked until the commit: a takeover comes before it or after it.
_HOLDER = (
    select(_INBOX.c.attempt, _INBOX.c.status)
    .where(_INBOX.c.id == bindparam("entry_id"))
    .with_for_update()
)


class TurnGuard:
    """The ``CommitGuard`` of one attempt at one turn; ``deadline`` is of the monotonic clock."""

    def __init__(
        self,
        *,
        entry_id: str,
        attempt: int,
        deadline: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.entry_id = entry_id
        self.attempt = attempt
        self.deadline = deadline
        self._monotonic = monotonic
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def seconds_left(self) -> float:
        return self.deadline - self._monotonic()

    def check(self, session: Session) -> None:
        if self.cancelled:
            raise TurnExpired("This turn was cancelled.")
        if self.seconds_left <= 0:
            raise TurnExpired("This turn took too long.")
        holder = session.execute(_HOLDER, {"entry_id": self.entry_id}).one_or_none()
        if holder is None or tuple(holder) != (self.attempt, InboxStatus.RUNNING.value):
            raise TurnExpired("This turn is answered elsewhere.")
