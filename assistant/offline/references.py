"""Reads references out of words: "the second one", "it", "both", "the cheaper one"."""

from collections.abc import Sequence
from decimal import Decimal

from assistant.offline.acts import Reference
from assistant.offline.language import Language
from assistant.offline.pieces import PUNCTUATION, Piece
from assistant.offline.quantities import read_decimal, read_number

_LONGEST_PHRASE = 5
_ONE = frozenset({"one", "ones"})
_MOST_DESCRIBING = 4


def reference_at(words: Sequence[str], at: int, language: Language) -> tuple[Piece, int] | None:
    """A reference starting here, and how many words it takes."""
    for read in (_signed, _listed, _ordinal, _superlative, _described, _pronoun):
        found = read(words, at, language)
        if found is not None:
            return found
    return None


def _piece(
    words: Sequence[str], at: int, length: int, tag: str, value: Reference
) -> tuple[Piece, int]:
    return Piece(tuple(words[at : at + length]), tag, value), length


def _signed(words: Sequence[str], at: int, language: Language) -> tuple[Piece, int] | None:
    """As in "#2", "number two", "option 3"."""
    word = words[at]
    if word.startswith("#") and word[1:].isdigit():
        return _piece(words, at, 1, "REF", Reference("number", (int(word[1:]),)))
    start = at + (word == "the")
    if (
        start < len(words)
        and words[start] in language.set_of("number_signs")
        and start + 1 < len(words)
    ):
        number = read_number(words, start + 1, language)
        if number and number[0] == int(number[0]) > 0:
            length = start + 1 + number[1] - at
            return _piece(words, at, length, "REF", Reference("number", (int(number[0]),)))
    return None


def _listed(words: Sequence[str], at: int, language: Language) -> tuple[Piece, int] | None:
    """As in "both", "all of them", "the other one"."""
    for name, kind, tag in (
        ("other_words", "other", "OTHER"),
        ("both_words", "all", "BOTH"),
        ("every_words", "all", "EVERY"),
    ):
        phrases = language.phrases(name)
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + length])
            if phrase not in phrases:
                continue
            after = words[at + length] if at + length < len(words) else None
            alone = _ends(after, language) or after in language.set_of("thing_questions")
            if phrase in {("all",), ("each",)} and not alone:
                continue
            if kind == "other":
                return _piece(words, at, length, tag, Reference("other"))
            return _piece(words, at, length, tag, Reference("all", plural=True))
    return None


def _ends(word: str | None, language: Language) -> bool:
    """Whether a reference may end before this word."""
    return word is None or word in PUNCTUATION or word in language.set_of("after_pronoun")


def _ordinal(words: Sequence[str], at: int, language: Language) -> tuple[Piece, int] | None:
    """As in "the second one", "first", "the last two"."""
    ordinals = language.numbers("ordinals")
    start = at + (words[at] in language.set_of("determiners"))
    if start >= len(words):
        return None
    top = words[start] == "top" and start > at
    ordinal = Decimal(1) if top else ordinals.get(words[start])
    if ordinal is None:
        return None
    number = int(ordinal)
    place = start + 1
    following = words[place] if place < len(words) else None
    if words[start] == "last" and following in language.set_of("not_last"):
        return None
    several = read_number(words, place, language) if place < len(words) else None
    if several and following != "one" and abs(number) == 1 and 1 < several[0] <= 10:  # noqa: PLR2004
        count, place = int(several[0]), place + several[1]
        numbers = tuple(range(1, count + 1)) if number > 0 else tuple(range(-count, 0))
        reference = Reference("number", numbers, plural=True)
    elif top:
        return None
    else:
        reference = Reference("number", (number,))
    if _is_ordinal_noun(words, place, language, bare=start == at):
        place += 1
    elif not reference.plural and not _ends(following, language) and following != ",":
        return None
    return _piece(words, at, place - at, "REF", reference)


def _is_ordinal_noun(words: Sequence[str], at: int, language: Language, *, bare: bool) -> bool:
    """As in "the first change"; but "first change the milk" is a verb."""
    if at >= len(words) or words[at] not in language.set_of("ordinal_nouns"):
        return False
    after = words[at + 1] if at + 1 < len(words) else ""
    return not (bare and after in language.set_of("determiners"))


def _superlative(words: Sequence[str], at: int, language: Language) -> tuple[Piece, int] | None:
    """As in "the cheapest one", "the cheaper", "the best rated one"."""
    has_article = words[at] in language.set_of("definite")
    start = at + has_article
    if at and words[at - 1] in language.set_of("indefinite"):
        return None
    table = language.table("superlatives")
    for length in range(min(3, len(words) - start), 0, -1):
        entry = table.get(tuple(words[start : start + length]))
        if entry is None:
            continue
        place = start + length
        ones = {"one", "option"} if has_article else {"one"}
        one = place < len(words) and words[place] in ones
        if not one and not (has_article and _closes(words, place)):
            return None
        field, direction = entry
        reference = Reference("superlative", field=field, low=direction == "low")
        return _piece(words, at, place + one - at, "REF", reference)
    return None


def _closes(words: Sequence[str], place: int) -> bool:
    if place >= len(words) or words[place] in PUNCTUATION:
        return True
    return words[place] in {"of", "to", "please", "and", "from", "in"}


def _described(words: Sequence[str], at: int, language: Language) -> tuple[Piece, int] | None:
    """As in "the vegan one", "the oat ones"."""
    if words[at] not in language.set_of("determiners"):
        return None
    apart = language.set_of("after_pronoun") | language.set_of("number_signs")
    for length in range(1, min(_MOST_DESCRIBING, len(words) - at - 1) + 1):
        word = words[at + length]
        if word in {"one", "ones"} and length > 1:
            described = tuple(words[at + 1 : at + length])
            reference = Reference("described", words=described, plural=word == "ones")
            return _piece(words, at, length + 1, "REF", reference)
        is_diet_word = word in {"vegan", "vegetarian", "organic", "halal", "kosher"}
        if word in PUNCTUATION or read_decimal(word) or (word in apart and not is_diet_word):
            return None
    return None


def _pronoun(words: Sequence[str], at: int, language: Language) -> tuple[Piece, int] | None:
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else None
    plural = word in language.set_of("plural_pronouns")
    # "Those two" are two of them, "make that two" is a number.
    one = following in language.set_of("pronoun_nouns") and (plural or following in _ONE)
    if word in language.set_of("singular_pronouns"):
        if word != "it" and not one and not _ends(following, language):
            return None
        return _piece(words, at, 1 + (one and word != "it"), "PRON", Reference("pronoun"))
    if word in language.set_of("plural_pronouns"):
        if word != "them" and not one and not _ends(following, language):
            return None
        length = 1 + (one and word != "them")
        return _piece(words, at, length, "THEM", Reference("pronoun", plural=True))
    return None
