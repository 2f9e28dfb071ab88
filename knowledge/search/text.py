"""Turns text into search terms: folded words, singular, with numbers joined to their units."""

import re
import unicodedata
from functools import lru_cache

from knowledge.catalog.units import UNIT_NAMES

# Words that carry grammar or politeness, and price words that the sort order carries instead.
CLOSED_CLASS = frozenset((
    "a", "an", "the", "and", "or", "but", "of", "for", "with", "without", "in", "on", "at",
    "to", "from", "by", "as", "per", "into", "about", "than", "then", "i", "me", "my", "mine",
    "we", "us", "our", "you", "your", "he", "she", "it", "its", "they", "them", "their", "this",
    "that", "these", "those", "is", "are", "was", "were", "be", "been", "am", "do", "does",
    "did", "have", "has", "had", "can", "could", "will", "would", "should", "may", "some",
    "any", "anything", "something", "someone", "all", "also", "just", "only", "very", "really",
    "too", "so", "such", "what", "which", "who", "whom", "where", "when", "how", "why", "there",
    "here", "please", "thanks", "thank", "hi", "hello", "hey", "ok", "want", "wants", "need",
    "needs", "like", "likes", "looking", "look", "find", "show", "give", "get", "buy", "search",
    "order", "got", "let", "lets", "under", "over", "below", "above", "less", "more", "most",
    "least", "cheap", "cheaper", "cheapest", "inexpensive", "affordable", "best", "good",
    "better", "nice", "great", "around", "up", "not", "no", "dont", "s", "t", "m", "re", "ve",
    "ll", "product", "products", "item", "items", "thing", "things", "stuff", "kind", "kinds",
    "type", "types", "one", "ones",
))  # fmt: skip
_MEASURES = frozenset((
    "kg", "g", "mg", "lb", "oz", "l", "dl", "cl", "ml", "floz", "cup", "pint", "quart", "gal",
    "cm", "mm", "m", "inch", "in", "w", "kw", "v", "mah", "gb", "tb", "mb", "hz",
))  # fmt: skip
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_PLAIN = re.compile(r"[\d'\u2019]")  # most descriptions have neither numbers nor apostrophes
_IRREGULAR = {
    "leaves": "leaf", "loaves": "loaf", "knives": "knife", "halves": "half", "shelves": "shelf",
    "children": "child", "kids": "kid", "women": "woman", "men": "man", "feet": "foot",
    "teeth": "tooth", "mice": "mouse", "geese": "goose", "scarves": "scarf", "wolves": "wolf",
    "cookies": "cookie", "brownies": "brownie", "smoothies": "smoothie", "pies": "pie",
    "veggies": "veggie", "series": "series", "gas": "gas", "hummus": "hummus", "plus": "plus",
}  # fmt: skip
_SINGULAR_FROM = 4


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The singular, by Harman's s-stemmer (1991) with a few more endings.

    The result is a key, not always a word: "shoe" and "shoes" both become "sho".
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) >= _SINGULAR_FROM and word.endswith("s") and word.isalpha():
        if word.endswith("ies") and not word.endswith(("eies", "aies")):
            word = word[:-3] + "y"
        elif not word.endswith(("us", "ss", "is")):
            word = word[:-1]
    if word.endswith(("oe", "xe", "che", "she", "sse", "zze")) and len(word) >= _SINGULAR_FROM:
        word = word[:-1]
    return word


def fold(text: str) -> str:
    """Lower case without accents: "Crème Brûlée" becomes "creme brulee"."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered).casefold()
    decomposed = unicodedata.normalize("NFKD", decomposed)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


# Small: one product after the other asks for the words of the same few texts.
@lru_cache(maxsize=512)
def words(text: str) -> tuple[str, ...]:
    """Words and numbers as written, folded; apostrophes are dropped, "1 l" becomes "1l"."""
    raws: list[str] = _WORD.findall(fold(text))
    if _PLAIN.search(text) is None:
        return tuple(raws)
    found: list[str] = []
    after_number = False
    for raw in raws:
        if raw.isalpha():
            if after_number and (unit := UNIT_NAMES.get(raw, raw)) in _MEASURES:
                found[-1] += unit
            else:
                found.append(raw)
            after_number = False
        elif raw[0].isdigit():
            found.append(_number(raw))
            after_number = True
        else:
            found.append(raw.replace("'", "").replace("\u2019", ""))
            after_number = False
    return tuple(found)


def terms(text: str) -> list[str]:
    """The search terms of a text, closed-class words included."""
    return list(map(stem, words(text)))


@lru_cache(maxsize=65536)
def repeated_terms(text: str) -> tuple[str, ...]:
    """The terms of a text that many products share, such as a brand or a shelf."""
    return tuple(terms(text))


def query_words(text: str) -> list[str]:
    """What a shopper asks for: without closed-class words, unless nothing else is left."""
    found = words(text)
    return [word for word in found if word not in CLOSED_CLASS] or list(found)


def is_size(term: str) -> bool:
    """Whether the term is a number or a measure such as "500g"."""
    return term[0].isdigit()


def _number(raw: str) -> str:
    if raw.count(",") == 1 and "." not in raw and len(raw.rpartition(",")[2]) <= 2:  # noqa: PLR2004 - 1,5
        raw = raw.replace(",", ".")
    return raw.replace(",", "")
