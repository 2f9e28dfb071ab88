"""Keeps the requests to a vendor apart: so many a minute, and none before it said to come again."""

import threading
import time
from collections.abc import Callable

_MINUTE = 60.0


class Pace:
    """Shared by all threads that ask one vendor. ``stop`` wakes everybody who waits."""

    def __init__(
        self, per_minute: int = 0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._apart = _MINUTE / per_minute if per_minute else 0.0
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._next = 0.0
        self._stopped = threading.Event()

    def wait(self) -> bool:
        """Wait for one's turn; False when it was stopped instead."""
        with self._lock:
            now = self._monotonic()
            turn = max(self._next, now)
            self._next = turn + self._apart
        return not self._stopped.wait(max(turn - now, 0)) if turn > now else not self.stopped

    def pause(self, seconds: float) -> bool:
        """Wait before trying again; False when it was stopped."""
        return not self._stopped.wait(seconds)

    def may_now(self) -> bool:
        """Take a turn if there is one at once; shoppers do not wait in line."""
        with self._lock:
            now = self._monotonic()
            if self.stopped or self._next > now:
                return False
            self._next = now + self._apart
            return True

    def hold(self, seconds: float) -> None:
        """Let nobody ask for so long."""
        with self._lock:
            self._next = max(self._next, self._monotonic() + seconds)

    def stop(self) -> None:
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()
