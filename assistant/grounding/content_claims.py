"""Reads what a sentence says is in a product, and whether it may be."""

import re
from collections.abc import Iterator, Sequence

from assistant.grounding.diet_phrases import FREE_OF, NOT
from assistant.grounding.diet_words import allergen_patterns
from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention
from assistant.grounding.product_facts import ProductFacts

_CONTAINS = re.compile(
    r"(?P<may>\b(?:may|might|could|can|kann|können|puede)\s+(?:also\s+)?(?:contain|have|hold|"
    r"enthalten|"
    r"contener)\b|\btraces of\b|\bspuren von\b|\btrazas de\b)"
    r"|\b(?:contains?|containing|enthält|enthalten|contiene)\b",
    re.IGNORECASE,
)


def wrong_contents(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    """Find "contains milk" said of what is known to hold something else."""
    for match in _CONTAINS.finditer(sentence):
        if FREE_OF.search(sentence[: match.end() + 4]) or NOT.search(
            sentence[max(0, match.start() - 30) : match.start()]
        ):
            continue
        before = [one for one in mentions if one.end <= match.start()]
        meant = [one for mention in before[-1:] for one in mention.products] or facts.topic
        known = [one for one in meant if one.contains or one.traces or one.ingredients]
        if not known or len(meant) > len(known):
            continue
        until = re.search(
            r"[.;:!?(]|,\s*(?:so|but|and (?:may|is|it))|\bmay\b|\bbut\b|\bso\b|"
            r"\band (?:may|is|it)\b",
            sentence[match.end() :],
        )
        end = match.end() + until.start() if until else len(sentence)
        for name, pattern in allergen_patterns().items():
            found = pattern.search(sentence, match.end(), end)
            if found is None or name == "all":
                continue
            if not any(_holds_it(one, name, found[0]) for one in known):
                yield f"no tool result says that {known[0].title} contains {found[0]}"
            elif match["may"] and all(
                name in one.contains and name not in one.traces for one in known
            ):
                yield f"{known[0].title} does contain {found[0]}"


def _holds_it(product: ProductFacts, name: str, word: str) -> bool:
    if name in product.contains or name in product.traces:
        return True
    pattern = allergen_patterns()[name]
    return (
        any(pattern.search(one) for one in product.ingredients)
        or word.lower() in product.ingredients
    )
