"""Recognises a tool call that a model wrote as text: each of the forms models are known to use."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import ToolCall
from pydantic_core import from_json

_NOTHING = object()
OPENERS = "<[{`f"
_TAGS = ("<tool_call>", "<function=")
_MISTRAL = "[TOOL_CALLS]"
_FENCE = "```"
_FENCES = ("", "json", "tool_call", "tool_code")
_PREFIX = "functions."
_NAMES = ("name", "tool", "tool_name", "function")
_ARGUMENTS = ("arguments", "parameters", "args", "input")
_WRAPPERS = ("function", "tool_calls")
_KEYS = frozenset((*_NAMES, *_ARGUMENTS, "tool_calls", "type", "id", "index"))
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.\-]*")
_NAME = re.compile(r"[\w.\-]*")
_TYPES = ("function", "tool_call", "tool_use")
_LANGUAGE = re.compile(r"([a-z_]*)\s*")
_FUNCTION = re.compile(r"functions\.(?P<name>[A-Za-z_]\w*)(?::\d*)?\s*(?P<open>\()?\s*")
_FIRST_KEY = re.compile(r'\[?\s*\{\s*"([^"\\]*)$')
_SINGLE = re.compile(r"\[?\s*\{\s*'")
_BRACES = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Prose:
    """It is no call: show it."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """It may become a call. ``hidden``: when nothing more comes, it was half of one."""

    hidden: bool


@dataclass(frozen=True, slots=True)
class Written:
    """It was a call, up to ``end``; what may still follow and belongs to it is ``closing``."""

    end: int
    calls: list[ToolCall] = field(default_factory=list)
    closing: tuple[str, ...] = ()


Reading = Prose | Unfinished | Written


class WrittenCalls:
    """Reads what a text begins with. What it says of a beginning holds however it goes on."""

    def __init__(self, tool_names: Collection[str]) -> None:
        self._known = frozenset(tool_names)
        names = "|".join(map(re.escape, sorted(self._known, key=len, reverse=True)))
        self._named = re.compile(
            rf'\[?\s*\{{\s*"(?:{"|".join(_NAMES)})"\s*:\s*"(?:functions\.)?(?:{names or "(?!)"})"'
        )

    def read(self, text: str) -> Reading:
        """What ``text`` begins with; its first character is one of ``OPENERS``."""
        match text[0]:
            case "<":
                return self._tagged(text)
            case "[" if _MISTRAL.startswith(text[: len(_MISTRAL)]) and text != "[":
                return self._mistral(text)
            case "`":
                return self._fenced(text)
            case "f":
                return self._function(text)
            case _:
                return self._json(text)

    def _tagged(self, text: str) -> Reading:
        tag = next((one for one in _TAGS if text.startswith(one)), None)
        if tag is None:
            return Unfinished(hidden=True) if _begins(_TAGS, text) else Prose()
        if tag == "<function=":
            return self._function_tag(text)
        start = _past_space(text, len(tag))
        closing = "</tool_call>"
        if text.startswith("<function=", start):
            return _later(self._function_tag(text[start:]), start, closing)
        if text[start : start + 1] in ("{", "["):
            return _later(self._value(text[start:]), start, closing)
        end = text.find(closing, start)
        return Unfinished(hidden=True) if end < 0 else Written(end + len(closing))

    def _function_tag(self, text: str) -> Reading:
        start = len("<function=")
        match = _IDENTIFIER.match(text, start)
        if match is None or match.end() == len(text):
            return Unfinished(hidden=True)
        start = match.end() + (text[match.end()] == ">")
        start = _past_space(text, start)
        closing = "</function>"
        if text.startswith("{", start):
            return self._arguments(text, start, match[0], closing)
        end = text.find(closing, start)
        if end < 0:
            return Unfinished(hidden=True)
        bare = not text[start:end].strip()
        calls = self._call(match[0], {} if bare else {"unreadable_arguments": text[start:end]})
        return Written(end + len(closing), calls)

    def _mistral(self, text: str) -> Reading:
        if len(text) < len(_MISTRAL):
            return Unfinished(hidden=True)
        start = _past_space(text, len(_MISTRAL))
        if text[start : start + 1] in ("[", "{"):
            return _later(self._value(text[start:]), start)
        match = _IDENTIFIER.match(text, start)
        if match is None:
            return Unfinished(hidden=True) if start == len(text) else Written(start)
        start = match.end() + len("[ARGS]") * text.startswith("[ARGS]", match.end())
        start = _past_space(text, start)
        if text.startswith("{", start):
            return self._arguments(text, start, match[0])
        if start == len(text) or "[ARGS]".startswith(text[start:]):
            return Unfinished(hidden=True)
        return Written(len(_MISTRAL))

    def _fenced(self, text: str) -> Reading:
        if not text.startswith(_FENCE):
            return Unfinished(hidden=False) if _FENCE.startswith(text) else Prose()
        match = _LANGUAGE.match(text, len(_FENCE))
        assert match is not None
        language, start = match[1], match.end()
        if match.end(1) == len(text) and not _begins(_FENCES, language):
            return Prose()
        if start == len(text):
            return Unfinished(hidden=language != "")
        if language not in _FENCES or text[start] not in "{[":
            return Prose()
        return _later(self._json(text[start:]), start, _FENCE)

    def _function(self, text: str) -> Reading:
        match = _FUNCTION.match(text)
        if match is None:
            begun = _PREFIX.startswith(text)
            return Unfinished(hidden=False) if begun else Prose()
        name, opened, start = match["name"], match["open"], match.end()
        if match.end("name") == len(text) and _begins(self._known, name):
            return Unfinished(hidden=True)
        if name not in self._known:
            return Prose()
        if start == len(text):
            return Unfinished(hidden=bool(opened) or ":" in text)
        return self._after_name(text, name, start, opened=bool(opened))

    def _after_name(self, text: str, name: str, start: int, *, opened: bool) -> Reading:
        if text[start] == "{":
            return self._arguments(text, start, name, *([")"] if opened else []))
        if opened and text[start] == ")":
            return Written(start + 1, self._call(name, {}))
        return Prose()

    def _arguments(self, text: str, start: int, name: str, *closing: str) -> Reading:
        """An object right after the name of its tool."""
        end = _balanced(text, start)
        if end is None:
            return Unfinished(hidden=True)
        return Written(end, self._call(name, _decoded(text[start:end])), closing)

    def _json(self, text: str) -> Reading:
        """JSON anywhere: only what is shaped like a call is one."""
        if not self._may_be_calls(text):
            return Prose()
        if _balanced(text, 0) is None:
            return Unfinished(hidden=True)
        return self._value(text)

    def _value(self, text: str) -> Reading:
        end = _balanced(text, 0)
        if end is None:
            return Unfinished(hidden=True)
        value = _decoded(text[:end])
        if not isinstance(value, dict | list):
            name = re.search(
                r"""["'](?:name|tool|tool_name|function)["']\s*:\s*["']([\w.]+)["']""", text[:end]
            )
            return Written(end, self._call(name[1], value) if name else [])
        found = _call_shapes(value, self._known)
        if found is None:
            return Prose()
        return Written(end, [call for name, given in found for call in self._call(name, given)])

    def _call(self, name: str, given: Any) -> list[ToolCall]:  # noqa: ANN401 - any JSON
        name = name.removeprefix(_PREFIX)
        if name not in self._known:
            return []
        if isinstance(given, str):
            given = _decoded(given or "{}")
        if given is None:
            given = {}
        if not isinstance(given, dict):
            given = {"unreadable_arguments": given}
        return [ToolCall(name=name, args=given, id=None, type="tool_call")]

    def _may_be_calls(self, text: str) -> bool:
        """Whether JSON that begins like this can be a call; at the first key that says no."""
        if _SINGLE.match(text):
            text = text.replace("'", '"')
        if self._named.match(text):
            return True
        first = _FIRST_KEY.match(text)
        if first is not None:
            return _begins(_KEYS, first[1])
        try:
            value = from_json(text, allow_partial="trailing-strings")
        except ValueError:
            return False
        return _may_become_call(value)


