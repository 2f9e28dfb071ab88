"""Finds names that begin with a brand, and whether that brand makes anything called so."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from assistant.grounding.facts import Facts
from assistant.grounding.words import WORD, singular, words_of
from prompts import load_wording

_CONNECTING = frozenset(("and", "of", "with", "in", "the"))
_LONGEST_RUN = 8
_SHORTEST = 3
_GAP = re.compile(
    r"(?:['\u2019]s)?[\s*_]*(?P<comma>,\s*|&\s*)?(?:(?P<share>\d+(?:[.,]\d+)?\s?%)|"
    r"(?P<figure>\d+))?[\s*_]*",
)
_SHARE = re.compile(
    r"[\s*_,]{0,3}(\d+(?:[.,]\d+)?\s?%)(?!\s?(?:off|discount|less|more|cheaper|of))",
)
Tokens = Sequence[tuple[str, re.Match[str]]]
"""Words as they compare, and where they stand."""


def has_brand(words: frozenset[str], facts: Facts) -> bool:
    return any(brand <= words for brand in facts.brands)


def of_one_brand(wanted: frozenset[str], facts: Facts, figures: Iterable[str] = ()) -> bool:
    """Whether a brand that is named makes one thing with all the other words."""
    named = [brand for brand in facts.brands if brand <= wanted]
    if not named:
        return False
    plain = kinds()
    for product in facts.products.values():
        brand = product.brand_words
        if brand not in named or not all(
            re.search(rf"(?<!\d){re.escape(one)}", product.title) for one in figures
        ):
            continue
        own = product.words | product.name_words | product.kind_words | brand
        suits = {
            word
            for name, said in product.suits.items()
            if said == "yes"
            for word in name.split("_")
        }
        if all(
            word in own
            or word in suits
            or word in plain
            or (word in everyday() and word not in telling())
            for word in wanted
        ):
            return True
    digits = {"".join(filter(str.isdigit, one)) for one in figures}
    return any(wanted | digits <= one for one in facts.names) or wanted in facts.brands


def wrong_of_brands(sentence: str, facts: Facts) -> Iterator[str]:
    """Find "kestrel fuel coconut bar" in small letters, when only somebody else's has coconut."""
    tokens = [(singular(one[0].lower()), one) for one in WORD.finditer(sentence)]
    if not tokens or not facts.brands:
        return
    of_brands = frozenset[str]().union(*facts.brands)
    for place, (first, _) in enumerate(tokens):
        for brand in facts.brands if first in of_brands else ():
            if first not in brand or not _begins(tokens, place, brand):
                continue
            run, figures = _run_of(tokens, place, brand, sentence, facts)
            called = len(run) + len(figures) > len(brand)
            if called and not of_one_brand(run, facts, figures):
                name = " ".join(sorted(run))
                yield f"nothing called {name!r} has been shown in this conversation"


def _begins(tokens: Tokens, place: int, brand: frozenset[str]) -> bool:
    """Whether the brand stands there, also "Meadow and Main" for "Meadow & Main"."""
    size = len(brand)
    if frozenset(word for word, _ in tokens[place : place + size]) == brand:
        return True
    window = [word for word, _ in tokens[place : place + size + 1]]
    return (
        size > 1
        and window[0] != "and"
        and window[0] in brand
        and frozenset(window) - {"and"} == brand
    )


def _run_of(
    tokens: Tokens, place: int, brand: frozenset[str], sentence: str, facts: Facts
) -> tuple[frozenset[str], set[str]]:
    """The words of the name that begins with the brand, and the percentages in it."""
    run, figures = set(brand), set[str]()
    start = place + _brand_length(tokens, place, brand)
    last = tokens[min(start, len(tokens)) - 1][1].end()
    for word, match in tokens[start : start + _LONGEST_RUN]:
        if word.isdigit():
            continue
        gap = _GAP.fullmatch(sentence, last, match.start())
        if gap is None:
            break
        if gap["share"]:
            figures.add(gap["share"].replace(" ", ""))
        named = word in facts.naming or (
            match[0][0].isupper() and word not in starters() and word not in everyday()
        )
        if _ends(gap, word, match, named=named, run=run, brand=brand, facts=facts):
            break
        if not named and word not in kinds():
            break
        if word not in kinds() and word not in _CONNECTING:
            run.update(translated(word) if word not in facts.naming else (word,))
        last = match.end()
    share = _SHARE.match(sentence, last)
    if share:
        figures.add(share[1].replace(" ", ""))
    return frozenset(run), figures


def _ends(
    gap: re.Match[str],
    word: str,
    match: re.Match[str],
    *,
    named: bool,
    run: set[str],
    brand: frozenset[str],
    facts: Facts,
) -> bool:
    """Whether a comma before the word begins something else."""
    if not gap["comma"] or gap["share"] or gap["figure"]:
        return False
    if named and match[0][0].isupper() and word not in facts.naming:
        return False  # a flavour
    branded = any(word in one for one in facts.brands)
    begins = branded or gap["comma"][0] == "," or len(run) == len(brand)
    return begins and not of_one_brand(frozenset(run | {word}), facts)


def _brand_length(tokens: Tokens, place: int, brand: frozenset[str]) -> int:
    """How many words the brand takes here, with the small ones within it."""
    left = set(brand)
    for length, (word, _) in enumerate(tokens[place:], start=1):
        left.discard(word)
        if not left:
            return length
    return 1


@cache
def everyday() -> frozenset[str]:
    """Words with a capital that are no product: days, scores, countries, what we call things."""
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(word for text in wording["words"] for word in words_of(text))


@cache
def starters() -> frozenset[str]:
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(word for text in wording["starters"] for word in words_of(text))


@cache
def telling() -> frozenset[str]:
    """Everyday words that tell one product of a brand from another."""
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(word for text in wording["telling"] for word in words_of(text))


@cache
def _translations() -> dict[str, str]:
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return {said: english for text in wording["translations"] for said, english in [text.split()]}


def translated(word: str) -> tuple[str, ...]:
    """What it means by the words that tell one product from another; else the word itself."""
    parts = parts_of(word)
    return tuple(one for one in parts if one not in kinds()) if parts else (word,)


@lru_cache(maxsize=4096)
def parts_of(word: str) -> tuple[str, ...]:
    """What a German or Spanish word of goods, or both parts of a compound, mean; else nothing."""
    meant = _translations()
    if word in meant:
        return (meant[word],)
    for cut in range(_SHORTEST, len(word) - _SHORTEST + 1):
        first, second = meant.get(word[:cut]), meant.get(word[cut:])
        if first and second:
            return first, second
    return ()


@cache
def occasions() -> frozenset[str]:
    """Last words of days and feasts that things are bought for."""
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(word for text in wording["occasions"] for word in words_of(text))


@cache
def kinds() -> frozenset[str]:
    """What a product may be called whatever its title says: bar, drink, pack, one."""
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(word for text in wording["kinds"] for word in words_of(text))


@cache
def countries() -> frozenset[frozenset[str]]:
    """Where products come from."""
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(
        frozenset(words_of(one)) for text in wording["countries"] for one in text.split(",")
    )
