"""Says what a shopper should know before having a product: allergens, diets, age, dislikes."""

from knowledge.catalog.models import Product
from knowledge.scoring.allergens import check_allergen
from knowledge.scoring.diets import check_diet
from knowledge.shoppers.preferences import ShopperPreferences


def suitability_warnings(product: Product, preferences: ShopperPreferences) -> list[str]:
    """Worst first. Unknown is said as unknown: it is not the same as safe."""
    title = product.title
    danger, conflicts, unknown = [], [], []
    for allergen in preferences.allergens:
        check = check_allergen(product, allergen)
        if check.verdict == "no":
            danger.append(f"ALLERGY WARNING: {title}: {check.because}. You avoid {allergen}.")
        elif check.verdict == "unknown":
            unknown.append(f"Not known whether {title} is free of {allergen}: {check.because}.")
    for diet in preferences.diets:
        check = check_diet(product, diet)
        name = diet.replace("_", " ")
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
