"""Lets the tool calls of one model message through in the order the model gave them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager


class Turnstile:
    """Belongs to one turn. The agent framework starts all calls of a message at once."""

    def __init__(self) -> None:
        self._before: dict[str, asyncio.Event] = {}
        self._after: dict[str, asyncio.Event] = {}

    def expect(self, call_ids: Sequence[str]) -> None:
        """Announce the calls of the next message, in order; ids are unique within a turn."""
        before = asyncio.Event()
        before.set()
        for call_id in call_ids:
            after = asyncio.Event()
            self._before[call_id], self._after[call_id] = before, after
            before = after

    @asynccontextmanager
    async def place(self, call_id: str) -> AsyncIterator[None]:
        """Wait until the calls before this one are through, then let the next one in."""
        await self._before[call_id].wait()
        try:
            yield
        finally:
            self._after[call_id].set()
