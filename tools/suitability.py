"""Says what a shopper should know before having a product: allergens, diets, age, dislikes."""

from collections.abc import Sequence

from knowledge.catalog.models import Product
from knowledge.scoring.allergens import check_allergen
from knowledge.scoring.diets import check_diet
from knowledge.shoppers.members import Needs
from knowledge.shoppers.preferences import ShopperPreferences


def suitability_warnings(
    product: Product, preferences: ShopperPreferences, needs: Needs | None = None
) -> list[str]:
    """Worst first. Unknown is said as unknown: it is not the same as safe.

    ``needs`` are those of everybody it is for, and take the place of the shopper's own diets and
    allergens; a warning then names whom it concerns.
    """
    title = product.title
    danger, conflicts, unknown = [], [], []
    for allergen in preferences.allergens if needs is None else needs.allergens:
        check = check_allergen(product, allergen)
        whose = ("you",) if needs is None else needs.whose(allergen)
        if check.verdict == "no":
            avoid = "avoids" if whose != ("you",) and len(whose) == 1 else "avoid"
            who = f"{people_said(whose)} {avoid}"
            danger.append(
                f"ALLERGY WARNING: {title}: {check.because}. {who[:1].upper()}{who[1:]} {allergen}."
            )
        elif check.verdict == "unknown":
            unknown.append(
                f"Not known whether {title} is free of {allergen}{_for(whose)}: {check.because}."
            )
    for diet in preferences.diets if needs is None else needs.diets:
        check = check_diet(product, diet)
        name = diet.replace("_", " ") + _for(("you",) if needs is None else needs.whose(diet))
        if check.verdict == "no":
            conflicts.append(f"{title} is not {name}: {check.because}.")
        elif check.verdict == "unknown":
            unknown.append(f"Not known whether {title} is {name}: {check.because}.")
    known = f"{title} {product.ingredients or ''}".lower()
    conflicts += [
        f"{title}: you said you do not like {word}."
        for word in preferences.dislikes
        if word in known
    ]
    age = [f"{title} is sold from age {product.age_limit} only; an ID is asked for at handover."]
    return [*danger, *conflicts, *unknown, *(age if product.age_limit else [])]


def people_said(names: Sequence[str]) -> str:
    """Say "you", "Anna", "you and Anna" or "you, Anna and Tom"."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _for(whose: Sequence[str]) -> str:
    return "" if tuple(whose) == ("you",) else f" (for {people_said(whose)})"
