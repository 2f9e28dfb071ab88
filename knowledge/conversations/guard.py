"""Refuses to commit for a turn that is over, cancelled or taken over by another attempt."""

import threading
import time
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.conversations.models import InboxStatus
from knowledge.db.rows.talk import InboxRow
from knowledge.errors import TurnExpired


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
        # The row stays locked until the commit: a takeover comes before it or after it.
        holder = session.execute(
            select(InboxRow.attempt, InboxRow.status)
            .where(InboxRow.id == self.entry_id)
            .with_for_update()
        ).one_or_none()
        if holder is None or tuple(holder) != (self.attempt, InboxStatus.RUNNING.value):
            raise TurnExpired("This turn is answered elsewhere.")