def _may_become_call(value: Any) -> bool:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return all(_may_become_call(one) for one in value)
    if not isinstance(value, dict) or not value.keys() <= _KEYS:
        return False
    inner = next((value[key] for key in _WRAPPERS if isinstance(value.get(key), dict | list)), None)
    if inner is not None:
        return _may_become_call(inner)
    name = next((value[key] for key in _NAMES if key in value), "")
    kind = str(value.get("type", ""))
    return _NAME.fullmatch(str(name)) is not None and _begins(_TYPES, kind)


def _call_shapes(value: Any, known: Collection[str]) -> list[tuple[str, Any]] | None:  # noqa: ANN401
    """Names with arguments; None when it is something else than calls."""
    if isinstance(value, list):
        found = [_call_shapes(one, known) for one in value]
        whole = bool(found) and None not in found
        return [call for one in found for call in one or ()] if whole else None
    if not isinstance(value, dict):
        return None
    for wrapper in _WRAPPERS:
        if isinstance(value.get(wrapper), dict | list):
            return _call_shapes(value[wrapper], known)
    name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
    given = next((value[key] for key in _ARGUMENTS if key in value), _NOTHING)
    if name is not None and given is not _NOTHING:
        return [(name, given)]
    if name is None or name.removeprefix(_PREFIX) not in known:
        return None
    return [(name, {key: one for key, one in value.items() if key not in (*_NAMES, "id", "type")})]


def _balanced(text: str, start: int) -> int | None:
    """Where the object or array that begins at ``start`` ends; None when it does not."""
    depth = 0
    for match in _BRACES.finditer(text, start):
        if match[0] in ("{", "["):
            depth += 1
        elif match[0] in ("}", "]"):
            depth -= 1
            if depth == 0:
                return match.end()
        elif match[0] == '"':
            return None
    return None


def _decoded(text: str) -> Any:  # noqa: ANN401 - any JSON
    """The JSON, or the text itself where it is none."""
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return text


def _begins(words: Collection[str], text: str) -> bool:
    return any(word.startswith(text) for word in words)


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _later(inner: Reading, start: int, *closing: str) -> Reading:
    """What was read of the text from ``start`` on."""
    if isinstance(inner, Written):
        return Written(start + inner.end, inner.calls, (*inner.closing, *closing))
    return inner
