"""Reads a clear yes or no; everything that is not clear is neither."""

from typing import Literal

from assistant.offline.language import Language, load_language
from assistant.offline.normalise import spell_out, tokens


def read_yes_no(
    text: str, language: Language | None = None, *, about: str | None = None
) -> Literal["yes", "no"] | None:
    """Only a whole message that says nothing else. "Yes, but ..." is not a yes.

    ``about`` is the action that was asked for: "empty it" is no yes to an order, and "cancel it"
    neither answer to whether an order is to be cancelled.
    """
    language = language or load_language()
    book = language.phrasebook
    written = tokens(text)
    known = {*book["yes"], *book["no"]}
    # "n" alone is a no; inside a sentence it is "and".
    alone = len(written) == 1 and written[0] in known
    words = written if alone else spell_out(written, language)
    if "?" in words:
        return None
    words = [word for word in words if word not in {".", ",", "!", ";", ":"}]
    if not words or len(words) > int(book["longest"]) or set(words) & set(book["unsure"]):
        return None
    deeds: dict[str, list[str]] = book["deeds"]
    if about is not None and _names_another_deed(words, deeds, about):
        return None
    negative = bool(set(words) & set(book["negations"]))
    yes, no = _readings(words, language)
    if no and (negative or not yes):
        return "no"
    if yes and not negative:
        return "yes"
    return None


def _names_another_deed(words: list[str], deeds: dict[str, list[str]], about: str) -> bool:
    named = {action for action, verbs in deeds.items() if set(words) & set(verbs)}
    # A bare "cancel" means the question itself, but for the one question that is about it.
    return bool(named if about == "cancel_order" else named - {about, "cancel_order"})


def _readings(words: list[str], language: Language) -> tuple[bool, bool]:
    """Whether the whole message is made of phrases of the yes list, and of the no list."""
    book = language.phrasebook
    return _made_of(words, book["yes"], book["drop"]), _made_of(words, book["no"], book["drop"])


def _made_of(words: list[str], phrases: list[str], drop: list[str]) -> bool:
    """Whether nothing is left after phrases and polite words, and a phrase was there."""
    known = {tuple(phrase.split()) for phrase in phrases}
    polite = set(drop)
    found = False
    place = 0
    while place < len(words):
        for length in range(min(5, len(words) - place), 0, -1):
            if tuple(words[place : place + length]) in known:
                found = True
                place += length
                break
        else:
            if words[place] not in polite:
                return False
            place += 1
    return found
