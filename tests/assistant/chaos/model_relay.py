"""Stands between a vendor's client and its stand-in, and breaks an answer at any of its bytes."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from tests.assistant.chaos.exchange import GARBAGE, Exchange, hang_up, port_of, until_left

Kind = Literal["refuse", "cut", "stall", "garbage", "noise"]
NOISE = (
    b'data: {"choices": [{"delta": {"cont\n\n',
    b"data: [1, 2]\n\n",
    b"data: null\n\n",
    b'data: {"choices": [null]}\n\n',
    b"\xff\xfe\x00\xc3\x28\n\n",
    b"event: nothing\ndata:\n\n",
    b"id: 7\n\n<html>\n\n",
)
"""What is framed as HTTP should be, but is no event of the vendor's."""


@dataclass(frozen=True)
class Break:
    """Where and how: the answer to request ``request``, at the ``point``-th of its points."""

    request: int
    point: int
    kind: Kind
    for_good: bool = False
    """Every later request ends the same way; else the vendor is well again at once."""
    seconds: float = 60.0

    def __str__(self) -> str:
        lasting = " for good" if self.for_good else ""
        return f"{self.kind}{lasting} at point {self.point} of request {self.request}"


class ModelRelay:
    """``answers`` is what the vendor said, byte for byte; ``stalled`` who still waits for more."""

    def __init__(self, exchange: Exchange, upstream: int) -> None:
        self._exchange = exchange
        self._upstream = upstream
        self._broken: Break | None = None
        self.answers: list[bytes] = []
        self.stalled = 0
        self.asked = 0
        self._server = exchange.listen(self._serve)
        self.port = port_of(self._server)

    def expect(self, broken: Break | None) -> None:
        """Count requests from here on, and break what is to be broken; None mends the line."""
        self._broken = broken
        self.asked = 0
        self.answers.clear()
        if not self._server.is_serving():
            self._server = self._exchange.listen(self._serve, self.port)
        self._close_if_refusing()

    def close(self) -> None:
        self._exchange.call(self._server.close)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, self.asked = self.asked, self.asked + 1
        broken = self._broken
        if broken is not None and not self._hits(broken, number):
            broken = None
        if broken is not None and broken.point < 0:
            await self._break(broken, reader, writer)
            return
        answer = await self._ask(await _message(reader))
        self.answers.append(answer)
        self._close_if_refusing()
        if broken is None:
            writer.write(answer)
            await writer.drain()
            return
        places = points(answer)
        place = places[min(broken.point, len(places) - 1)]
        writer.write(answer[:place])
        await writer.drain()
        await self._break(broken, reader, writer)
        if broken.kind == "noise":
            writer.write(answer[place:])
            await writer.drain()

    def _hits(self, broken: Break, number: int) -> bool:
        return number == broken.request or (broken.for_good and number > broken.request)

    async def _break(
        self, broken: Break, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        match broken.kind:
            case "cut":
                await hang_up(writer, rudely=broken.point % 2 == 1)
            case "garbage":
                writer.write(GARBAGE)
                await writer.drain()
            case "noise":
                noise = NOISE[broken.point % len(NOISE)]
                writer.write(b"%x\r\n%b\r\n" % (len(noise), noise))
                await writer.drain()
            case "stall":
                self.stalled += 1
                await until_left(reader, broken.seconds)
                self.stalled -= 1

    def _close_if_refusing(self) -> None:
        broken = self._broken
        if broken is not None and broken.kind == "refuse" and self.asked == broken.request:
            # Who comes now finds nobody there, before anything is connected.
            self._exchange.call(self._server.close)

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        line, _, rest = request.partition(b"\r\n")
        writer.write(line + b"\r\nConnection: close\r\n" + rest)
        answer = await reader.read(-1)
        writer.close()
        return answer


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next(int(line[15:]) for line in lines if line.lower().startswith(b"content-length:"))
    return b"\r\n".join(lines) + await reader.readexactly(length)


def points(answer: bytes) -> list[int]:
    """Where an answer may break: in and behind its head; before, within and behind each piece."""
    body = answer.index(b"\r\n\r\n") + 4
    found = [0, 9, body - 3, body]
    if b"transfer-encoding: chunked" not in answer[:body].lower():
        return [*found, body + (len(answer) - body) // 2, len(answer) - 1]
    for start, end in chunks(answer):
        found += [start + (end - start) // 2, end]
    return sorted({place for place in found if place < len(answer)})


def chunks(answer: bytes) -> list[tuple[int, int]]:
    """Each piece that was sent at once, from its length to the line's end behind it."""
    place = answer.index(b"\r\n\r\n") + 4
    found = []
    while place < len(answer):
        size_end = answer.index(b"\r\n", place)
        end = size_end + 2 + int(answer[place:size_end], 16) + 2
        found.append((place, end))
        place = end
    return found


def framed(answer: bytes) -> list[int]:
    """Those of its points at which another piece could stand."""
    places = points(answer)
    return [places.index(end) for _, end in chunks(answer)[:-1]]
