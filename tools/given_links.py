"""Takes out of what is shown the web addresses that only the caller of a tool brought in."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import TypeAdapter

from tools.blocks import Block

_LINK = re.compile(r"(?:https?://|www\.)[^\s\"'<>)\]]+", re.IGNORECASE)
_BLOCKS: TypeAdapter[list[Block]] = TypeAdapter(list[Block])


def without_given_links(arguments: dict[str, Any], blocks: Sequence[Block]) -> list[Block]:
    """A model must not speak past the gate by searching for what it wants to be read."""
    given = {link for text in _texts(arguments) for link in _LINK.findall(text)}
    if not given:
        return list(blocks)
    longest_first = sorted(given, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
    return _BLOCKS.validate_python(_less(_BLOCKS.dump_python(list(blocks), mode="json"), pattern))


def _less(node: Any, pattern: re.Pattern[str]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(node, str):
        return pattern.sub("\u2026", node)
    if isinstance(node, dict):
        return {name: _less(value, pattern) for name, value in node.items()}
    return [_less(value, pattern) for value in node] if isinstance(node, list) else node


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from _texts(value)
