"""What people in a household are called, however a shopper puts it (pure)."""

import re
from collections.abc import Sequence

from knowledge.errors import InvalidInput
from knowledge.own_words import only_a_name

LONGEST_NAME = 60
_LEADING = re.compile(r"^(?:for|the|my|our|all|both|whole)\s+(?=\S)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['\u2019](?:s\b|(?=\s|$))", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|;|&|\+|\band\b)\s*", re.IGNORECASE)
_HAS_LETTER = re.compile(r"[^\W\d_]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f<>{}|`]")
_SAME = {
    "children": "kid",
    "child": "kid",
    "kiddo": "kid",
    "mum": "mom",
    "mommy": "mom",
    "mummy": "mom",
    "mother": "mom",
    "daddy": "dad",
    "father": "dad",
    "hubby": "husband",
    "babies": "baby",
}
_EVERYONE = frozenset({
    "everyone", "everybody", "all", "family", "household", "us", "we", "everyone_home",
    "everyone_at_home", "them_all", "all_us", "of_us",
})  # fmt: skip
_SELF = frozenset({"me", "myself", "i", "self", "shopper", "just_me", "only_me"})
_DOUBLE_S = 2


def name_key(name: str) -> str:
    """The same for "Kids", "the kid's" and "my children"."""
    return " ".join(_one(word) for word in _bare(name).casefold().split())


def is_everyone(name: str) -> bool:
    return _bare(name).casefold().replace(" ", "_") in _EVERYONE


def is_self(name: str) -> bool:
    return _bare(name).casefold().replace(" ", "_") in _SELF


def split_names(text: str) -> list[str]:
    """Read "Anna and the kids" as two."""
    return [part for part in _BETWEEN.split(text.strip()) if part]


def meant(name: str, keys: Sequence[str]) -> list[int]:
    """Which of the keys a name means: the very same one, else all that hold its words."""
    key = name_key(name)
    if not key:
        return []
    same = [index for index, other in enumerate(keys) if other == key]
    if same:
        return same
    words = set(key.split())
    return [index for index, other in enumerate(keys) if words <= set(other.split())]


def clean_name(name: str) -> str:
    """A name as it is kept: "my Anna's" is Anna. Raises ``InvalidInput``."""
    kept = only_a_name(_bare(_UNSEEN.sub(" ", name)))
    if not _HAS_LETTER.search(kept) or len(kept) > LONGEST_NAME:
        raise InvalidInput("Say for whom: a name such as Anna, or a group such as kids.")
    if is_everyone(kept) or is_self(kept):
        raise InvalidInput(
            f"{kept!r} is nobody's name; say each one, such as Anna, or a group such as kids."
        )
    return kept


def _bare(name: str) -> str:
    kept = " ".join(_POSSESSIVE.sub("", name).strip(" .,!?\"'").split())
    while True:
        shorter = _LEADING.sub("", kept)
        if shorter == kept:
            return kept
        kept = shorter


def _one(word: str) -> str:
    word = _SAME.get(word, word)
    if len(word) > _DOUBLE_S + 1 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return _SAME.get(word, word)
