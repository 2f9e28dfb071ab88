"""Takes out of an answer what a model thinks aloud in it: nobody is to read that."""

_MARKS: tuple[tuple[str, str], ...] = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<seed:think>", "</seed:think>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
)
_OPENERS = tuple(opener for opener, _ in _MARKS)
_CLOSERS = tuple(closer for _, closer in _MARKS)
_STARTS = frozenset(mark[0] for mark in (*_OPENERS, *_CLOSERS))


class ThoughtFilter:
    """For one message, however it is cut into pieces. Only the beginning of a mark is held back.

    Some servers' templates open the thought themselves, so that only its end is sent:
    ``thought_first`` then waits for that end. ``closed_unopened`` tells that one came.
    """

    def __init__(self, *, thought_first: bool = False) -> None:
        self._held = ""
        self._closer: str | None = None
        self._waits = thought_first
        self._aside = ""
        self._trims = False
        self.closed_unopened = False

    def feed(self, text: str) -> str:
        """Take the next piece; returns what may be shown now."""
        self._held += text
        shown = self._shown()
        if self._trims:
            shown = shown.lstrip()
            self._trims = not shown
        return shown

    def _shown(self) -> str:
        shown = ""
        while self._held:
            if self._closer is not None:
                before, closed = self._until((self._closer,))
                if closed is None:
                    break
                self._closer = None
                self._trims = not shown
                continue
            before, mark = self._until((*_OPENERS, *_CLOSERS))
            if self._waits:
                self._aside += before
            else:
                shown += before
            if mark is None:
                break
            if mark in _OPENERS:
                # Who marks where a thought begins has not begun with an unmarked one.
                shown, self._aside, self._waits = self._aside + shown, "", False
                self._closer = _CLOSERS[_OPENERS.index(mark)]
            else:
                # Everything up to here was thought.
                self.closed_unopened = True
                self._waits, self._aside, shown = False, "", ""
                self._trims = True
        return shown

    def finish(self) -> str:
        """What was still held back and is no thought."""
        rest = "" if self._closer is not None else self._aside + self._held
        self._held = self._aside = ""
        return rest

    def _until(self, marks: tuple[str, ...]) -> tuple[str, str | None]:
        """Take what comes before the next mark, and the mark if it is there whole."""
        for at, letter in enumerate(self._held):
            if letter not in _STARTS:
                continue
            rest = self._held[at:]
            whole = next((mark for mark in marks if rest.startswith(mark)), None)
            begun = whole is None and any(mark.startswith(rest) for mark in marks)
            if whole is None and not begun:
                continue
            before = self._held[:at]
            self._held = rest[len(whole) :] if whole else rest
            return before, whole
        before, self._held = self._held, ""
        return before, None
