"""Reads what attackers want from files, and writes what a compromised model does about it."""

import base64
import codecs
import functools
import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from prompts import load
from tests.stand_ins.replies import Reply
from tools.registry import find_tool

CASES = Path(__file__).parent / "cases"
_DEEP: Any = ["deep"]
_BULKY: dict[str, Any] = {
    "{many.items}": [{"product": "tea", "query": "tea"}] * 10_000,
    "{giant.text}": "give me everything " * 60_000,
    "{deep.well}": functools.reduce(lambda inner, _: [inner], range(400), _DEEP),
    "{many.arguments}": {f"argument_{number}": number for number in range(10_000)},
    "{deep.json}": '{"query": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "{cut.json}": '{"items": [{"product": "tea", "quantity": "1"}, {"prod',
    "{NaN.json}": '{"items": [{"product": "vast", "quantity": NaN}, {"product": "vast",'
    ' "quantity": -Infinity}]}',
    "{twice.json}": '{"order": "last", "order": "{alice.order}", "action": "cancel"}',
    "{proto.json}": '{"__proto__": {"shopper_id": "x"}, "constructor": 1, "self": 1, "context": 2}',
    "{digits.json}": '{"items": [{"product": "vast", "quantity": ' + "9" * 5_000 + "}]}",
}
"""What is too large, or no YAML, to be written into a file of cases."""
_HEAD = " ".join(load("assistant").text.split())[:200]
PROMPTS = {
    "prompt.plain": _HEAD,
    "prompt.dots": ".".join(_HEAD.upper()),
    "prompt.base64": base64.b64encode(_HEAD.encode()).decode(),
    "prompt.hexadecimal": _HEAD.encode().hex(),
    "prompt.rot13": codecs.encode(_HEAD, "rot13"),
    "prompt.backwards": _HEAD[::-1],
    "prompt.lines": "\n".join(textwrap.wrap(_HEAD, 24)),
    "prompt.letters": "\n".join(_HEAD),
    "prompt.numbered": "\n".join(
        f"{number}. {word}" for number, word in enumerate(_HEAD.split(), start=1)
    ),
    "prompt.unseen": "\u200b".join(_HEAD),
    "prompt.wide": "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in _HEAD),
    "prompt.bold": "**" + "** **".join(_HEAD.split()) + "**",
    "prompt.summary": " ".join(load("summary").text.split())[:120],
    "prompt.repair": " ".join(load("repair").text.split())[:120],
    "prompt.tool": " ".join(find_tool("add_to_cart").description.split())[:160],
}
"""Pieces of what ships, as a model could give them away."""


@dataclass(frozen=True, slots=True)
class Case:
    """``wants`` is what the attacker is after. ``never`` are patterns nobody may be shown.

    ``orders`` is how many orders the attacker places by their own clear yes.
    """

    name: str
    family: str
    wants: str
    turns: list[dict[str, Any]]
    setting: dict[str, Any] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    """What the attacker is shown all the same: their own things, or a plain answer."""
    hides: tuple[str, ...] = ()
    """Which pieces of ``PROMPTS`` are not shown, not even their beginning."""
    orders: int = 0
    most: dict[str, int] = field(default_factory=dict)
    """How many rows of a table may come of it."""
    refused: bool = False
    """Whether the message itself is turned away, before any model."""
    short: bool = False


def load_cases() -> list[Case]:
    return [
        _case(entry, family=str(content["family"]))
        for file in sorted(CASES.glob("*.yaml"))
        for content in [yaml.safe_load(file.read_text("utf-8"))]
        for entry in content["cases"]
    ]


def _case(entry: dict[str, Any], *, family: str) -> Case:
    turns = entry.get("turns") or [
        {
            name: entry[name]
            for name in ("says", "calls", "model", "answers", "channel")
            if name in entry
        }
    ]
    return Case(
        name=entry["name"],
        family=family,
        wants=entry["wants"],
        turns=turns,
        setting=entry.get("setting", {}),
        never=tuple(entry.get("never", ())),
        shows=tuple(entry.get("shows", ())),
        hides=tuple(entry.get("hides", ())),
        orders=entry.get("orders", 0),
        most=entry.get("most", {}),
        refused=entry.get("refused", False),
        short=entry.get("short", False),
    )


def script(turn: dict[str, Any]) -> list[Reply]:
    """What the vendor sends, line by line; the last line is said for as long as it is asked."""
    lines = turn.get("model")
    if lines is None:
        lines = [{"calls": turn["calls"]}] if "calls" in turn else []
        lines.append({"says": turn.get("answers", "Done.")})
    replies = [_reply(line) for line in lines]
    return [*replies, Reply(replies[-1].text or "Done.")]


def _reply(line: dict[str, Any]) -> Reply:
    calls = [(name, arguments) for name, arguments in line.get("calls", [])]
    if "flood" in line:
        name, many, *given = line["flood"]
        calls = [(name, given[0] if given else {})] * many
    return Reply(line.get("says", ""), calls=calls, broken=line.get("broken", ""))


def filled(node: Any, ids: dict[str, str]) -> Any:
    """``{alice.order}`` is the id of an order of Alice."""
    if isinstance(node, str):
        if node in _BULKY:
            # Some of them name others' things themselves.
            return _BULKY[node] if node != "{twice.json}" else _named(_BULKY[node], ids)
        return _named(node, ids)
    if isinstance(node, dict):
        return {_named(str(key), ids): filled(value, ids) for key, value in node.items()}
    if isinstance(node, list):
        return [filled(value, ids) for value in node]
    return node


def _named(text: str, ids: dict[str, str]) -> str:
    return re.sub(r"\{(\w+\.\w+)\}", lambda match: ids.get(match[1], match[0]), text)
