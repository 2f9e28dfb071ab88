"""A language is a folder of YAML; this loads one strictly, so that `no` stays a word."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, cast

import yaml

T = TypeVar("T")
Phrase = tuple[str, ...]
Table = dict[Phrase, Any]
_GROUP = re.compile(r"@([a-z_]+)")
_EXPANSIONS = 4


@dataclass(frozen=True, slots=True)
class Rule:
    act: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Trim:
    """Something said before or after the point, and the mark it leaves."""

    pattern: re.Pattern[str]
    mark: str | None
    keep: str | None


@dataclass(frozen=True, eq=False)
class Language:
    """One language. Dictionaries are the files as they are read, all leaves strings."""

    name: str
    words: dict[str, Any]
    shopping: dict[str, Any]
    requests: dict[str, Any]
    planning: dict[str, Any]
    replies: dict[str, Any]
    phrasebook: dict[str, Any]
    rules: tuple[Rule, ...]
    lead: tuple[Trim, ...]
    tail: tuple[Trim, ...]
    starters: re.Pattern[str]
    list_starters: re.Pattern[str]
    """How a message begins that goes on as a list of things to add."""
    vocabulary: frozenset[str]
    """Every word the language files know, and common words of the language."""
    own_words: frozenset[str]
    """Words that the rules speak of; typos are mended towards them."""
    _cache: dict[tuple[str, str], object] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """A mapping of phrases from any of the files, keyed by tuples of words."""
        return self._kept(
            ("table", name),
            lambda: {tuple(key.split()): value for key, value in self._part(name).items()},
        )

    def set_of(self, name: str) -> frozenset[str]:
        return self._kept(("set", name), lambda: frozenset(self._part(name)))

    def phrases(self, name: str) -> frozenset[Phrase]:
        """A list of phrases, as tuples of words."""
        return self._kept(
            ("phrases", name), lambda: frozenset(tuple(one.split()) for one in self._part(name))
        )

    def numbers(self, name: str) -> dict[str, Decimal]:
        return self._kept(
            ("numbers", name),
            lambda: {word: Decimal(value) for word, value in self._part(name).items()},
        )

    def _kept(self, key: tuple[str, str], make: Callable[[], T]) -> T:
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = make()
        return cast("T", found)

    def _part(self, name: str) -> Any:  # noqa: ANN401 - as the file has it
        if name in self.words:
            return self.words[name]
        if name in self.shopping:
            return self.shopping[name]
        if name in self.planning:
            return self.planning[name]
        first, _, rest = name.partition(".")
        return self.shopping[first][rest]


@lru_cache(maxsize=8)
def load_language(name: str = "en") -> Language:
    folder = files("prompts").joinpath("offline", name)
    intents = _read(folder, "intents")
    shopping = _read(folder, "shopping")
    words = _read(folder, "words")
    requests = _read(folder, "requests")
    planning = _read(folder, "planning")
    groups = dict(intents["groups"])
    groups["allergen"] = _either(shopping["allergens"])
    groups["substance"] = _either(shopping["substances"])
    common = folder.joinpath("common_words.txt").read_text("utf-8").split()
    own = _own_words(intents, words, shopping, requests, planning)
    return Language(
        name=name,
        words=words,
        shopping=shopping,
        requests=requests,
        planning=planning,
        replies=_read(folder, "replies"),
        phrasebook=_read(folder, "phrasebook"),
        rules=tuple(
            Rule(rule["act"], tuple(_compile(say, groups) for say in rule["say"]))
            for rule in intents["rules"]
        ),
        lead=tuple(_trim("^" + entry["say"], entry, groups) for entry in intents["lead"]),
        tail=tuple(_trim(entry["say"] + "$", entry, groups) for entry in intents["tail"]),
        starters=_compile("^(?:" + "|".join(intents["starters"]) + ")", groups),
        list_starters=_compile("^(?:" + "|".join(intents["list_starters"]) + ")", groups),
        vocabulary=frozenset(common) | own,
        own_words=own,
    )


def _read(folder: Traversable, name: str) -> dict[str, Any]:
    text = folder.joinpath(f"{name}.yaml").read_text("utf-8")
    loaded = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - strings only, no objects
    assert isinstance(loaded, dict)
    return loaded


def _either(phrases: Iterable[str]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(phrase) for phrase in longest_first) + ")"


def expanded(pattern: str, groups: dict[str, str]) -> str:
    """A pattern with the groups it names by "@name" written out."""
    for _ in range(_EXPANSIONS):
        pattern = _GROUP.sub(lambda match: groups[match[1]], pattern)
    return pattern


def _compile(pattern: str, groups: dict[str, str]) -> re.Pattern[str]:
    pattern = expanded(pattern, groups)
    # What is green is also a sort order; only some rules tell it apart.
    return re.compile(re.sub(r"\bSORT\b", "(?:SORT|ECO)", pattern))


def _trim(pattern: str, entry: dict[str, str], groups: dict[str, str]) -> Trim:
    return Trim(_compile(pattern, groups), entry.get("mark"), entry.get("keep"))


def _own_words(*parts: object) -> frozenset[str]:
    found: set[str] = set()
    for part in parts:
        if isinstance(part, dict):
            found |= _own_words(*part.keys(), *part.values())
        elif isinstance(part, list):
            found |= _own_words(*part)
        else:
            found.update(re.findall(r"[a-z]{3,}", re.sub(r"\\.|\?P<\w+>|@\w+", " ", str(part))))
    return frozenset(found)
