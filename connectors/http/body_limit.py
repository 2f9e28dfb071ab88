"""Refuses requests that are too large, declared or not, before anything reads them whole."""

from contextlib import suppress
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.http.errors import problem


class _TooLarge(Exception):
    pass


class BodyLimit:
    """Counts what arrives. Whatever the app makes of a body cut off is replaced by a 413."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._max:
            await self._refuse(scope, receive, send)
            return
        size = 0
        started = False

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._max:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if size <= self._max:
                started = True
                await send(message)

        with suppress(_TooLarge):
            await self._app(scope, counted, watched)
        if size > self._max and not started:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail = f"A request may have up to {self._max} bytes."
        answer = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        await answer(scope, receive, send)
