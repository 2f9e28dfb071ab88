"""The HTTP application: routers, failures as problems, limits and headers."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi

from connectors.http import errors
from connectors.http.body_limit import BodyLimit
from connectors.http.measuring import Measured
from connectors.http.routers import (
    cart,
    chat,
    checkout,
    conversations,
    household,
    lists,
    me,
    messages,
    metrics,
    orders,
    page,
    products,
    recipes,
    sessions,
    shop,
    shopper,
)
from connectors.http.security import SecurityHeaders
from connectors.log_redaction import redact_logs
from connectors.settings import Settings
from connectors.wiring import Application

Opening = Callable[[], AbstractAsyncContextManager[Application]]
VERSION = "0.1.0"
DESCRIPTION = """Shop by chat: one conversation, one cart, on every channel.

Money and quantities are decimal strings. Unknown fields are errors. Failures are problem details
(RFC 9457). Begin with `POST /api/v1/sessions`; send its token as `Authorization: Bearer <token>`.
"""


def create_app(settings: Settings, opening: Opening) -> FastAPI:
    """Build the app; ``opening`` makes its parts when the server starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        redact_logs()
        async with opening() as application:
            app.state.application = application
            yield

    app = FastAPI(
        title="SmartCart",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=errors.ANY_FAILURE,
    )
    errors.install(app)
    api = APIRouter(prefix="/api/v1")
    for module in (
        sessions, messages, chat, products, recipes, cart, checkout, shopper, household, lists, me,
        orders, conversations, shop,
    ):  # fmt: skip
        api.include_router(module.router)
    app.include_router(api)
    app.include_router(shop.health)
    app.include_router(metrics.router)
    app.include_router(page.router)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"],
            expose_headers=["X-Run-Id"],
        )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Measured)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # as FastAPI documents
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document with our problem in place of its own error bodies."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        schemas = document["components"]["schemas"]
        schemas["Problem"] = errors.Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        schemas.update(schemas["Problem"].pop("$defs", {}))
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        for operations in document["paths"].values():
            for operation in operations.values():
                # FastAPI calls a stream a string; what it consists of is said by `itemSchema`.
                stream = operation["responses"].get("200", {}).get("content", {})
                stream.get("text/event-stream", {}).pop("schema", None)
        app.openapi_schema = document
    return app.openapi_schema
