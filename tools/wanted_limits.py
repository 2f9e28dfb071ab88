"""Reads diets and unwanted things a shopper names into limits that every product has to keep."""

from collections.abc import Sequence

from knowledge.errors import InvalidInput
from knowledge.recipes.matching import Limits
from knowledge.shoppers.vocabulary import read_allergen, read_diet
from tools.context import ToolContext
from tools.household_needs import needs_of


def limits_for(
    context: ToolContext,
    *,
    diets: Sequence[str] = (),
    exclude: Sequence[str] = (),
    for_: list[str] | None = None,
) -> Limits:
    """What the shopper, the people it is for, and these words ask for, all together.

    Raises ``InvalidInput`` for a diet nobody knows. An allergy to nuts is taken to mean peanuts,
    too: stricter, never laxer.
    """
    needs = needs_of(context, for_)
    kept, free, words = list(needs.diets), list(needs.allergens), list[str]()
    for text in diets:
        diet, allergens = read_diet(text)
        kept += [diet] if diet else []
        free += allergens
    for text in exclude:
        found = _allergens(text)
        free += found
        words += [] if found else [_bare(text)]
    if "nuts" in free:
        free.append("peanuts")
    dislikes = context.work.preferences.of(context.shopper_id).dislikes
    return Limits(
        diets=tuple(dict.fromkeys(kept)),
        allergens=tuple(dict.fromkeys(free)),
        words=tuple(dict.fromkeys(word for word in words if word)),
        dislikes=tuple(dislikes),
    )


def _allergens(text: str) -> tuple[str, ...]:
    try:
        return read_allergen(text)
    except InvalidInput:
        return ()


def _bare(text: str) -> str:
    words = text.strip().lower().split()
    while words and words[0] in ("no", "without", "any", "the"):
        words = words[1:]
    return " ".join(words)


def limits_text(limits: Limits) -> str:
    """What was kept to: "vegan, free of nuts and peanuts"."""
    diets = [diet.replace("_", " ") for diet in limits.diets]
    free = [f"free of {' and '.join(limits.allergens)}"] if limits.allergens else []
    return ", ".join([*diets, *free])
