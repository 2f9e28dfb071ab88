"""What the stand-ins of model vendors share: a loopback server that follows a script or rules.

    with OpenAiServer(Reply(status=429, retry_after=1), Reply("Hello.")) as server:
        model = ...(base_url=server.base_url)

``OpenAiServer`` speaks Chat Completions, ``ResponsesServer`` OpenAI's Responses, ``GeminiServer``
Gemini's generateContent; all three also embed (see ``embeddings_server``). Each ``Reply`` of the
script answers one request; ``rules`` are asked before the script. ``Reply`` says what comes and
what is wrong with it:

- ``status`` 400, 401, 403, 404, 408, 429, 500, 502, 503, 529, with ``retry_after`` in seconds or
  as a date;
- ``seconds`` before the headers, ``pause`` between the pieces of a stream;
- ``broken``: one of ``replies.Fault``, such as "cut text", "stall", "arguments", "text call";
- ``calls`` with arguments as a dictionary, or as a text that is sent as it is;
- ``usage`` with cached and reasoning tokens, or None; ``reasoning``; ``finish``; ``signature``.

Requests are checked as strictly as the vendor does: what it would refuse is answered with 400 and
fails ``verify``.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp

from tests.stand_ins.loopback import LoopbackServer
from tests.stand_ins.replies import Fault, Piece, Reply, Usage, pieces

__all__ = [
    "Asked",
    "Fault",
    "ModelServer",
    "Piece",
    "Refused",
    "Reply",
    "Rule",
    "Usage",
    "pieces",
]


@dataclass(frozen=True)
class Asked:
    """One request as the vendor saw it, the same for every vendor."""

    system: str
    messages: Sequence[dict[str, Any]]
    """``{"role": user | assistant | tool, "text", "calls": [(name, arguments)], "name"}``."""
    tools: Sequence[str]
    streamed: bool
    raw: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    schemas: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The arguments of each tool as they were sent."""

    @property
    def said(self) -> str:
        """The shopper's last words."""
        return next(str(one["text"]) for one in reversed(self.messages) if one["role"] == "user")

    @property
    def results(self) -> Sequence[dict[str, Any]]:
        """Tool results since the shopper's last words."""
        results: list[dict[str, Any]] = []
        for one in reversed(self.messages):
            if one["role"] == "user":
                break
            if one["role"] == "tool":
                results.insert(0, one)
        return results


Rule = Callable[[Asked], Reply | None]


class Refused(Exception):
    """The request is one the vendor would refuse."""


class ModelServer(LoopbackServer):
    """Serves on loopback from a thread of its own; ``verify`` at the end, or leave the block."""

    def __init__(self, *script: Reply, rules: Sequence[Rule] = ()) -> None:
        super().__init__()
        self.script = list(script)
        self.rules = list(rules)
        self.asked: list[Asked] = []
        self.problems: list[str] = []

    def verify(self) -> None:
        """Fail when it was asked too often, wrongly, or not often enough."""
        assert self.problems == []
        assert self.script == [], "the model was asked less often than the script says"

    def read(self, request: Request, body: dict[str, Any]) -> Asked:
        """Read the vendor's format. Raises ``Refused`` as the vendor would."""
        raise NotImplementedError

    def respond(self, asked: Asked, reply: Reply) -> ASGIApp:
        raise NotImplementedError

    def refuse(self, status: int, message: str, reply: Reply | None = None) -> ASGIApp:
        """Answer with an error; ``reply`` may say when to come again."""
        raise NotImplementedError

    async def other(self, request: Request) -> ASGIApp | None:
        """Requests that are no conversation."""
        return None

    async def handle(self, request: Request) -> ASGIApp:
        if (response := await self.other(request)) is not None:
            return response
        body = await request.json()
        try:
            asked = self.read(request, body)
        except Refused as refused:
            self.problems.append(str(refused))
            return self.refuse(400, str(refused))
        self.asked.append(asked)
        reply = self._next(asked)
        if reply is None:
            self.problems.append("the model was asked more often than the script says")
            return self.refuse(400, self.problems[-1])
        if not reply.broken.startswith("stall"):
            await asyncio.sleep(reply.seconds)
        if reply.status != 200:
            return self.refuse(reply.status, "as the script says", reply)
        return self.respond(asked, reply)

    def _next(self, asked: Asked) -> Reply | None:
        for rule in self.rules:
            reply = rule(asked)
            if reply is not None:
                return reply
        return self.script.pop(0) if self.script else None
