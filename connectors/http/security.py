"""Who asks, and what browsers may do with the answers."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.http.parts import in_thread, parts_of
from knowledge.errors import Unauthenticated
from knowledge.shoppers.shoppers import Shopper

PAGE_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' https:; "
    "connect-src 'self'; "
    "font-src 'self'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="session",
    description="The token that `POST /api/v1/sessions` gave.",
)


async def authenticate(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Shopper:
    """The shopper of the session. Raises ``Unauthenticated``."""
    if credentials is None:
        message = "Send the session's token: Authorization: Bearer <token>."
        raise Unauthenticated(message)
    token = credentials.credentials
    shop = parts_of(request).shop

    def look_up() -> Shopper:
        with shop.read() as work:
            return work.shoppers.authenticate(token)

    return await in_thread(look_up)


SignedIn = Annotated[Shopper, Depends(authenticate)]


class SecurityHeaders:
    """Adds the headers that every answer carries; an answer may bring a stricter one itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)
