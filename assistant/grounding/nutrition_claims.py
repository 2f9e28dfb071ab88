"""Reads what a sentence says of nutrition, for 100 g, a portion or a glass."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.grounding.facts import Facts
from assistant.grounding.mentions import Mention, products_of, spoken_of
from assistant.grounding.numbers import rounds, value
from assistant.grounding.product_facts import ProductFacts

_NUTRIENTS = {
    "protein": r"protein|eiweiß|proteínas?",
    "saturated_fat": r"saturated(?: fat)?|saturates",
    "fat": r"fat\b|fett|grasas?",
    "sugars": r"sugars?|zucker|azúcar(?:es)?",
    "carbohydrates": r"carb(?:ohydrate)?s?|kohlenhydrate",
    "fiber": r"fib(?:er|re)|ballaststoffe|fibra",
    "salt": r"salt\b|salz|sal\b",
    "energy_kcal": r"kcal|calories",
}
_GRAMS = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?)\s?(?:g|grams?|gramm)\s?(?:of\s|von\s|de\s)?(?:plant\s|pure\s|"
    r"total\s)?"
    "(?:"
    + "|".join(
        f"(?P<{name}>{words})" for name, words in _NUTRIENTS.items() if name != "energy_kcal"
    )
    + r")|(?P<kcal>\d+(?:[.,]\d+)?)\s?(?:kcal|calories)",
    re.IGNORECASE,
)
_PORTION = re.compile(
    r"\b(?:per|each|one|a|in the|whole|single|pro) (?:\w+ )?(?:bar|piece|serving|portion|pack|"
    r"bottle|glass|riegel|slice|pot|one)\b"
    r"|\bin (?:one|each|total)\b|\beach\b|\bbar has\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s?(g|kg|ml|l)\b")
_MEASURED = re.compile(
    r"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)?)[\s-]?(?P<unit>kg|g|ml|l|cl|grams?|millilit(?:re|er)s?|"
    r"gramm|gramos)\b(?!\s?(?:of\s|von\s|de\s)?(?:plant\s|pure\s|total\s)?(?:protein|fat|sugar|carb|"
    r"salt|fib|saturat|eiwei|zucker|fett|grasa|azúcar|prote))",
    re.IGNORECASE,
)
_WORDED = {"half a litre": 500, "half a liter": 500, "a litre": 1000, "a liter": 1000,
           "half a kilo": 500, "a kilo": 1000, "per kilo": 1000, "per litre": 1000,
           "whole litre": 1000, "whole kilo": 1000}  # fmt: skip
_TIMES = {"kg": 1000, "l": 1000, "cl": 10}
_SHARE = re.compile(
    r"\b(?P<half>half|halb\w*|medio|media)\b|\b(?P<third>a third)\b|\b(?P<quarter>a quarter)\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|circa|ca\.?|almost|nearly|some|close to|"
    r"(?:just|slightly|a (?:little|bit|touch|tad)) (?:under|over|above|below|shy of|short of|more "
    r"than|less than)|not quite|etwa|rund|ungefähr|knapp|gut|fast|unos|unas|casi|alrededor de|"
    r"cerca de|under|over|more than|less than)|~|≈)[\s*_]*$",
    re.IGNORECASE,
)
# "Take 500 g of sugar" is a recipe's, not a product's.
_INGREDIENT = re.compile(
    r"\b(?:take|add|use|need|mix in|stir in|dissolve|nimm|gib|brauchst|añade|usa|"
    r"toma)\b[^.;:]{0,60}$",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"\b(?:has|have|contains?|gives?|per|each|provides?|with only|is|are|declared|enthält|hat|"
    r"tiene)\b|/100",
    re.IGNORECASE,
)
_NEAR = Decimal("0.07")


def nutrition_places(sentence: str) -> list[tuple[int, int]]:
    return [one.span() for one in _GRAMS.finditer(sentence)]


def wrong_nutrition(sentence: str, mentions: Sequence[Mention], facts: Facts) -> Iterator[str]:
    found = list(_GRAMS.finditer(sentence))
    if not found:
        return
    groups = spoken_of(mentions, [one.span() for one in found], sentence)
    for match, group in zip(found, groups, strict=True):
        if _INGREDIENT.search(sentence, 0, match.start()) and not _STATED.search(sentence):
            continue
        name = (
            "energy_kcal"
            if match["kcal"]
            else next(n for n in _NUTRIENTS if n != "energy_kcal" and match[n])
        )
        said = value(match["kcal"] or match["number"])
        meant = (
            products_of(group)
            or products_of(mentions)
            or facts.topic
            or list(facts.products.values())
        )
        told = set[Decimal]().union(*(one.numbers for one in meant if name not in one.nutrition))
        known = told.union(*(one.nutrition.get(name, set()) for one in meant))
        if len(found) > 1 or len(groups) > 1 or not group:
            every = facts.products.values()
            known = (
                known
                if products_of(group)
                else known.union(*(one.nutrition.get(name, set()) for one in every))
            )
        portions = set(_portions(name, meant, sentence))
        stated = (
            {number for one in meant for number in one.numbers}
            if _PORTION.search(sentence)
            else set()
        )
        margin = said * _NEAR if _HEDGE.search(sentence, 0, match.start()) else Decimal(0)
        if any(abs(fact - said) <= margin for fact in (known - told) | portions):
            continue
        if not any(rounds(fact, said) for fact in known | portions | stated):
            yield f"no tool result gives {match[0]}"


def _portions(name: str, meant: Sequence[ProductFacts], sentence: str) -> Iterator[Decimal]:
    """For as much as the sentence names, or for a whole one of them or a part of it."""
    named = [
        value(one["number"]) * _TIMES.get(one["unit"].lower(), 1)
        for one in _MEASURED.finditer(sentence)
    ]
    named += [Decimal(size) for words, size in _WORDED.items() if words in sentence]
    part = _SHARE.search(sentence)
    share = Decimal(1) / (2 if part["half"] else 3 if part["third"] else 4) if part else None
    whole = _PORTION.search(sentence) is not None or share is not None
    for one in meant:
        sizes = [*named, *(_sizes(one) if whole else ())]
        sizes += [size * share for size in _sizes(one)] if share else []
        for fact in one.nutrition.get(name, ()):
            for size in sizes:
                yield fact * size / 100


def _sizes(product: ProductFacts) -> Iterator[Decimal]:
    for number, unit in _SIZE.findall(f"{product.size} {product.title}"):
        yield Decimal(number) * (1000 if unit in ("kg", "l") else 1)
