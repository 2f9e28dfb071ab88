"""Reads what vendors' clients raise: what went wrong, whether to ask again, and when."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from langchain_core.exceptions import (
    ContextOverflowError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelInvalidRequestError,
    ModelNotFoundError,
    ModelPermissionDeniedError,
    ModelTimeoutError,
)

from assistant.model_calls import CallOutcome
from assistant.providers.advice import UNREACHABLE, advice_on, wants_money
from knowledge.errors import Unavailable

_LONGEST_TOLD = 300
_KEY = re.compile(r"\b(?:sk|pk|AIza|key)[-_]?[\w*.-]{8,}|Bearer\s+\S+", re.IGNORECASE)
_DELAY = re.compile(r"(\d+(?:\.\d+)?)s")
_CODES: dict[str, int] = {
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "overloaded_error": 529,
    "request_timeout": 408,
    "server_error": 500,
    "RESOURCE_EXHAUSTED": 429,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
_BUSY = frozenset({409, 425, 429, 503, 529})
_TIMED_OUT = frozenset({408, 504, 524})
_NOT_OURS = frozenset({401, 402, 403, 404})
_SERVERS_OWN = 500
_FOR_GOOD = (ModelAuthenticationError, ModelPermissionDeniedError, ModelNotFoundError)


class ModelFailed(Unavailable):
    """No model could be reached, or what they answered was unusable."""


@dataclass(frozen=True, slots=True)
class Failure:
    """``lasting``: asking again is of no use soon. ``of_request``: another request may do."""

    outcome: CallOutcome
    told: str
    retry_after: float | None = None
    lasting: bool = False
    of_request: bool = False
    advice: str = ""
    """What whoever runs the shop can do about it."""

    @property
    def worth_a_retry(self) -> bool:
        return self.outcome != "refused" and not self.of_request


def failure_of(error: BaseException, *, begun: bool = False) -> Failure:
    """``begun`` tells that a part of the answer had come already."""
    told, status = _told(error), _status(error)
    if status in _BUSY and not wants_money(error):
        return Failure("busy", told, retry_after=_retry_after(error))
    if isinstance(error, TimeoutError | ModelTimeoutError) or status in _TIMED_OUT:
        return Failure("timeout", told)
    if _is_refused(error, status):
        advice = advice_on(error, status)
        lasting = not isinstance(error, ContextOverflowError) and (
            isinstance(error, _FOR_GOOD) or status in _NOT_OURS or bool(advice)
        )
        return Failure("refused", told, lasting=lasting, of_request=not lasting, advice=advice)
    outcome = _of_connection(error, status, begun=begun)
    return Failure(outcome, told, advice=UNREACHABLE if outcome == "unreachable" else "")


def _is_refused(error: BaseException, status: int | None) -> bool:
    if isinstance(error, (*_FOR_GOOD, ContextOverflowError, ModelInvalidRequestError)):
        return True
    return status is not None and HTTPStatus.BAD_REQUEST <= status < _SERVERS_OWN


def _of_connection(error: BaseException, status: int | None, *, begun: bool) -> CallOutcome:
    names = {kind.__name__ for one in _causes(error) for kind in type(one).__mro__}
    if "No generation chunks" in str(error):
        return "empty"
    # The SDKs have a library each for HTTP (httpx, httpx2) that name their errors alike.
    if names & {"TimeoutException", "APITimeoutError"}:
        return "timeout"
    if begun or status is not None or names & {"ProtocolError", "RemoteProtocolError"}:
        return "broken"
    lost = names & {"APIConnectionError", "TransportError", "OSError"}
    if lost or isinstance(error, ModelConnectionError):
        return "unreachable"
    return "broken"


def _status(error: BaseException) -> int | None:
    for one in _causes(error):
        for name in ("status_code", "code", "type", "status"):
            value = getattr(one, name, None)
            if isinstance(value, int):
                return value
            if isinstance(value, str) and value in _CODES:
                return _CODES[value]
    return None


def _retry_after(error: BaseException) -> float | None:
    for one in _causes(error):
        headers = getattr(getattr(one, "response", None), "headers", None)
        if headers is not None and (told := _of_headers(headers)) is not None:
            return told
        if (told := _of_details(getattr(one, "details", None))) is not None:
            return told
    return None


def _of_headers(headers: Mapping[str, str]) -> float | None:
    milliseconds = headers.get("retry-after-ms")
    written = headers.get("retry-after")
    try:
        if milliseconds is not None:
            return max(float(milliseconds) / 1000, 0.0)
        return None if written is None else max(float(written), 0.0)
    except ValueError:
        return _until(written)


def _until(written: str | None) -> float | None:
    try:
        moment = parsedate_to_datetime(written or "")
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def _of_details(details: Any) -> float | None:  # noqa: ANN401 - whatever Google sent
    """Google says it in a ``RetryInfo`` of the error's details."""
    if isinstance(details, Mapping):
        return _of_details((details.get("error") or {}).get("details"))
    if isinstance(details, list):
        for one in details:
            found = (
                _DELAY.fullmatch(str(one.get("retryDelay"))) if isinstance(one, Mapping) else None
            )
            if found:
                return float(found[1])
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__


def _told(error: BaseException) -> str:
    said = str(error)
    first = list(_causes(error))[-1]
    if first is not error and _status(error) is None and str(first) not in said:
        said = f"{said} ({first})"  # "Connection error." alone helps nobody
    text = _KEY.sub("***", " ".join(said.split()))
    return f"{type(error).__name__}: {text}"[:_LONGEST_TOLD]
