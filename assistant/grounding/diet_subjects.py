"""Finds what a diet is claimed of, and whether a tool result says so for it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.grounding.diet_phrases import DietClaim
from assistant.grounding.diet_words import allergen_patterns, diet_patterns
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, coordinated
from assistant.grounding.product_facts import ProductFacts

_AMONG = re.compile(
    r"\b(?:of|among|from|than|like|unlike|with|besides|instead of|rather than|"
    r"in place of|replac\w+|"
    r"statt|anstelle von|en lugar de|en vez de) "
    r"(?:(?:the|these|our|all|my|your|c\d+|de[rsmn]|die|das|"
    r"el|la|los|las) )*[*_\u00ab]*$",
    re.IGNORECASE,
)

_ARE_ALL = re.compile(
    r"[\s*_]*(?:\([^()]{1,24}\))?[\s*_]*(?:are|is|sind|son|were|have|suit|fit)\s(?:now )?",
    re.IGNORECASE,
)

_COUNTS = {
    w: n
    for n, w in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 2
    )
}

_BETWEEN = 2
"""Words between "gluten free" and what it is said of."""

STRICT = frozenset(
    (
        "gluten_free",
        "nut_free",
        "lactose_free",
        "nuts",
        "all",
        "milk",
        "peanuts",
        "eggs",
        "soy",
        "sesame",
        "fish",
        "crustaceans",
        "gluten",
    )
)


_IN_ONE_BREATH = re.compile(
    r"[\s*_]*(?:\([^()]{1,24}\))?[\s,*_]*(?:(?:and|&|plus|und|y|as well as)\b[\s*_]*)?"
    r"(?:the|our|die|der|das|el|la|los|las)?[\s*_]*",
    re.IGNORECASE,
)


def listed_before(end: int, mentions: Sequence[Mention], sentence: str) -> list[Mention]:
    """Those of "the loaf ($6.99) and the bread ($7.29) are all vegan"; nothing for one alone."""
    before = [one for one in mentions if one.end <= end]
    if not before or not _ARE_ALL.fullmatch(sentence, before[-1].end, end):
        return []
    together = before[-1:]
    for one, next_ in zip(reversed(before[:-1]), reversed(before), strict=False):
        if not _IN_ONE_BREATH.fullmatch(sentence, one.end, next_.start):
            break
        together.insert(0, one)
    return together if len(together) > 1 else []


def lists_meant(number: str | None, facts: Facts) -> list[list[ProductFacts]]:
    if number:
        size = _COUNTS.get(number.lower()) or int(number)
        return [facts.list_of(keys) for keys in facts.lists if len(keys) == size] + (
            [facts.topic] if len(facts.topic) == size else []
        )
    lists = [facts.topic] if len(facts.topic) > 1 else []
    cart = facts.list_of(facts.cart.lines)
    return [*lists, *([facts.latest] if facts.lists else []), *([cart] if cart else [])]


def spoken_of_claim(claim: DietClaim, mentions: Sequence[Mention], sentence: str) -> list[Mention]:
    """The mentions the claim is made of: those before it in its clause, else the one after it."""
    begin = 0
    for cut in re.finditer(r";|[.!?]\s", sentence[: claim.start]):
        begin = cut.end()
    before = [one for one in mentions if begin <= one.start and one.end <= claim.start]
    before = [one for one in before if not _AMONG.search(sentence, 0, one.start)] or before
    after = [one for one in mentions if one.start >= claim.end]
    if (
        after
        and len(sentence[claim.end : after[0].start].split()) <= _BETWEEN
        and after[0].start <= claim.end + 24
    ):
        between = sentence[claim.end : after[0].start]
        if not re.search(r"[.,;:!?]|\b(?:but|and|is|are|as|in|for|with|than|of)\b", between):
            return [after[0]]
    if before:
        return coordinated(before, sentence)
    if after and not re.search(r"[.;]", sentence[claim.end : after[0].start]):
        # "For gluten free there is the oat bread", "A gluten free choice would be ..."
        return coordinated_after(after, sentence)
    return []


def coordinated_after(mentions: Sequence[Mention], sentence: str) -> list[Mention]:
    """The first mention, with those said in one breath after it."""
    together = list(mentions[:1])
    for before, after in pairwise(mentions):
        if coordinated([before, after], sentence) != [before, after]:
            break
        together.append(after)
    return together


def narrowed(mention: Mention, facts: Facts, name: str) -> list[ProductFacts]:
    """Of several it may mean, those spoken of just now; else all.

    Where somebody could be harmed only what was spoken of counts, not what was merely shown.
    """
    for nearer in (facts.topic,) if name in STRICT else (facts.topic, facts.latest):
        narrowed = [one for one in mention.products if any(one is other for other in nearer)]
        if narrowed:
            return narrowed
    return mention.products


def suits(product: ProductFacts, name: str) -> bool:
    """Only what a tool result says for that product."""
    suits = product.suits
    if name not in suits and _is_called(product, name):
        return True
    if name == "all":
        known = [verdict for key, verdict in suits.items() if key in allergen_patterns()]
        return bool(known) and all(one == "yes" for one in known)
    if name in ("gluten", "gluten_free"):
        return suits.get("gluten_free", suits.get("gluten")) == "yes"
    if name in ("nuts", "nut_free"):
        return suits.get("nuts", suits.get("nut_free")) == "yes" and suits.get("nut_free") != "no"
    if name == "milk" and suits.get("milk") != "yes":
        return False
    return suits.get(name) == "yes"


def _is_called(product: ProductFacts, name: str) -> bool:
    """Whether its title says so: who may say the title may say that."""
    pattern = diet_patterns().get(name)
    return pattern is not None and pattern.search(product.title) is not None


def may_suit(product: ProductFacts, name: str, facts: Facts) -> bool:
    """What a search for the shopper's own needs found: it was asked to leave the others out."""
    if suits(product, name):
        return True
    needs = facts.needs | ({"peanuts"} if facts.needs & {"nuts", "nut_free"} else set())
    return (
        name in needs
        and product.suits.get(name) is None
        and name not in (product.contains | product.traces)
    )
