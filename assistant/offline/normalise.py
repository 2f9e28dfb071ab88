"""Brings a message into plain written words: one spelling, typos mended, lists as lists."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

from assistant.offline.language import Language
from assistant.offline.lexicon import Lexicon
from assistant.offline.pictures import name_pictures

_QUOTES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": " , "}
)
_BULLET = re.compile(r"(?m)^[ \t]*(?:[-*\u2022\u25aa\u00b7]|\[[ x]?\]|\d{1,2}[.)](?=\s))[ \t]*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}\b)")
_GLUED = re.compile(r"(?i)\b(\d+(?:\.\d+)?)(kg|kgs|kilos?|g|gr|grams?|l|ml|cl|oz|lbs?|x|pcs)\b")
_TIMES = re.compile(r"(?i)\bx(?=\d)")
_FRACTIONS = {"\u00bd": " 0.5 ", "\u00bc": " 0.25 ", "\u00be": " 0.75 "}
_SLASHED = re.compile(r"\b1/([234])\b")
_RANGE = re.compile(r"(?<=[\d$\u20ac\u00a3])\s?-\s?(?=[$\u20ac\u00a3]?\d)")
_TOKEN = re.compile(
    r"[$\u20ac\u00a3\u00a5]\s?\d+(?:\.\d+)?"
    r"|\d+(?:\.\d+)?\s?[$\u20ac\u00a3\u00a5]"
    r"|\d+(?:st|nd|rd|th)\b"
    r"|#\s?\d+"
    r"|\d+(?:\.\d+)?%"
    r"|\d+(?:\.\d+)?(?![\w])"
    r"|[^\W_]+(?:['.\-](?=\d)[^\W_]+)*\d[^\W_]*"
    r"|w/o|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|[<>]=?|[&+\u00d7]|[,.;:!?()]|[\U0001F44D\U0001F44E\u2705\u274c\U0001F44C]"
    r"|\S"
)
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_VARIANT = re.compile("[\ufe00-\ufe0f]")
_DROPPED = frozenset('()"*_~`|\\/-=[]{}^%')
_ANSWERS = frozenset("\U0001f44d\U0001f44e\u2705\u274c\U0001f44c")
_LONGEST_PHRASE = 5
_SHORTEST_MENDED = 4
_TWO_EDITS_FROM = 7


def tokens(text: str) -> list[str]:
    """Words, numbers, money and punctuation of a message, in lower case."""
    text = unicodedata.normalize("NFKC", _fractions(text)).translate(_QUOTES).lower()
    text = _VARIANT.sub("", text)
    text = "".join(mark for mark in text if mark in "\n\t" or unicodedata.category(mark)[0] != "C")
    text = _BULLET.sub("\n", text.strip()).strip()
    text = re.sub(r"\s*\n+\s*", " ; ", text)
    text = _DECIMAL_COMMA.sub(".", _THOUSANDS.sub("", text))
    text = _SLASHED.sub(lambda match: str(1 / int(match[1]))[:4], text)
    text = _RANGE.sub(" - ", text)
    text = _TIMES.sub("x ", _GLUED.sub(r"\1 \2", text))
    found = [re.sub(r"\s", "", token) for token in _TOKEN.findall(text)]
    found = [token for token in found if not _is_picture(token)]
    return [
        token
        for place, token in enumerate(found)
        if token not in _DROPPED or _between_numbers(found, place)
    ]


def _is_picture(token: str) -> bool:
    """Emoji say nothing here, but for the thumbs of a yes or a no."""
    return len(token) == 1 and unicodedata.category(token) == "So" and token not in _ANSWERS


def _fractions(text: str) -> str:
    for mark, words in _FRACTIONS.items():
        text = text.replace(mark, words)
    return text


def _between_numbers(found: list[str], place: int) -> bool:
    """Whether a dash joins two numbers, as in "2 - 4"."""
    if found[place] != "-" or not 0 < place < len(found) - 1:
        return False
    return (
        found[place - 1][-1] in "0123456789$"
        and found[place + 1].lstrip("$\u20ac\u00a3")[:1].isdigit()
    )


def spell_out(words: list[str], language: Language) -> list[str]:
    """Contractions and slang written out, fixed phrases in the form the rules know."""
    contractions, slang = language.words["contractions"], language.words["slang"]
    spelled: list[str] = []
    for said in words:
        word = _shortened(said, language)
        written = contractions.get(word) or slang.get(word)
        if written is None and word.endswith("'s"):
            written = word[:-2]
        spelled.extend((written or word).split())
    return _join_phrases(spelled, language)


def _shortened(word: str, language: Language) -> str:
    """As in "nahhh", "yesss", "cooool": with as many letters as a known word has."""
    if _STRETCHED.search(word) is None:
        return word
    twice = _STRETCHED.sub(r"\1\1", word)
    return twice if twice in language.vocabulary else _STRETCHED.sub(r"\1", word)


def _join_phrases(words: list[str], language: Language) -> list[str]:
    table = language.table("phrases")
    joined: list[str] = []
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - place), 1, -1):
            found = table.get(tuple(words[place : place + length]))
            if found is not None:
                joined.extend(found.split())
                place += length
                break
        else:
            joined.append(words[place])
            place += 1
    return joined


def mend(words: list[str], language: Language, lexicon: Lexicon) -> list[str]:
    """Typos mended: only words that neither the language nor the catalog knows."""
    mended: list[str] = []
    for place, word in enumerate(words):
        beside = (words[place - 1] if place else "", "".join(words[place + 1 : place + 2]))
        found = _mended(word, language, lexicon, beside)
        mended.extend(found.split())
    return mended if mended == words else _join_phrases(spell_out(mended, language), language)


def _mended(word: str, language: Language, lexicon: Lexicon, beside: tuple[str, str]) -> str:
    if len(word) < _SHORTEST_MENDED or not word.isalpha() or word in language.vocabulary:
        return word
    if lexicon.knows(word) or _is_inflected(word, language):
        return word
    paired = _paired(beside[0], word, lexicon)
    if paired:
        return paired
    own = _nearest(word, language)
    shop, longer = lexicon.correct(word), _shop_word(word, lexicon)
    if shop is None or (longer and f"{longer} {beside[1]}" in lexicon.product_phrases):
        shop = longer
    if own and (shop is None or _edits(word, own) <= _edits(word, shop)):
        return own
    if shop:
        return shop
    parts = lexicon.split(word)
    return " ".join(parts) if parts else word


def _is_inflected(word: str, language: Language) -> bool:
    """Whether it is a form of a word we know."""
    for ending in ("s", "es", "ed", "d", "ing", "er", "ly", "y", "n't"):
        base = word.removesuffix(ending)
        if base == word:
            continue
        dropped = ending[0] in "eiy" and base + "e" in language.vocabulary
        if base in language.vocabulary or dropped:
            return True
    return False


@lru_cache(maxsize=4096)
def _nearest(word: str, language: Language) -> str | None:
    """The word of our own rules that was meant, when it is near enough."""
    allowed = 2 if len(word) >= _TWO_EDITS_FROM else 1
    best: tuple[int, str] | None = None
    for known in language.own_words:
        if known[0] != word[0] or len(known) < _SHORTEST_MENDED:
            continue
        edits = OSA.distance(word, known, score_cutoff=allowed)
        if edits <= allowed and (best is None or (edits, known) < best):
            best = (edits, known)
    return best[1] if best else None


def _paired(before: str, word: str, lexicon: Lexicon) -> str | None:
    """As in "Power stip" is a strip, for the shop has power strips."""
    if not before.isalpha():
        return None
    lead = f"{before} {word[0]}"
    return next(
        (
            said
            for phrase in lexicon.product_phrases
            if phrase.startswith(lead)
            and " " not in (said := phrase[len(before) + 1 :])
            and OSA.distance(word, said, score_cutoff=1) <= 1
        ),
        None,
    )


def _shop_word(word: str, lexicon: Lexicon) -> str | None:
    """A word of the catalog with two letters more, which its own index does not find."""
    if len(word) < _TWO_EDITS_FROM:
        return None
    return next(
        (
            phrase
            for phrase in lexicon.product_phrases
            if phrase[0] == word[0]
            and len(phrase) == len(word) + 2
            and OSA.distance(word, phrase, score_cutoff=2) <= 2  # noqa: PLR2004 - as written above
        ),
        None,
    )


def _edits(word: str, other: str) -> int:
    return int(OSA.distance(word, other))


def normalise(text: str, language: Language, lexicon: Lexicon) -> list[str]:
    written = tokens(name_pictures(text, language, lexicon))
    noise = language.set_of("noise")
    words = [word for word in written if word not in noise]
    spoken = any(word.isalnum() for word in words)
    return mend(spell_out(words if spoken else written, language), language, lexicon)
