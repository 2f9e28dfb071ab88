"""Reads what tools tell of one product in detail: allergens, nutrition, origin, comparisons."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.grounding.diet_words import diet_patterns
from assistant.grounding.numbers import numbers_in, percents_in
from assistant.grounding.offer_words import offers_in, single_amounts
from assistant.grounding.product_facts import ProductFacts
from assistant.grounding.words import word_set, words_of

if TYPE_CHECKING:
    from assistant.grounding.facts import Facts

ALLERGENS = (
    *("gluten", "crustaceans", "eggs", "fish", "peanuts", "soy", "milk", "nuts"),
    *("celery", "mustard", "sesame", "sulphites", "lupin", "molluscs"),
)
_LABELS = ("organic", "fair_trade")


def read_labels(reason: str, product: ProductFacts) -> None:
    """What a swap's reason says for the thing to take: organic, Fairtrade."""
    for name in _LABELS:
        if diet_patterns()[name].search(reason):
            product.suit(name, "yes")


def read_detail(node: dict[str, Any], product: ProductFacts, *, facts: "Facts") -> None:
    if node["ingredients"]:
        product.ingredients.update(words_of(node["ingredients"]))
        product.numbers |= percents_in(node["ingredients"])
        facts.percents |= percents_in(node["ingredients"])
        facts.words.update(words_of(node["ingredients"]))
    if node.get("origin"):
        product.origins.update(words_of(node["origin"]))
        facts.names.add(word_set(node["origin"]))
    if node.get("description"):
        product.numbers |= numbers_in(node["description"])
    _declare(product, node["allergens"], node["traces"])


def _declare(product: ProductFacts, contains: list[str] | None, traces: list[str] | None) -> None:
    product.contains.update(contains or ())
    product.traces.update(traces or ())
    for name in ALLERGENS:
        if name in product.contains or name in product.traces:
            product.suit(name, "no")
        elif contains is None or traces is None:
            product.suit(name, "unknown")
        else:
            product.suit(name, "yes")


def read_nutrition(node: dict[str, Any], product: ProductFacts) -> None:
    for name, value in node.items():
        if value is not None:
            product.nutrition.setdefault(name, set()).update(numbers_of(value))
            product.numbers.update(numbers_of(value))


def read_comparison(attribute: str, value: str, product: ProductFacts) -> None:
    """What a row of a comparison says of one product."""
    product.numbers |= numbers_in(value)
    words = value.split(", ")
    if attribute.startswith("kg CO2e"):
        product.carbon.update(numbers_of(value))
    elif attribute == "contains allergens" and value != "unknown":
        product.contains.update(one for one in words if one in ALLERGENS)
    elif attribute == "may contain" and value != "unknown":
        product.traces.update(one for one in words if one in ALLERGENS)
        _declare(product, sorted(product.contains), sorted(product.traces))
    elif attribute == "origin":
        product.origins.update(words_of(value))
    elif "per 100" in attribute:
        name = attribute.split(" (", maxsplit=1)[0].replace(" ", "_")
        name = "energy_kcal" if name == "energy" else name
        product.nutrition.setdefault(name, set()).update(numbers_of(value))
    else:
        product.amounts |= single_amounts(value)
        product.offers |= offers_in(value)


@lru_cache(maxsize=4096)
def numbers_of(value: Any) -> list[Decimal]:  # noqa: ANN401 - any JSON scalar
    number = decimal(str(value).split("/", maxsplit=1)[0])
    return [] if number is None else [number, abs(number)]


def decimal(text: object) -> Decimal | None:
    if text is None or isinstance(text, bool):
        return None
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
