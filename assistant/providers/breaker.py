"""Leaves a mind alone that fails again and again, and tries it now and then until it is well."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

FAILURES = 3
"""How many failures in a row open it."""
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 120.0
_STRAY = 0.2


@dataclass(slots=True)
class Breaker:
    """Closed it lets everybody through; open nobody; after its pause a single call to try.

    Pauses double with each try that fails, up to ``LONGEST_PAUSE``, and stray a little, so that
    many processes do not come back at once. Safe in threads and on the event loop.
    """

    monotonic: Callable[[], float] = time.monotonic
    stray: Callable[[], float] = random.random
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _failures: int = 0
    _pauses: int = 0
    _open_until: float | None = None
    _trying: bool = False
    _why: str = ""

    @property
    def why(self) -> str:
        """What was wrong when it failed last; empty once it is well again."""
        with self._lock:
            return self._why

    @property
    def pause_left(self) -> float:
        """Seconds until somebody may try; 0 when it is closed."""
        with self._lock:
            return max((self._open_until or 0) - self.monotonic(), 0.0) if self._refuses() else 0.0

    @property
    def is_well(self) -> bool:
        """False from when it opened until somebody was answered, also while it may be tried."""
        with self._lock:
            return self._open_until is None

    @property
    def is_open(self) -> bool:
        """Whether a call would be refused now; asking changes nothing."""
        with self._lock:
            return self._refuses()

    def enter(self) -> bool:
        """Whether to call. Who is let in says how it ended: ``well``, ``failed`` or ``left``."""
        with self._lock:
            if self._refuses():
                return False
            self._trying = self._open_until is not None
            return True

    def well(self) -> None:
        with self._lock:
            self._failures = self._pauses = 0
            self._open_until = None
            self._trying = False
            self._why = ""

    def left(self) -> None:
        """The call says nothing about the mind: given up, or refused for what it asked."""
        with self._lock:
            self._trying = False

    def failed(
        self,
        *,
        tries: int = 1,
        lasting: bool = False,
        retry_after: float | None = None,
        why: str = "",
    ) -> None:
        """``lasting`` failures open it at once; ``retry_after`` is how long it asks to be left."""
        with self._lock:
            self._why = why or self._why
            tried, self._trying = self._trying, False
            if self._open_until is not None and not tried:
                # Begun before it opened: many calls that fail at once are one outage, no more.
                self._leave_for(min(retry_after or 0, LONGEST_PAUSE))
                return
            self._failures += tries
            if not (tried or lasting or retry_after or self._failures >= FAILURES):
                return
            if tried or lasting or self._failures >= FAILURES:
                pause = min(FIRST_PAUSE * 2**self._pauses, LONGEST_PAUSE)
                self._pauses = min(self._pauses + 1, 10)
                self._leave_for(pause * (1 + _STRAY * self.stray()))
            self._leave_for(min(retry_after or 0, LONGEST_PAUSE))

    def _leave_for(self, seconds: float) -> None:
        if seconds > 0:
            self._open_until = max(self._open_until or 0, self.monotonic() + seconds)

    def _refuses(self) -> bool:
        if self._open_until is None:
            return False
        return self._trying or self.monotonic() < self._open_until
