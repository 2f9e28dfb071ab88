"""Puts what a vendor says on the wire, with the faults that a connection can have."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain, repeat

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.stand_ins.replies import Piece, Reply

_PAGE = b"<html><head><title>Bad gateway</title></head><body>Bad gateway</body></html>"
_GARBAGE = bytes((number * 73 + 41) % 256 for number in range(600))
_HALF_AN_EVENT = b'data: {"choices": [{"delta": {"cont\n\n'
_ENDLESS_PAUSE = 0.002
Address = tuple[str, int]
_OPEN: dict[tuple[Address, Address], asyncio.Transport] = {}


class CuttableProtocol(H11Protocol):
    """Lets an answer end its connection, which ASGI has no message for."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.server is not None and self.client is not None:
            _OPEN[self._ends()] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _OPEN.pop(self._ends(), None)
        super().connection_lost(exc)

    def _ends(self) -> tuple[Address, Address]:
        assert self.server is not None
        assert self.client is not None
        return (self.server[0], int(self.server[1] or 0)), self.client


async def _cut(scope: Scope) -> None:
    _OPEN[tuple(scope["server"]), tuple(scope["client"])].close()
    await asyncio.sleep(0.01)  # uvicorn hears of it in the next round of the loop


class Delivery:
    """One answer of pieces, whole or as ``reply.broken`` says; ends when the client leaves."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        reply: Reply,
        *,
        media_type: str,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> None:
        self._pieces = list(pieces)
        self._reply = reply
        self._fault = reply.broken
        self._status = status
        self._headers = {"content-type": media_type, **(headers or {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._fault == "cut before":
            await _cut(scope)
            return
        if self._fault == "wrong type":
            self._headers["content-type"] = "text/html; charset=utf-8"
        await send(
            {
                "type": "http.response.start",
                "status": self._status,
                "headers": [(name.encode(), text.encode()) for name, text in self._headers.items()],
            }
        )
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await self._send(scope, send, gone)
        finally:
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone

    async def _send(self, scope: Scope, send: Send, gone: "asyncio.Future[None]") -> None:
        match self._fault:
            case "not json" | "wrong type":
                await _write(send, _PAGE)
            case "garbage":
                await _write(send, _GARBAGE)
            case _:
                place = self._place()
                for number, piece in enumerate(self._with_endless()):
                    if number == place and not await self._fail(scope, send, gone):
                        return
                    if number:
                        await _wait(gone, self._pause)
                    if gone.done():
                        return
                    await _write(send, piece.data.replace(b"\\ufffd", b"\xc3\x28"))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    @property
    def _pause(self) -> float:
        return _ENDLESS_PAUSE if self._fault == "endless" else self._reply.pause

    def _with_endless(self) -> "chain[Piece]":
        more = [piece for piece in self._pieces if piece.part == "text"]
        if self._fault == "endless":
            first = self._pieces[: self._pieces.index(more[0])]
            return chain(first, chain.from_iterable(repeat(more)))
        return chain(self._pieces)

    async def _fail(self, scope: Scope, send: Send, gone: "asyncio.Future[None]") -> bool:
        """Do what is wrong at its place; False when nothing comes after it."""
        if self._fault.startswith("cut"):
            await _cut(scope)
            return False
        if self._fault.startswith("stall"):
            await _wait(gone, self._reply.seconds)
        elif self._fault == "garbage event":
            await _write(send, _HALF_AN_EVENT)
        return not gone.done()

    def _place(self) -> int:
        """Before which piece it goes wrong."""
        parts = [piece.part for piece in self._pieces]
        said = [number for number, part in enumerate(parts) if part in {"text", "arguments"}]
        match self._fault.partition(" ")[::2]:
            case "cut" | "stall", "headers":
                return 0
            case "cut", "text":
                texts = [number for number in said if parts[number] == "text"]
                return texts[len(texts) // 2] + 1 if texts else 1
            case "cut" | "stall", "arguments":
                arguments = [number for number in said if parts[number] == "arguments"]
                return arguments[len(arguments) // 2] + 1 if arguments else 1
            case "cut" | "stall", "finish":
                return parts.index("finish")
        return said[0] + 1 if said else 1


async def _write(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})
    await asyncio.sleep(0)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _wait(gone: "asyncio.Future[None]", seconds: float) -> None:
    if seconds:
        await asyncio.wait([gone], timeout=seconds)


def whole(body: bytes) -> list[Piece]:
    """Halve an answer that is not streamed, so that it can be cut in the middle."""
    middle = len(body) // 2
    return [Piece("opening", body[:middle]), Piece("finish", body[middle:])]
