"""Recorded talks, and what the gate knows of them."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from assistant.grounding.facts import Facts

TALKS = Path(__file__).parent / "talks"
Part = dict[str, Any]
"""As a conversation keeps it: ``user`` with a text, ``tool`` with text and blocks."""


def names() -> list[str]:
    return sorted(path.stem for path in TALKS.glob("*.json"))


@cache
def parts_of(name: str) -> list[Part]:
    parts: list[Part] = json.loads((TALKS / f"{name}.json").read_text("utf-8"))
    return parts


@cache
def _facts(name: str) -> Facts:
    facts = Facts()
    add_talk(facts, name)
    return facts


def add_talk(facts: Facts, name: str) -> None:
    parts = parts_of(name)
    for part in parts:
        if part["type"] == "user":
            facts.add_words(part["text"])
    for part in parts:
        if part["type"] == "tool":
            facts.add_result(part["text"], part["blocks"])
            if not part["ok"]:
                facts.add_words(part["text"], ours=True)


def facts_of(name: str) -> Facts:
    """As at the end of a turn that all of the talk was, to be checked against, not added to."""
    return replace(_facts(name))
