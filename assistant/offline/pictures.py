"""Puts words for emoji that stand for a thing: six of a lemon, a plus sign to add."""

import unicodedata

from assistant.offline.language import Language
from assistant.offline.lexicon import Lexicon
from knowledge.search.text import stem

_NO_THING = frozenset({"face", "hand", "hands", "person", "sign", "symbol", "heart", "gesture"})
_DIGITS = frozenset("0123456789")


def name_pictures(text: str, language: Language, lexicon: Lexicon) -> str:
    """The text with such emoji as words; one that only decorates stays as it is.

    An emoji is meant as a thing after a number, a word like "add" or "some", or another such
    emoji: "2 lemons" in pictures, but not "salmon" with a fish behind it.
    """
    if text.isascii():
        return text
    bare = not any(mark.isalpha() for mark in text)
    said = language.shopping["pictures"]
    named: list[str] = []
    before = ""
    for mark in text:
        if unicodedata.category(mark) != "So":
            named.append(mark)
            before = "" if mark in ".,;:!?\n" else _ending(before, mark)
            continue
        word = said.get(mark, "") if bare else ""
        if not word and _stands_for_a_thing(before, language):
            word = _thing(mark, lexicon)
        named.append(f" {word} " if word else mark)
        before = "1" if word else before
    return "".join(named)


def _ending(before: str, mark: str) -> str:
    """The last word, as far as it was written."""
    if not mark.isalnum():
        return before if before.endswith(" ") or not before else f"{before} "
    return mark if before.endswith(" ") else before + mark


def _stands_for_a_thing(before: str, language: Language) -> bool:
    last = before.strip().lower()
    leads = language.set_of("stop_words") | language.own_words
    return not last or last[-1] in _DIGITS or (last in leads and not last.isdigit())


def _thing(mark: str, lexicon: Lexicon) -> str:
    """What this shop sells by the name of the emoji."""
    name = unicodedata.name(mark, "").lower().split(" with ")[0].split()
    if set(name) & _NO_THING:
        return ""
    for length in range(len(name), 0, -1):
        if lexicon.names_a_kind(stem(name[length - 1])):
            return " ".join(word for word in name[:length] if lexicon.knows(word))
    return ""
