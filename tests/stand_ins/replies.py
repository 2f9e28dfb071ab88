"""What a vendor's stand-in answers next, and what may be wrong with it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from itertools import count
from typing import Any, Literal

Fault = Literal[
    "",
    # The connection ends: without an answer, after the headers, after the first piece, in the
    # middle of the text, within the arguments of a call, right before it says why it stops.
    "cut before",
    "cut headers",
    "cut",
    "cut text",
    "cut arguments",
    "cut finish",
    # Silence for ``seconds``: after the headers, after the first piece, within the arguments,
    # right before it says why it stops.
    "stall headers",
    "stall",
    "stall arguments",
    "stall finish",
    # What comes is not the protocol: a page of HTML called JSON, a page of HTML, bytes, bytes or
    # half an event in the middle, text that is no UTF-8.
    "not json",
    "wrong type",
    "garbage",
    "garbage event",
    "bad utf-8",
    # Arguments that are no JSON, a JSON string, a JSON array; ids all the same, or missing.
    "arguments",
    "string arguments",
    "array arguments",
    "same id",
    "no id",
    "text call",
    # Endings: nothing said, kept back, refused in words, too long, a wrong reason, no reason at
    # all, the vendor's own failure in the middle (for Responses in either of its two forms).
    "empty",
    "declined",
    "refusal",
    "length",
    "wrong finish",
    "unfinished",
    "failed",
    "error event",
    # Half a megabyte of text; text that goes on until the client leaves.
    "huge",
    "endless",
]
HUGE = 500_000
_IDS = count(1)


@dataclass(frozen=True)
class Usage:
    """Tokens as a vendor counts them: ``cached`` of the input, ``reasoning`` of the output."""

    input: int = 10
    output: int = 5
    cached: int = 0
    reasoning: int = 0

    @property
    def total(self) -> int:
        return self.input + self.output


@dataclass(frozen=True)
class WrittenCall:
    """A call as it goes over the wire: arguments are text, right or wrong."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Reply:
    """What the vendor answers next."""

    text: str = ""
    calls: Sequence[tuple[str, Any]] = ()
    """Names and arguments; arguments that are a text are sent as they are."""
    status: int = 200
    seconds: float = 0.0
    """Silence before the headers, or where ``broken`` says that it stalls."""
    broken: Fault = ""
    signature: str | None = None
    """Gemini's thought signature, which has to come back with the call."""
    pause: float = 0.0
    """Silence between one piece and the next."""
    retry_after: float | datetime | None = None
    """Told with a ``status`` of failure."""
    reasoning: str | None = None
    """What the model thinks first: an item of Responses, a thought of Gemini."""
    finish: str | None = None
    """The reason to stop, in the vendor's words, when it is not the usual one."""
    usage: Usage | None = Usage()

    @property
    def said(self) -> str:
        """The text as it is sent, with what ``broken`` does to it."""
        text = self.text
        if self.broken == "text call":
            text += "".join(
                f"<tool_call>\n{json.dumps({'name': name, 'arguments': arguments})}\n</tool_call>"
                for name, arguments in self.calls
            )
        if self.broken == "huge":
            text *= -(-HUGE // max(len(text), 1))
        if self.broken == "bad utf-8":
            middle = len(text) // 2
            text = f"{text[:middle]}\ufffd{text[middle:]}"
        return text

    @property
    def written_calls(self) -> list[WrittenCall]:
        if self.broken in {"text call", "refusal"}:
            return []
        return [
            WrittenCall(self._id(), name, self._arguments(arguments))
            for name, arguments in self.calls
        ]

    @property
    def retry_headers(self) -> dict[str, str]:
        match self.retry_after:
            case None:
                return {}
            case datetime():
                return {"retry-after": format_datetime(self.retry_after, usegmt=True)}
            case seconds:
                return {"retry-after": f"{seconds:g}"}

    def _id(self) -> str:
        if self.broken == "no id":
            return ""
        return "call_same" if self.broken == "same id" else f"call_{next(_IDS)}"

    def _arguments(self, arguments: Any) -> str:
        if isinstance(arguments, str):
            return arguments
        written = json.dumps(arguments)
        match self.broken:
            case "arguments":
                return written[:-1]
            case "string arguments":
                return json.dumps(written)
            case "array arguments":
                return f"[{written}]"
        return written


@dataclass(frozen=True)
class Piece:
    """Bytes that a vendor sends at once, and which part of its answer they are of."""

    part: Literal["opening", "text", "arguments", "finish"]
    data: bytes


def pieces(text: str, size: int = 5) -> list[str]:
    """Cut a text as models do, a long one into longer pieces."""
    size = max(size, len(text) // 400)
    return [text[start : start + size] for start in range(0, len(text), size)]
