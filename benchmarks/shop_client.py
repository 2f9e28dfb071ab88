"""Talks to a running shop over HTTP for benchmarks, with as little work of its own as can be."""

import asyncio
import json
import time
from dataclasses import dataclass

_MOST = 1 << 20


@dataclass(frozen=True)
class Seen:
    """A turn as its shopper saw it: seconds until the first text and to the end, and what came."""

    first_text: float
    whole: float
    text: str
    finished: bool


class Client:
    """One shopper."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._token = token
        self._thread = ""
        self._number = 0

    @classmethod
    async def arrive(cls, port: int) -> "Client":
        _, body = await _post(port, "/api/v1/sessions", {}, "")
        return cls(port, json.loads(body)["token"])

    def begin_anew(self) -> None:
        """Say the next thing in another conversation."""
        self._thread = ""

    async def say(self, text: str) -> Seen:
        """One turn over ``POST /api/v1/chat``, read event by event."""
        self._number += 1
        asked = {
            "threadId": self._thread or f"bench-{id(self)}",
            "runId": f"r{self._number}",
            "state": {},
            "messages": [{"id": f"m{id(self)}-{self._number}", "role": "user", "content": text}],
            "tools": [],
            "context": [],
            "forwardedProps": {},
        }
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=_MOST)
        writer.write(_request("/api/v1/chat", asked, self._token))
        first, finished = 0.0, False
        said: list[str] = []
        try:
            while line := await reader.readline():
                if not line.startswith(b"data: "):
                    continue
                if b'"RUN_STARTED"' in line[:60]:
                    self._thread = json.loads(line[6:])["threadId"]
                elif b'"TEXT_MESSAGE_CONTENT"' in line[:60]:
                    first = first or time.perf_counter() - begun
                    said.append(json.loads(line[6:])["delta"])
                elif b'"RUN_FINISHED"' in line[:60]:
                    finished = True
                    break
                elif b'"RUN_ERROR"' in line[:60]:
                    break
        finally:
            writer.close()
        return Seen(first, time.perf_counter() - begun, "".join(said), finished)


def _request(path: str, body: object, token: str) -> bytes:
    written = json.dumps(body).encode()
    return (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"accept: text/event-stream, application/json\r\nconnection: close\r\n"
        f"authorization: Bearer {token}\r\ncontent-length: {len(written)}\r\n\r\n"
    ).encode() + written


async def _post(port: int, path: str, body: object, token: str) -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_request(path, body, token))
    head, _, rest = (await reader.read(-1)).partition(b"\r\n\r\n")
    writer.close()
    return head, rest
