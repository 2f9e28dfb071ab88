"""Texts a model or the offline model speaks from."""

import hashlib
from collections.abc import Iterable, Mapping
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


class _Place:
    """Where texts are read from, in this process; what stands last wins."""

    folders: tuple[Path, ...] = (_HERE,)


def use_folder(folder: Path | None) -> None:
    """From now on files of ``folder`` win over ours of the same name; None: ours alone."""
    _Place.folders = (_HERE,) if folder is None else (_HERE, folder)
    _prompts.cache_clear()
    load_wording.cache_clear()


def load(name: str, variant: str | None = None) -> Prompt:
    """The prompt in ``name.variant.md``; in ``name.md`` where the variant does not change it."""
    prompts = _prompts()
    return prompts.get(f"{name}.{variant}") or prompts[name]


def load_all() -> None:
    """Read every file, so that nothing in a running turn has to wait for a disk."""
    _prompts()
    for file in sorted(_HERE.glob("*.yaml")):
        load_wording(file.stem)


def names() -> frozenset[str]:
    """The names of all prompts, variants with their suffix: ``assistant``, ``assistant.calm``."""
    return frozenset(_prompts())


def digest_of(prompts: Iterable[Prompt]) -> str:
    """One digest for several prompts; names count, so that none can stand for another."""
    return _digest("\n".join(f"{prompt.name} {prompt.digest}" for prompt in prompts))


@cache
def load_wording(name: str) -> Any:  # noqa: ANN401 - each file has a shape of its own
    """What stands in ``name.yaml``; every scalar is a string, so ``no`` stays a word."""
    own = (folder for folder in reversed(_Place.folders) if (folder / f"{name}.yaml").is_file())
    return read_wording(name, next(own))


def read_wording(name: str, folder: Path = _HERE) -> Any:  # noqa: ANN401
    """What stands in ``name.yaml`` of one folder; left out: ours."""
    text = (folder / f"{name}.yaml").read_text("utf-8-sig")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes only strings and lists


@cache
def _prompts() -> Mapping[str, Prompt]:
    found: dict[str, Prompt] = {}
    for folder in _Place.folders:
        found |= read_folder(folder)
    return found


def read_folder(folder: Path = _HERE) -> dict[str, Prompt]:
    """The prompts of one folder by name; left out: ours."""
    found = {}
    for file in sorted(folder.glob("*.md")):
        text = file.read_text("utf-8-sig").strip()
        found[file.stem] = Prompt(file.stem, text, _digest(text))
    found.pop("README", None)
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
