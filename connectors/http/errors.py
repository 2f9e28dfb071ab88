"""Failures as RFC 9457 problem details, and how they are documented."""

import logging
import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from connectors.http.changes import NeedsConfirmation
from knowledge.errors import ErrorKind, SmartCartError
from tools.blocks import ConfirmationView

logger = logging.getLogger(__name__)

STATUS = {
    ErrorKind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorKind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorKind.CONFLICT: HTTPStatus.CONFLICT,
    ErrorKind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorKind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    ErrorKind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorKind.LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorKind.EXPIRED: HTTPStatus.GONE,
}


class FieldProblem(BaseModel):
    """One field that cannot be used, and why."""

    model_config = ConfigDict(extra="forbid")

    field: str
    problem: str


class Problem(BaseModel):
    """What every answer that is not a success looks like (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    kind: str | None = None
    errors: list[FieldProblem] | None = None
    confirmation: ConfirmationView | None = None
    """The question to answer before what was asked for can happen."""


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem(
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    errors: list[FieldProblem] | None = None,
    confirmation: ConfirmationView | None = None,
    headers: dict[str, str] | None = None,
) -> ProblemResponse:
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        kind=kind,
        errors=errors,
        confirmation=confirmation,
    )
    return ProblemResponse(body.model_dump(exclude_none=True), status_code=status, headers=headers)


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of failures; each body is a ``Problem``."""
    content = {ProblemResponse.media_type: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {int(status): {"description": status.phrase, "content": content} for status in statuses}


ANY_FAILURE = documented(
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
SHOPPER_FAILURE = documented(
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.GONE,
    HTTPStatus.TOO_MANY_REQUESTS,
)


def _expected(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, SmartCartError)
    status = STATUS[error.kind]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.warning("%s %s: %s", request.method, request.url.path, error)
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="smartcart"'
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        headers["Retry-After"] = "2"
    asked = error.confirmation if isinstance(error, NeedsConfirmation) else None
    return problem(status, str(error), kind=error.kind.value, confirmation=asked, headers=headers)


def _invalid(request: Request, error: Exception) -> ProblemResponse:
    del request
    assert isinstance(error, RequestValidationError)
    fields = [
        FieldProblem(field=_place(problem_), problem=problem_["msg"])
        for problem_ in error.errors()[:20]
    ]
    said = "; ".join(f"{one.field}: {one.problem}" for one in fields[:3])
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"The request cannot be used. {said}",
        kind=ErrorKind.INVALID.value,
        errors=fields,
    )


def _place(problem_: dict[str, Any]) -> str:
    """Name the field without the part of the request it is in, which has but one of it."""
    parts = [str(part) for part in problem_["loc"]]
    if problem_["type"] == "json_invalid":  # its place is an offset
        parts = parts[:1]
    return ".".join(parts[1:] or parts)


def _http(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods_of(request)))
    return problem(error.status_code, str(error.detail), headers=headers)


def _methods_of(request: Request) -> set[str]:
    """Find what a path allows; the router looks no further than the first route that fits."""
    for gap in ("[^/]+", ".+"):  # a product's id may hold slashes
        for template, operations in request.app.openapi()["paths"].items():
            pattern = "".join(
                gap if part.startswith("{") else re.escape(part)
                for part in re.split(r"({[^}]*})", template)
            )
            if re.fullmatch(pattern, request.url.path):
                return {method.upper() for method in operations}
    return {"GET"}


def _unexpected(request: Request, error: Exception) -> ProblemResponse:
    del request, error  # the server's own log has the traceback
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong in the shop. Nothing was changed."
    )


def install(app: FastAPI) -> None:
    app.add_exception_handler(SmartCartError, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
