"""Finds which shown products a sentence speaks of, also by their short names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from assistant.grounding.brand_names import parts_of
from assistant.grounding.diet_words import any_term
from assistant.grounding.facts import Facts
from assistant.grounding.product_facts import ProductFacts
from assistant.grounding.words import WORD, singular, words_of
from prompts import load_wording

# What may stand between the words of one name: "Cocoa & Almond, Vegan", "Tuna in Water".
_WITHIN = re.compile(
    r"[\s,&*_()/'\u2019-]*(?:\d+(?:\.\d+)?\s?%?\s*)?(?:(?:in|of|with|by|from|the|à|de|la|von|"
    r"our)\b[\s*_]*)?",
)
# "Cocoa Bar and Oat Bar", "the penne, the oat drink": things said in one breath.
_COORDINATED = re.compile(
    r"[\s,;*_]*(?:(?:and|or|nor|&|plus|both)\b[\s*_]*)?(?:the|our)?[\s*_]*", re.IGNORECASE
)
_DIRECT = re.compile(
    r"(?:[\s\W]|\b(?:is|are|ones?|it|its|it's|they|they're|costs?|at|for|just|only|now|each|all|priced|"
    r"comes?|to|about|around|roughly|nearly|almost|both|per|apiece|you|that|that's|"
    r"\d+(?:\.\d+)?\s?(?:g|kg|ml|l|cl|oz|lb)?)\b)*",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[\s,(*_-]*(\d+(?:\.\d+)?)\s?(%|g|kg|ml|l|cm)(?!\w)")
_FIGURE_BEFORE = re.compile(r"(?<![\w.$])(\d+(?:\.\d+)?)[\s-]?(%|g|kg|ml|l|cm)\s(?:fat\s)?[*_]*$")
_CAPITALS = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_NEVER_FIRST = frozenset(("from", "by", "for", "to"))
_YOURS = re.compile(
    r"\b(?:your|deine[nr]?|ihre[nr]?|tus?)\s"
    r"(?:(?:two|three|four|five|six|seven|eight|nine|ten|twelve|zwei|drei|vier|dos|tres|cuatro|\d+)\s)?"
    r"[*_]*$",
    re.IGNORECASE,
)
_SIZED = re.compile(
    r"\b(?:(?P<small>small(?:er|est)?|mini|little)|big(?:ger|gest)?|large[rs]?t?)\s[*_]*$",
    re.IGNORECASE,
)
_LEAST_COMPOUND = 6
_CLOSE_BY = 32
_MEASURE = re.compile(r"(?:(?P<packs>\d+) x )?(?P<number>\d+(?:\.\d+)?)\s?(?P<unit>[a-z]+)\b")
_FREE_OF = re.compile(
    r"(?:nut|dairy|egg|soya?|lactose|peanut|sesame|milk|allergen|wheat|fish|meat)[\s-]$",
    re.IGNORECASE,
)
_THE = re.compile(r"\b(?:the|than|der|die|das|el|la) [*_]*$")
_ONES = re.compile(r"[\s*_]*(?:ones?|versions?|kinds?)\b", re.IGNORECASE)

# "cheaper than ...", "vs. $2.29": an amount of something else, which need not be named.
_OTHER = re.compile(
    r"\b(?:vs\.?|versus|than|against|instead of|rather than|compared (?:to|with))\W*$"
)


@dataclass(slots=True)
class Mention:
    """A stretch of a sentence that names something; ``products`` are those it may mean."""

    start: int
    end: int
    products: list[ProductFacts]
    words: set[str] = field(default_factory=set)


def find_mentions(sentence: str, facts: Facts) -> list[Mention]:
    known = facts.naming
    runs: list[Mention] = []
    for token in WORD.finditer(sentence):
        word = singular(token[0].lower())
        words = {word}
        having = known.get(word)
        if having is None and len(word) >= _LEAST_COMPOUND:
            having, words = _compounded(word, known)
        if having is None or (word == "free" and _FREE_OF.search(sentence, 0, token.start())):
            continue
        last = runs[-1] if runs else None
        if last is not None and _WITHIN.fullmatch(sentence, last.end, token.start()):
            both = [one for one in last.products if word in one.name_words]
            if both:
                last.end, last.products = token.end(), both
                last.words.add(word)
                continue
        if word in _NEVER_FIRST:
            continue
        runs.append(Mention(token.start(), token.end(), list(having), words))
    return [_exactly(run, sentence, facts) for run in runs if _names_something(run, sentence)]


def _compounded(
    word: str, known: dict[str, list[ProductFacts]]
) -> tuple[list[ProductFacts] | None, set[str]]:
    """The banana bread of "Bananenbrot"."""
    parts = set(parts_of(word))
    if len(parts) < 2 or not parts <= known.keys():  # noqa: PLR2004
        return None, {word}
    return [one for one in known[min(parts)] if parts <= one.name_words] or None, parts


def coordinated(mentions: Sequence[Mention], sentence: str) -> list[Mention]:
    """The last mention, with those said in one breath before it."""
    together = list(mentions[-1:])
    for before, after in zip(reversed(mentions[:-1]), reversed(mentions), strict=False):
        if not _COORDINATED.fullmatch(sentence, before.end, after.start):
            break
        together.insert(0, before)
    return together


def spoken_of(
    mentions: Sequence[Mention], marks: Sequence[tuple[int, int]], sentence: str
) -> list[list[Mention]]:
    """For each mark (an amount, a grade), the mentions it is said of; empty when of none."""
    groups: list[list[Mention]] = []
    for place, (start, _) in enumerate(marks):
        group = [one for one in mentions if one.end <= start]
        for _, end in reversed(marks[:place]):
            newer = [one for one in group if one.start >= end]
            if newer:
                group = newer
                break
        if group and _DIRECT.fullmatch(sentence, group[-1].end, start):
            group = coordinated(group, sentence)
        if _OTHER.search(sentence, max(0, start - _CLOSE_BY), start):
            group = []
        elif not group:
            until = marks[place + 1][0] if place + 1 < len(marks) else len(sentence)
            group = [one for one in mentions if start <= one.start < until][:1]
        groups.append(group)
    return groups


def products_of(mentions: Iterable[Mention]) -> list[ProductFacts]:
    return [product for mention in mentions for product in mention.products]


def _exactly(run: Mention, sentence: str, facts: Facts) -> Mention:
    exact = [one for one in run.products if one.name_words == run.words]
    if len(run.products) > 1 and _YOURS.search(sentence, max(0, run.start - _CLOSE_BY), run.start):
        carted = [one for one in run.products if one.key in facts.cart.lines]
        exact = [one for one in exact if one in carted] or carted or exact
    if exact:
        run.products = exact
    figure = _FIGURE.search(sentence, run.start, run.end) or _FIGURE.match(sentence, run.end)
    figure = figure or _FIGURE_BEFORE.search(sentence, max(0, run.start - _CLOSE_BY), run.start)
    if figure and len(run.products) > 1:
        wanted = re.compile(rf"(?<![\d.]){figure[1]}\s?{figure[2]}(?!\w)")
        sized = [one for one in run.products if wanted.search(f"{one.title} {one.size}")]
        run.products = sized or run.products
    told = _SIZED.search(sentence, max(0, run.start - _CLOSE_BY), run.start)
    if told and len(run.products) > 1 and len({one.title_words for one in run.products}) == 1:
        measured = sorted(run.products, key=lambda one: (_measure(one.size), _measure(one.title)))
        run.products = measured[:1] if told["small"] else measured[-1:]
    return run


def _measure(text: str) -> float:
    """How much there is in one, in grams, millilitres or pieces."""
    found = _MEASURE.search(text)
    if found is None:
        return 0
    times = 1000 if found["unit"] in ("kg", "l") else 1
    return int(found["packs"] or 1) * float(found["number"]) * times


def _names_something(run: Mention, sentence: str) -> bool:
    """A word such as "organic" or "free" alone is no name, but "the organic one" is."""
    whole = any(one.brand and one.brand_words <= run.words for one in run.products)
    if whole or run.words - _descriptions() or _ONES.match(sentence, run.end):
        return True
    # "Sea Salt": plain words, but written as a name.
    text = sentence[run.start : run.end]
    if (
        text[:1].isupper()
        and _THE.search(sentence, max(0, run.start - _CLOSE_BY), run.start)
        and not any_term().search(text)
    ):
        return True  # "the Original"
    return _CAPITALS.fullmatch(text) is not None and not any_term().search(text)


@cache
def _descriptions() -> frozenset[str]:
    wording: dict[str, list[str]] = load_wording("everyday_names")
    return frozenset(word for text in wording["descriptions"] for word in words_of(text))
