"""Stands between us and Redis or PostgreSQL, and loses one of our requests or its answer."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from tests.assistant.chaos.exchange import GARBAGE, Exchange, port_of, until_left

Loss = Literal["request lost", "answer lost", "stall", "garbage"]
"""The line ends before the server hears it, or before we hear its answer; or it never answers."""
_MOST = 1 << 20


@dataclass(frozen=True)
class Lost:
    """What happens to our ``request``-th request from when it is expected on."""

    request: int
    how: Loss
    for_good: bool = False
    seconds: float = 60.0

    def __str__(self) -> str:
        return f"{self.how}{' for good' if self.for_good else ''} at request {self.request}"


class RequestRelay:
    """For protocols in which each request is sent at once and waits for its answer."""

    def __init__(self, exchange: Exchange, upstream: str | int) -> None:
        """``upstream`` is the path of a socket, or a port."""
        self._upstream = upstream
        self._lost: Lost | None = None
        self.requests = 0
        self._server = exchange.listen(self._serve)
        self.port = port_of(self._server)

    def expect(self, lost: Lost | None) -> None:
        """Count requests from here on, and lose what is to be lost; None mends the line."""
        self.requests = 0
        self._lost = lost

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if isinstance(self._upstream, int):
            back, forth = await asyncio.open_connection("127.0.0.1", self._upstream)
        else:
            back, forth = await asyncio.open_unix_connection(self._upstream)
        ended = asyncio.Event()
        answering = asyncio.ensure_future(self._answers(back, writer, ended))
        try:
            with suppress(ConnectionError):
                await self._requests(reader, writer, forth, ended)
        finally:
            answering.cancel()
            for one in (writer, forth):
                one.transport.abort()

    async def _requests(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        forth: asyncio.StreamWriter,
        ended: asyncio.Event,
    ) -> None:
        while data := await reader.read(_MOST):
            how = self._fate()
            match how:
                case "request lost":
                    return
                case "stall":
                    assert self._lost is not None
                    await until_left(reader, self._lost.seconds)
                    return
                case "garbage":
                    writer.write(GARBAGE)
                    await writer.drain()
                    return
                case "answer lost":
                    ended.set()
            forth.write(data)
            await forth.drain()
            if how == "answer lost":
                await until_left(reader, 60.0)
                return

    async def _answers(
        self, back: asyncio.StreamReader, writer: asyncio.StreamWriter, ended: asyncio.Event
    ) -> None:
        with suppress(ConnectionError):
            while (data := await back.read(_MOST)) and not ended.is_set():
                writer.write(data)
                await writer.drain()
        writer.transport.abort()

    def _fate(self) -> Loss | None:
        number, self.requests = self.requests, self.requests + 1
        lost = self._lost
        if lost is None or number < lost.request or (number > lost.request and not lost.for_good):
            return None
        return lost.how
