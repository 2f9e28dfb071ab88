"""Reads requests that mean one thing as a whole: lists, orders, coupons, deliveries, people."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.offline.language import Language, expanded
from assistant.offline.people import is_member
from assistant.offline.situation import Situation

_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})
_LONGEST = 400
_ASKED_ABOUT = frozenset({"deliver", "pick_up", "deliver_slot"})
_DETERMINED = re.compile(r"(?i)^(?:my|our|the)\s+")


@dataclass(frozen=True, slots=True)
class Request:
    """``named`` are the parts of it, as they were written."""

    act: str
    named: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Rule:
    act: str
    when: str | None
    patterns: tuple[re.Pattern[str], ...]


class RequestReader:
    """``is_name`` tells whether a word that stands for somebody may be a name."""

    def __init__(self, language: Language, is_name: Callable[[str], bool]) -> None:
        self._is_name = is_name
        self._rules, self._lead, self._tail = _rules(language)

    def read(self, text: str, situation: Situation) -> Request | None:
        said = self.bare(text)
        if not said or len(said) > _LONGEST:
            return None
        for rule in self._rules:
            if rule.when == "checkout" and not situation.checkout:
                continue
            if rule.act in _ASKED_ABOUT and text.rstrip().endswith("?") and not situation.checkout:
                continue  # "can you deliver tomorrow?" asks how the shop does it
            for pattern in rule.patterns:
                match = pattern.fullmatch(said)
                if match is None:
                    continue
                named = {name: part.strip() for name, part in match.groupdict().items() if part}
                if self._holds(rule.when, named.get("who", ""), situation):
                    return Request(rule.act, named)
        return None

    def bare(self, text: str) -> str:
        """Without what is only polite, on one line."""
        said = " ".join(written(text).split())
        lead = self._lead.match(said)
        said = said[lead.end() :] if lead else said
        tail = self._tail.search(said)
        return said[: tail.start()] if tail else said

    def _holds(self, when: str | None, who: str, situation: Situation) -> bool:
        """Whether it is about somebody known, or somebody who may be."""
        if when not in {"member", "new", "unknown"}:
            return True
        if when == "unknown":
            return not is_member(who, situation.members) and self._is_name(who)
        if is_member(who, situation.members):
            return True
        if when == "member":
            return False
        return _DETERMINED.match(who) is not None or self._is_name(who)


def written(text: str) -> str:
    """With plain quotes and spaces."""
    return unicodedata.normalize("NFKC", text).translate(_QUOTES)


@lru_cache(maxsize=8)
def _rules(language: Language) -> tuple[tuple[_Rule, ...], re.Pattern[str], re.Pattern[str]]:
    source = language.requests
    groups = dict(source["groups"])
    rules = tuple(
        _Rule(rule["act"], rule.get("when"), tuple(_pattern(say, groups) for say in rule["say"]))
        for rule in source["rules"]
    )
    return rules, _pattern(source["lead"], groups), _pattern(f"{source['tail']}$", groups)


def _pattern(say: str, groups: dict[str, str]) -> re.Pattern[str]:
    return re.compile(expanded(say, groups), re.IGNORECASE)
