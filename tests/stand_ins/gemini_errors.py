"""Errors as Google's servers word them."""

from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.stand_ins.replies import Reply

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    408: "DEADLINE_EXCEEDED",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_GATEWAY = 502
_GOOGLE = "type.googleapis.com/google.rpc."


def gemini_error(status: int, message: str, reply: Reply | None = None) -> Response:
    headers = reply.retry_headers if reply else {}
    if status == _GATEWAY:
        page = f"<html><body><b>502.</b> That's an error. {message}</body></html>"
        return Response(page, status, headers, "text/html")
    error = error_of(status, message)
    if reply is not None and reply.retry_after is not None:
        error["details"] = [{"@type": f"{_GOOGLE}RetryInfo", "retryDelay": _delay(reply)}]
    return JSONResponse({"error": error}, status, headers)


def error_of(status: int, message: str) -> dict[str, Any]:
    return {"code": status, "message": message, "status": _STATUS.get(status, "INTERNAL")}


def _delay(reply: Reply) -> str:
    given = reply.retry_after
    seconds = (
        max((given - datetime.now(given.tzinfo)).total_seconds(), 0)
        if isinstance(given, datetime)
        else given or 0
    )
    return f"{seconds:g}s"
