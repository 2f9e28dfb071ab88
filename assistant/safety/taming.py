"""Brings what a model writes into a form that can be kept, sent and shown, however odd it is."""

import html
import json
import re
import unicodedata
from typing import Any
from uuid import uuid4

from langchain_core.messages import ToolCall

_LONGEST_TEXT = 4000
_LONGEST_ID = 128
_LONGEST_NAME = 64
_MOST_ENTRIES = 500
_LONGEST_CALL = 40_000
_DEEPEST = 12
_LARGEST = 2**53
# PostgreSQL keeps no NUL, and nobody reads half of a surrogate pair.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def keepable(text: str) -> str:
    return _UNKEEPABLE.sub("\ufffd", text)


def as_seen(text: str) -> str:
    """What a reader or a browser makes of it: entities read, unseen signs gone, letters plain."""
    if text.isascii():
        return html.unescape(text) if "&" in text else text
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", html.unescape(text)))


def tamed_call(call: ToolCall) -> ToolCall:
    """The same call, of a size and kind that every table and channel takes."""
    call_id = keepable(str(call["id"] or ""))
    if len(call_id) > _LONGEST_ID:
        call_id = f"call_{uuid4().hex[:20]}"
    arguments = _tamed(call["args"], _DEEPEST)
    if len(json.dumps(arguments)) > _LONGEST_CALL:
        arguments = {"arguments": "too long to be read"}
    name = keepable(call["name"])[:_LONGEST_NAME]
    return ToolCall(name=name, args=arguments, id=call_id, type="tool_call")


def _tamed(node: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON
    if node is None or (isinstance(node, int | float) and abs(node) <= _LARGEST):
        return node
    if depth == 0:
        return "\u2026"
    if isinstance(node, dict):
        entries = list(node.items())[:_MOST_ENTRIES]
        return {
            keepable(str(name))[:_LONGEST_NAME]: _tamed(one, depth - 1) for name, one in entries
        }
    if isinstance(node, list | tuple):
        return [_tamed(one, depth - 1) for one in node[:_MOST_ENTRIES]]
    # A number that no two readers of JSON take alike becomes text, too; the tool refuses it.
    return keepable(str(node)[:_LONGEST_TEXT])
