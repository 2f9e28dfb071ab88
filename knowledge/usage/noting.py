"""Keeps calls of models made outside of turns, without ever being in the way of who makes them."""

import logging
import threading
from collections import deque

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.usage.model_calls import write_uses
from knowledge.usage.models import ModelUse

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 0.5
_MOST_WAITING = 10_000
_BATCH = 500
_CLOSE_SECONDS = 5.0


class CallNotes:
    """``add`` only puts a call in line; a thread of our own writes them down, many at a time.

    Whoever notes a call may be on the event loop, or within a transaction of its own that a
    second one would wait for.
    """

    def __init__(self, units: UnitsOfWork, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._units = units
        self._pause = pause_seconds
        self._waiting: deque[ModelUse] = deque(maxlen=_MOST_WAITING)
        self._starting = threading.Lock()
        self._writing = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, use: ModelUse) -> None:
        """Never raises, never waits. The oldest are lost when a database stays away for long."""
        self._waiting.append(use)
        if self._thread is None:
            with self._starting:
                if self._thread is None and not self._closing.is_set():
                    self._thread = threading.Thread(
                        target=self._run, name="model-calls", daemon=True
                    )
                    self._thread.start()

    def flush(self) -> None:
        """Write down what waits; what cannot be written waits on."""
        with self._writing:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
                try:
                    with self._units.write() as session:
                        write_uses(session, batch)
                except Exception:
                    logger.exception("%d model calls could not be noted yet", len(batch))
                    self._waiting.extendleft(reversed(batch))
                    return

    def close(self) -> None:
        """Write the rest and stop."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(_CLOSE_SECONDS)
        self.flush()

    def _run(self) -> None:
        while not self._closing.wait(self._pause):
            if self._waiting:
                self.flush()
