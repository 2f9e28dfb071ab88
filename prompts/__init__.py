"""Texts a model or the offline model speaks from."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as it ships. ``digest`` tells in records which words a turn was given."""

    name: str
    text: str
    digest: str


@cache
def load(name: str) -> Prompt:
    """The prompt in ``name.md``."""
    text = (_HERE / f"{name}.md").read_text("utf-8").strip()
    return Prompt(name, text, hashlib.sha256(text.encode()).hexdigest()[:16])


@cache
def load_wording(name: str) -> Any:  # noqa: ANN401 - each file has a shape of its own
    """What stands in ``name.yaml``; every scalar is a string, so ``no`` stays a word."""
    text = (_HERE / f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes only strings and lists


def load_all_wording() -> None:
    """Read every wording file, so that nothing in a running turn has to wait for a disk."""
    for file in sorted(_HERE.glob("*.yaml")):
        load_wording(file.stem)
