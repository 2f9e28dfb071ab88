"""Events of a run as server-sent events, each with the id to go on after."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

from fastapi.responses import StreamingResponse

from knowledge.state.streams import RunEvent

PING_SECONDS = 15.0


class EventStream(StreamingResponse):
    media_type = "text/event-stream"

    def __init__(
        self, events: AsyncIterator[RunEvent], *, run_id: str, status_code: int = HTTPStatus.OK
    ) -> None:
        super().__init__(
            _encoded(events),
            status_code=status_code,  # FastAPI reads its default for the documentation
            headers={
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",  # a proxy that collects would undo the streaming
                "X-Run-Id": run_id,
            },
        )


_EVENT = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}
STREAM: dict[int | str, dict[str, Any]] = {
    int(HTTPStatus.OK): {
        "description": "AG-UI events, one `data:` each, with `id:` to resume after",
        "content": {"text/event-stream": {"itemSchema": _EVENT}},
    }
}


async def _encoded(events: AsyncIterator[RunEvent]) -> AsyncIterator[bytes]:
    """The run goes on when the reader leaves: only the reading ends here."""
    waiting = asyncio.ensure_future(anext(events))
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=PING_SECONDS)
            if not done:
                yield b": ping\n\n"
                continue
            try:
                event = waiting.result()
            except StopAsyncIteration:
                return
            yield f"id: {event.id}\ndata: {event.data}\n\n".encode()
            waiting = asyncio.ensure_future(anext(events))
    finally:
        waiting.cancel()
