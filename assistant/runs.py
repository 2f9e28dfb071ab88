"""Runs that this process works on: their events as they come, and who follows them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

from assistant.messages import Answer
from knowledge.state.streams import RunEvent, RunStreams, parse_event_id

logger = logging.getLogger(__name__)

PUBLISH_SECONDS = 0.05


class RunLog:
    """The events of one run; used on the event loop only."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.attempt = 0
        self.events: list[RunEvent] = []
        self.closed = False
        self._changed = asyncio.Event()

    def begin(self, attempt: int) -> None:
        self.attempt = attempt

    def emit(self, data: str) -> None:
        self.events.append(RunEvent(f"{self.attempt}-{len(self.events) + 1}", data))
        self._wake()

    def close(self) -> None:
        self.closed = True
        self._wake()

    async def follow(self, after: str | None = None) -> AsyncIterator[RunEvent]:
        """Every event behind ``after``, until the run is over."""
        attempt, number = parse_event_id(after or "")
        position = number if attempt == self.attempt else 0
        while True:
            changed = self._changed
            while position < len(self.events):
                yield self.events[position]
                position += 1
            if self.closed:
                return
            await changed.wait()

    async def publish(self, streams: RunStreams) -> None:
        """Copy the events to Redis in small batches, so that other processes can follow."""
        position = 0
        while True:
            if position == len(self.events) and not self.closed:
                await self._changed.wait()
            if not self.closed:
                await asyncio.sleep(PUBLISH_SECONDS)
            ended = self.closed
            batch = self.events[position:]
            if batch:
                await asyncio.to_thread(streams.publish, self.run_id, batch)
                position += len(batch)
            if ended and position == len(self.events):
                return

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


@dataclass(frozen=True, slots=True)
class Run:
    """A message on its way to an answer. ``id`` is the id of its turn."""

    id: str
    conversation_id: str
    message_id: str
    answered: "asyncio.Future[Answer]"

    async def answer(self) -> Answer:
        """Wait for the answer; giving up waiting does not stop the run."""
        return await asyncio.shield(self.answered)
