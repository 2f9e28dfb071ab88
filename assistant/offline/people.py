"""Finds people of the household in a message: "for the kids", "can Anna eat this"."""

import re
from collections.abc import Mapping, Sequence

from assistant.offline.language import Language
from knowledge.shoppers.names import name_key

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_FOR = re.compile(r"(?i)\bfor\s+")
_ASKED = re.compile(r"(?i)\b(?:can|could|may|should|will|would|does|is)\s+")
_DETERMINER = re.compile(r"(?i)(?:my|the|our)\s+")
_AND = re.compile(r"(?i)\s*(?:,|&|\band\b)\s*")
_MOST_WORDS = 3
EVERYONE = "everyone"


def is_member(name: str, members: Sequence[str]) -> bool:
    key = name_key(name)
    return bool(key) and any(name_key(one) == key for one in members)


def without_members(
    text: str, members: Sequence[str], language: Language
) -> tuple[str, tuple[str, ...]]:
    """The message as if the shopper spoke of themselves, and whom it was about."""
    if not members:
        return text, ()
    found: list[str] = []
    spoken: Mapping[str, str] = language.planning["spoken_as"]
    at = 0
    while (start := _FOR.search(text, at)) is not None:
        names, end = _names_at(text, start.end(), members, language)
        at = start.end()
        if names:
            found += names
            safe = text[: start.start()].lower().split()[-1:]
            asks = bool(safe) and safe[0] in language.set_of("safe_words")
            head = f"{text[: start.start()]}{spoken['safe' if asks else 'for']}"
            text, at = f"{head}{text[end:]}", len(head)
    asked = _ASKED.search(text)
    if asked is not None:
        names, end = _names_at(text, asked.end(), members, language)
        if names and _acts(text[end:], language):
            found += names
            verb = _WORD.search(text, end)
            what = text[verb.end() if verb else end :].strip(" .!?")
            text = f"{text[: asked.start()]}{spoken['eats'].format(what=what)}?"
    return text, tuple(dict.fromkeys(found))


def _names_at(
    text: str, at: int, members: Sequence[str], language: Language
) -> tuple[list[str], int]:
    """The names standing here, joined by "and", and where they end."""
    for phrase in sorted(language.planning["everyone"], key=len, reverse=True):
        after = at + len(phrase)
        if text[at:after].lower() == phrase and not text[after : after + 1].isalnum():
            return [EVERYONE], after
    found: list[str] = []
    last, start = at, at
    while (one := _name_at(text, start, members)) is not None:
        found.append(one[0])
        last = one[1]
        joined = _AND.match(text, last)
        if joined is None:
            break
        start = joined.end()
    return found, last


def _name_at(text: str, at: int, members: Sequence[str]) -> tuple[str, int] | None:
    determiner = _DETERMINER.match(text, at)
    start = determiner.end() if determiner else at
    words = list(_WORD.finditer(text, start))[:_MOST_WORDS]
    if not words or words[0].start() != start:
        return None
    keys = {name_key(one): one for one in members}
    for length in range(len(words), 0, -1):
        end = words[length - 1].end()
        known = keys.get(name_key(text[start:end]))
        if known is not None:
            return known, end
    return None


def _acts(rest: str, language: Language) -> bool:
    """As in "can Anna eat this": what follows is what somebody does with food."""
    first = _WORD.search(rest)
    return first is not None and first[0].lower() in language.set_of("member_verbs")
