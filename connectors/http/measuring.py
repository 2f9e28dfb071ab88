"""Counts requests by their route, and takes over the trace a caller began."""

import re
import time
from typing import Any

from opentelemetry import context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PROPAGATOR = TraceContextTextMapPropagator()
_FAILED = 500


class Measured:
    """The outermost layer, so that it sees what every other one answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        parts = scope["app"].state.application
        begun = time.monotonic()
        status = _FAILED

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        token = _take_over(scope) if parts.tracing.active else None
        try:
            await self._app(scope, receive, noting)
        finally:
            if token is not None:
                context.detach(token)
            seconds = time.monotonic() - begun
            parts.metrics.answered(scope["method"], _template(scope), status, seconds)


def _template(scope: Scope) -> str | None:
    """The path with names in place of what was asked for; a route knows only its router's part."""
    template: str | None = getattr(scope.get("route"), "path", None)
    if template is None:
        return None
    values = scope.get("path_params", {})
    parts = re.split(r"{(\w+)(?::\w+)?}", template)
    asked = "".join(str(values.get(p)) if i % 2 else p for i, p in enumerate(parts))
    path: str = scope["path"]
    return path.removesuffix(asked) + template if path.endswith(asked) else template


def _take_over(scope: Scope) -> Any:  # noqa: ANN401 - whatever OpenTelemetry gives
    headers = {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name in (b"traceparent", b"tracestate")
    }
    return context.attach(_PROPAGATOR.extract(headers)) if headers else None
