"""Keeps tool calls that a model writes as text from the shopper, and makes them real calls."""

from collections.abc import Collection

from langchain_core.messages import ToolCall

from assistant.written_calls import OPENERS, Prose, Unfinished, Written, WrittenCalls


class ToolTextFilter:
    """For one message of a model, however it is cut into pieces.

    Only the beginning of what may be a call is held back, and only until it is clear. A call of a
    tool that there is not is no call, but its JSON is not shown either.
    """

    def __init__(self, tool_names: Collection[str]) -> None:
        self._written = WrittenCalls(tool_names)
        self._held = ""
        self._before = " "
        self._closing: tuple[str, ...] = ()
        self._calls: list[ToolCall] = []

    def feed(self, text: str) -> str:
        """Take the next piece; returns what may be shown now."""
        self._held += text
        shown: list[str] = []
        while self._held:
            if self._closing:
                if not self._close():
                    break
                continue
            at = self._next_opener()
            if at != 0:
                shown.append(self._release(at))
                continue
            reading = self._written.read(self._held)
            if isinstance(reading, Unfinished):
                break
            if isinstance(reading, Prose):
                shown.append(self._release(1))
                continue
            self._take(reading)
        return "".join(shown)

    def finish(self) -> tuple[str, list[ToolCall]]:
        """What was still held back and is no half call, and the calls, in order."""
        rest = self._held
        self._held = ""
        if not rest or self._closing:
            return "", self._calls
        reading = self._written.read(rest)
        hidden = isinstance(reading, Unfinished) and reading.hidden
        if hidden and len(rest) == 1 and not self._before.isspace():
            hidden = False  # ":[" is a sad face
        return "" if hidden else rest, self._calls

    def _next_opener(self) -> int:
        """Where something that may be a call begins; the end of what is held when nothing does."""
        before = self._before
        for at, letter in enumerate(self._held):
            if letter in OPENERS and (letter != "f" or not (before.isalnum() or before == "_")):
                return at
            before = letter
        return len(self._held)

    def _release(self, count: int) -> str:
        shown, self._held = self._held[:count], self._held[count:]
        self._before = shown[-1]
        return shown

    def _take(self, written: Written) -> None:
        self._calls += written.calls
        self._held = self._held[written.end :]
        self._before = " "
        self._closing = written.closing

    def _close(self) -> bool:
        """Swallow what closes the call, if it comes next; False while that is not known yet."""
        rest = self._held.lstrip()
        closing = self._closing[0]
        if rest.startswith(closing):
            self._held, self._closing = rest[len(closing) :], self._closing[1:]
            return True
        if closing.startswith(rest):
            return False
        self._closing = self._closing[1:]
        return True
