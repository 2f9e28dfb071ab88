"""Errors as OpenAI's servers, and the gateways before them, word them."""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.stand_ins.replies import Reply

_KINDS: dict[int, tuple[str, str | None]] = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    408: ("server_error", "request_timeout"),
    429: ("requests", "rate_limit_exceeded"),
    503: ("service_unavailable_error", None),
    529: ("overloaded_error", None),
}
_GATEWAY = 502
_BUSY = 429


def openai_error(status: int, message: str, reply: Reply | None = None) -> Response:
    headers = {"x-request-id": "req_stand_in", **(reply.retry_headers if reply else {})}
    if status == _GATEWAY:
        page = f"<html><body><h1>502 Bad Gateway</h1>{message}</body></html>"
        return Response(page, status, headers, "text/html")
    if status == _BUSY:
        headers |= {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1s"}
    return JSONResponse({"error": error_of(status, message)}, status, headers)


def error_of(status: int, message: str) -> dict[str, Any]:
    kind, code = _KINDS.get(status, ("server_error", None))
    return {"message": message, "type": kind, "param": None, "code": code}


def error_event(message: str) -> bytes:
    """What Chat Completions sends when it fails after it has begun."""
    return f"data: {json.dumps({'error': error_of(500, message)})}\n\n".encode()
