"""Checks a folder of a shop's own prompts before a shopper is answered with them."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import yaml

from prompts import read_folder, read_wording

OWN_WORDING = ("apologies", "suggestions")
"""Wording that may be a shop's own; the checks of answers rest on the rest."""
VARIANT = re.compile(r"(?!small$)[a-z0-9][a-z0-9_-]*")
"""What a variant may be called; ``small`` is what the short prompts are."""
CONTROL = "control"
"""The variant that may go without files: the prompts as they are."""


def problems(folder: Path) -> list[str]:
    """Why the files of a folder cannot be used, each in one line; nothing when they can."""
    if not folder.is_dir():
        return [f"{folder} is not a folder"]
    try:
        return [*_in_prompts(folder), *_in_wording(folder)]
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        return [f"a file of {folder} cannot be read: {error}"]


def _in_prompts(folder: Path) -> Iterator[str]:
    ours = read_folder()
    for name, prompt in read_folder(folder).items():
        base, _, variant = name.rpartition(".")
        original = ours.get(name) or (ours.get(base) if VARIANT.fullmatch(variant) else None)
        if original is None:
            yield f"{name}.md is the name of no prompt; there are {', '.join(sorted(ours))}"
        elif not prompt.text:
            yield f"{name}.md is empty"
        else:
            yield from _in_places(name, prompt.text, wanted=_places(original.text))


def _in_places(name: str, text: str, *, wanted: set[str]) -> Iterator[str]:
    """A prompt of ours without places, or with braces that are none, is never filled."""
    if not wanted or not all(place.isidentifier() for place in wanted):
        return
    places = _places(text)
    for missing in sorted(wanted - places):
        yield f"{name}.md lacks {{{missing}}}"
    for unknown in sorted(places - wanted):
        yield f"{name}.md has {{{unknown}}}, which nobody fills; write {{{{ and }}}} for braces"


def _places(text: str) -> set[str]:
    """Braces that are no place to be filled count as one that nobody can fill."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {""}


def _in_wording(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("*.yaml")):
        if file.stem not in OWN_WORDING:
            yield f"{file.name} cannot be replaced; only {' and '.join(OWN_WORDING)} can"
            continue
        ours, own = read_wording(file.stem), read_wording(file.stem, folder)
        if not isinstance(own, dict):
            yield f"{file.name} is not a list of names with their words"
            continue
        for name in ours:
            if type(own.get(name)) is not type(ours[name]) or not own[name]:
                yield f"{file.name} lacks {name!r}"
