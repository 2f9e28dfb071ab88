"""A server on loopback that runs in a thread of its own for as long as a test needs it."""

import asyncio
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.stand_ins.transport import CuttableProtocol


class LoopbackServer:
    """``verify`` at the end, or leave the block."""

    paths: Sequence[str] = ()

    def __init__(self) -> None:
        app = Starlette(routes=[Route(path, _Endpoint(self)) for path in self.paths])
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            log_config=None,
            lifespan="off",
            ws="none",
            http=CuttableProtocol,
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
        raise NotImplementedError

    async def handle(self, request: Request) -> ASGIApp:
        raise NotImplementedError

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

    def _serve(self) -> None:
        asyncio.run(self._server.serve())


class _Endpoint:
    """An ASGI application instead of a function: what it answers may be no ``Response``."""

    def __init__(self, server: LoopbackServer) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._server.handle(Request(scope, receive))
        await answer(scope, receive, send)
