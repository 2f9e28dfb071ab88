"""Words as they are compared: in lower case, singular, without sizes."""

import re
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_NO_NAME = frozenset(("kg", "ml", "cl", "cm", "oz", "lb", "the", "of", "in", "with", "and"))


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[str, ...]:
    """Words in lower case, singular as far as an ending tells."""
    return tuple(singular(word) for word in WORD.findall(text.lower()))


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("\u2019s")
    for ending, instead in (("ies", "y"), ("oes", "o"), ("ches", "ch"), ("shes", "sh")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + instead
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:  # noqa: PLR2004 - "gas"
        return word[:-1]
    return word


@lru_cache(maxsize=8192)
def word_set(text: str) -> frozenset[str]:
    return frozenset(words_of(text))


@lru_cache(maxsize=8192)
def name_words(text: str) -> frozenset[str]:
    return frozenset(
        word
        for word in words_of(text)
        if len(word) > 1 and not word[0].isdigit() and word not in _NO_NAME
    )
