"""Puts streamed tool calls together, also where a server numbers their pieces wrongly or not."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import ToolCall, ToolCallChunk

UNREADABLE = "unreadable_arguments"
"""The only argument of a call whose arguments are no JSON object; the tools refuse it in words."""
PIECES = "call_pieces"
"""Where a streamed message carries the pieces of its calls, unread; see ``TolerantChat``."""


@dataclass(slots=True)
class _Begun:
    id: str | None
    name: str
    written: list[str] = field(default_factory=list)

    @property
    def arguments(self) -> str:
        return "".join(self.written)

    def add(self, piece: ToolCallChunk) -> None:
        self.id = self.id or piece["id"]
        name = piece["name"] or ""
        if name != self.name:
            self.name += name
        if piece["args"]:
            self.written.append(piece["args"])

    def is_another(self, piece: ToolCallChunk) -> bool:
        """Whether a piece with the same number, or none, begins the next call."""
        if piece["index"] is not None and piece["id"] and self.id:
            return piece["id"] != self.id
        return bool(piece["name"]) and _object(self.arguments) is not None


class CallPieces:
    """For one message. The calls stand in the order in which they began."""

    def __init__(self) -> None:
        self.length = 0
        """Of the names and arguments so far."""
        self._calls: list[_Begun] = []
        self._numbered: dict[Any, _Begun] = {}

    def __bool__(self) -> bool:
        return bool(self._calls)

    def take(self, pieces: Iterable[ToolCallChunk]) -> None:
        for piece in pieces:
            self.length += len(piece["name"] or "") + len(piece["args"] or "")
            number = piece["index"]
            begun = self._last if number is None else self._numbered.get(number)
            if begun is None or begun.is_another(piece):
                begun = _Begun(None, "")
                self._calls.append(begun)
                self._numbered[number] = begun
            begun.add(piece)

    def read(self) -> list[ToolCall]:
        """The calls, unmended: what was cut off may have said something else."""
        return [
            ToolCall(
                name=one.name or "unknown",
                args=_read(one.arguments),
                id=one.id,
                type="tool_call",
            )
            for one in self._calls
        ]

    @property
    def _last(self) -> _Begun | None:
        return self._calls[-1] if self._calls else None


def _read(written: str) -> dict[str, Any]:
    read = _object(written or "{}")
    # The runner refuses this argument and says so, and the model can mend its call.
    return {UNREADABLE: written} if read is None else read


def _object(written: str) -> dict[str, Any] | None:
    try:
        read = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None
