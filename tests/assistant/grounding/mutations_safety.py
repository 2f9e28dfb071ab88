"""Makes wrong claims of diets and allergens: what is not known to be safe said to be."""

import re
from random import Random

from tests.assistant.grounding.mutations import (
    alike,
    register,
    sentence_at,
    spoken,
    with_sentence,
)
from tests.assistant.grounding.record_reading import Seen, Source

_DIETS = {
    "vegan": ("vegan", "plant-based"),
    "gluten_free": ("gluten free", "gluten-free", "safe for celiacs", "suitable for celiacs"),
    "nut_free": (
        "nut free",
        "nut-free",
        "safe with a nut allergy",
        "fine for someone with a nut allergy",
    ),
    "lactose_free": ("lactose free", "lactose-free"),
    "halal": ("halal",),
    "kosher": ("kosher",),
    "organic": ("organic",),
    "milk": ("dairy-free", "dairy free"),
    "soy": ("soy-free",),
    "eggs": ("egg-free",),
}
_SUITS = (
    "The {0} is {1}.",
    "{0} is {1}, so no worries.",
    "The {0} is also {1}.",
    "Yes, the {0} is {1}!",
    "{0}: {1}.",
    "I checked: the {0} is {1}.",
    "{0} is completely {1} by the way.",
)
_WITHOUT = (
    "The {0} contains no {1}.",
    "The {0} doesn't contain {1}.",
    "{0} is free of {1}.",
    "{0} is free from {1}.",
    "There is no {1} in the {0}.",
    "The {0} is made without {1}.",
    "The {0} has no traces of {1}.",
)
_ALLERGENS = ("nuts", "gluten", "milk", "soy", "peanuts", "eggs", "sesame")
_HELD = frozenset((*_ALLERGENS, "walnuts", "cashews", "egg", "Walnüsse"))
_FLIPS = (
    (r"\bmay contain (?:traces of )?", "contains no "),
    (r"\bcontains (?!no\b|neither\b)", "contains no "),
    (r"\bisn't (vegan|gluten free|safe|nut free|lactose free)", r"is \1"),
    (r"\bis not (vegan|gluten free|safe|nut free|lactose free)", r"is \1"),
    (r"\bnot (vegan|gluten free|safe|nut free|lactose free)", r"\1"),
    (r"\benthält\b", "enthält keine"),
)


@register("allergen safety")
def wrong_safety(answer: str, source: Source, random: Random) -> str | None:
    known = [one for one in source.products.values() if one.in_stock and not alike(one, source)]
    if not known:
        return None
    flipped = _flipped(answer, random) if random.random() < 0.6 else None
    if flipped is not None:
        return flipped
    one = random.choice([one for one in source.named(answer) if one in known] or known)
    said = _wrong_of(one, spoken(one, source, random), random)
    return None if said is None else with_sentence(answer, said, random)


def _flipped(answer: str, random: Random) -> str | None:
    """What is said to be in it taken out of it; what does not suit a diet made to suit it."""
    for pattern, flipped in random.sample(_FLIPS, len(_FLIPS)):
        match = re.search(pattern, answer)
        if match is None:
            continue
        start, end = sentence_at(answer, match.start())
        if re.search(r"\b(?:as far as|unknown|if|whether|protein)\b", answer[start:end]):
            continue
        # What is claimed has to be an allergen or a diet that the record denies.
        word = re.match(r"\s*(\w*)", answer[match.end() : end])
        held = word is not None and word[1] in _HELD
        if held or not ("contain" in flipped or "enthält" in flipped):
            return answer[: match.start()] + match.expand(flipped) + answer[match.end() :]
    return None


def _wrong_of(one: Seen, name: str, random: Random) -> str | None:
    suited = [
        diet for diet in _DIETS if not _suits(one, diet) and diet.split("_")[0] not in name.lower()
    ]
    if suited and random.random() < 0.5:
        words = random.choice(_DIETS[random.choice(suited)])
        return random.choice(_SUITS).format(name, words)
    free = [allergen for allergen in _ALLERGENS if not _suits(one, allergen)]
    return random.choice(_WITHOUT).format(name, random.choice(free)) if free else None


def _suits(one: Seen, name: str) -> bool:
    """Whether the record says so, in any result."""
    said = one.verdicts.get(name, set())
    if said:
        return said == {"yes"}
    if name in one.diets:
        return True
    diets = {"nuts": "nut_free", "gluten": "gluten_free"}
    if diets.get(name) in one.diets or one.verdicts.get(diets.get(name, ""), set()) == {"yes"}:
        return True
    if name in _ALLERGENS and one.declared and one.allergens is not None and one.traces is not None:
        return name not in one.allergens and name not in one.traces
    return False
