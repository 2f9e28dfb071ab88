"""Keeps secrets and people's particulars out of every log, whoever writes it."""

import logging
import re
from collections.abc import Iterable

from assistant.safety.redaction import redact

_SERVERS = ("uvicorn", "uvicorn.access", "uvicorn.error")
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        # Whoever has such an address can use it: the path is the secret.
        ((r"(https?://(?:hooks\.slack\.com|discord(?:app)?\.com/api/webhooks|[\w.-]*webhook[\w.-]*)"
         r")/[^\s\"'<>]+"), r"\1/[removed]"),
        (r"(https?://api\.telegram\.org/(?:file/)?bot)[^/\s\"']+", r"\1[removed]"),
        (r"(https?://[^\s\"'<>]*?/(?:webhooks?|hooks?)/)[^\s\"'<>]+", r"\1[removed]"),
        (r"(\b[a-z][a-z0-9+.-]*://)[^/\s:@\"']*:[^/\s@\"']+@", r"\1[removed]@"),
        ((r"(\b(?:proxy-)?authorization[\"']?\s*[:=,]\s*[\"'b(]*(?:basic|bearer|digest)?\s*)"
         r"[\w.~+/=-]{6,}"), r"\1[removed]"),
        (r"(\bset-cookie[\"']?\s*[:=]|\bcookie[\"']?\s*[:=])[^\n]+", r"\1 [removed]"),
        ((r"([?&](?:access_token|auth|code|key|api_key|apikey|password|secret|session|sig|"
         r"signature|token|x-amz-[a-z-]+)=)[^&\s\"'#]+"), r"\1[removed]"),
        ((r"(\bx-(?:api-key|goog-api-key|signature|twilio-signature|hub-signature(?:-256)?)"
         r"[\"']?\s*[:=,]\s*[\"'b]*)[^\s\"',)]+"), r"\1[removed]"),
        (r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+", "[mail removed]"),
        (r"(?<![\w.+-])\+\d(?:[ ().-]{0,2}\d){7,14}(?![\w.])", "[phone removed]"),
        (r"(?<![\w.-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w.-])", "[phone removed]"),
    )
)  # fmt: skip


def without_secrets(text: str) -> str:
    """What may be written down of a text."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return redact(text).text


class LogRedaction(logging.Filter):
    """On a handler it sees every record, also those of libraries, before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.args and record.name.startswith("uvicorn"):
            # Its formatter wants the parts of a request one by one.
            record.args = _cleaned(record.args)
        else:
            try:
                said = record.getMessage()
            except (TypeError, ValueError):  # logging itself tells of it, and goes on
                said = str(record.msg)
            clean = without_secrets(said)
            if clean != said:
                record.msg, record.args = clean, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_secrets(record.exc_text)
        return True


def redact_logs(handlers: Iterable[logging.Handler] = ()) -> None:
    """Put the filter on all handlers there are, once on each."""
    loggers = [logging.getLogger(), *map(logging.getLogger, _SERVERS)]
    known = [handler for logger in loggers for handler in logger.handlers]
    last = [logging.lastResort] if logging.lastResort is not None else []
    for handler in dict.fromkeys([*known, *last, *handlers]):
        if not any(isinstance(one, LogRedaction) for one in handler.filters):
            handler.addFilter(LogRedaction())


def _cleaned(args: object) -> tuple[object, ...] | dict[str, object]:
    if isinstance(args, dict):
        return {name: _one(value) for name, value in args.items()}
    return tuple(_one(value) for value in args) if isinstance(args, tuple) else (_one(args),)


def _one(value: object) -> object:
    return without_secrets(value) if isinstance(value, str) else value
