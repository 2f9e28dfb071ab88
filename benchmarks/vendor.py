"""A model vendor for benchmarks: a process of its own on loopback that costs next to nothing.

Speaks Chat Completions: asks for a search first, and answers when it is given the result. It waits
``first`` seconds before each answer and ``gap`` seconds between the ``words`` of a text.
"""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
_SAID = "Here is what I found for you. Shall I put one of them into your cart? "
_QUERIES = ("oat milk", "pasta", "protein bar", "bananas", "olive oil", "dark chocolate")


@dataclass(frozen=True)
class Vendor:
    """A running vendor."""

    port: int

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def asked(self) -> list[dict[str, Any]]:
        """The requests since this was asked last."""
        with urlopen(f"http://127.0.0.1:{self.port}/asked", timeout=30) as reply:
            return cast("list[dict[str, Any]]", json.loads(reply.read()))


@contextmanager
def running_vendor(
    *, first: float = 0.0, gap: float = 0.0, words: int = 14, keep: bool = False
) -> Iterator[Vendor]:
    """``keep`` has it remember requests, for ``asked``."""
    command = [sys.executable, "-m", "benchmarks.vendor", f"{first}", f"{gap}", f"{words}"]
    with subprocess.Popen(  # noqa: S603 - our own module
        [*command, "--keep"] if keep else command, stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Vendor(int(process.stdout.readline()))
        finally:
            process.terminate()


def said(words: int) -> list[str]:
    """The answer, word by word."""
    return (_SAID * (words // 14 + 1)).split()[:words]


class _Answers:
    def __init__(self, first: float, gap: float, words: int, *, keep: bool) -> None:
        self._first, self._gap = first, gap
        pieces = [_event({"role": "assistant", "content": ""})]
        pieces += [_event({"content": f"{word} "}) for word in said(words)]
        self._text = [*pieces, *_ending("stop")]
        self._keep = keep
        self._asked: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if head.startswith(b"GET /asked"):
                    body = b"[" + b",".join(self._asked) + b"]"
                    self._asked.clear()
                    writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + body)
                    return
                body = await reader.readexactly(_length(head))
                if self._keep:
                    self._asked.append(body)
                await self._answer(body, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, body: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self._first)
        if body.rfind(b'"role":"tool"') < body.rfind(b'"role":"user"'):
            asking = _search(_QUERIES[len(body) % len(_QUERIES)])
            writer.write(_HEAD + b"".join(asking) + b"0\r\n\r\n")
        elif self._gap:
            writer.write(_HEAD)
            for piece in self._text:
                if writer.is_closing():
                    return  # nobody listens any more
                writer.write(piece)
                await asyncio.sleep(self._gap)
            writer.write(b"0\r\n\r\n")
        else:
            writer.write(_HEAD + b"".join(self._text) + b"0\r\n\r\n")
        await writer.drain()


def _search(query: str) -> list[bytes]:
    function = {"name": "search_catalog", "arguments": json.dumps({"query": query})}
    call = {"index": 0, "id": f"call_{id(query)}", "type": "function", "function": function}
    return [_event({"role": "assistant", "tool_calls": [call]}), *_ending("tool_calls")]


def _ending(reason: str) -> list[bytes]:
    usage = {"prompt_tokens": 5000, "completion_tokens": 20, "total_tokens": 5020}
    return [
        _event({}, reason),
        _chunk({"choices": [], "usage": usage}),
        _framed(b"data: [DONE]\n\n"),
    ]


def _event(delta: dict[str, Any], finish: str | None = None) -> bytes:
    return _chunk({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _chunk(part: dict[str, Any]) -> bytes:
    whole = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "bench", **part}
    return _framed(f"data: {json.dumps(whole)}\n\n".encode())


def _framed(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _length(head: bytes) -> int:
    place = head.lower().index(b"content-length:") + 15
    return int(head[place : head.index(b"\r\n", place)])


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=float)
    parser.add_argument("gap", type=float)
    parser.add_argument("words", type=int)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    answers = _Answers(given.first, given.gap, given.words, keep=given.keep)
    server = await asyncio.start_server(answers.serve, "127.0.0.1", 0, limit=1 << 20, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - who started it reads it
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(_main())
    except KeyboardInterrupt:
        sys.exit()
