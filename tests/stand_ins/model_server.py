"""What the stand-ins of model vendors share: a loopback server that follows a script or rules."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass(frozen=True)
class Reply:
    """What the vendor answers next."""

    text: str = ""
    calls: Sequence[tuple[str, dict[str, Any]]] = ()
    status: int = 200
    seconds: float = 0.0
    broken: Literal["", "cut", "not json", "arguments", "empty", "declined"] = ""
    """``cut``: the connection ends in the middle; ``arguments``: no JSON in a tool call;
    ``declined``: the vendor's own guard keeps the answer back."""
    signature: str | None = None
    """Gemini's thought signature, which has to come back with the call."""


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


class ModelServer:
    """Serves on loopback from a thread of its own; ``verify`` at the end, or leave the block."""

    paths: Sequence[str] = ()

    def __init__(self, *script: Reply, rules: Sequence[Rule] = ()) -> None:
        self.script = list(script)
        self.rules = list(rules)
        self.asked: list[Asked] = []
        self.problems: list[str] = []
        app = Starlette(
            routes=[Route(path, self._handle, methods=["GET", "POST"]) for path in self.paths]
        )
        config = uvicorn.Config(
            app, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def start(self) -> Self:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            threading.Event().wait(0.005)
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    def verify(self) -> None:
        """Fail when it was asked too often, wrongly, or not often enough."""
        assert self.problems == []
        assert self.script == [], "the model was asked less often than the script says"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        if error is None:
            self.verify()

    def read(self, request: Request, body: dict[str, Any]) -> Asked:
        """Read the vendor's format. Raises ``Refused`` as the vendor would."""
        raise NotImplementedError

    def respond(self, asked: Asked, reply: Reply) -> Response:
        raise NotImplementedError

    def refuse(self, status: int, message: str) -> Response:
        raise NotImplementedError

    def other(self, request: Request) -> Response | None:
        """Requests that are no conversation."""
        return None

    def _serve(self) -> None:
        asyncio.run(self._server.serve())

    async def _handle(self, request: Request) -> Response:
        if (response := self.other(request)) is not None:
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
        await asyncio.sleep(reply.seconds)
        if reply.status != 200:
            return self.refuse(reply.status, "as the script says")
        return self.respond(asked, reply)

    def _next(self, asked: Asked) -> Reply | None:
        for rule in self.rules:
            reply = rule(asked)
            if reply is not None:
                return reply
        return self.script.pop(0) if self.script else None


def pieces(text: str, size: int = 5) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]
