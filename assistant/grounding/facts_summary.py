"""The facts of a conversation as a few lines, for a model that has to write its answer again."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.grounding.product_facts import ProductFacts

if TYPE_CHECKING:
    from assistant.grounding.facts import Facts

_LONGEST = 3000
"""Characters; about 900 tokens, because figures take more than words do."""
_MOST_AMOUNTS = 40


def summary_of(facts: "Facts") -> str:
    """What the answer was about first, then the cart and the budget, then the newest lists."""
    lines = [*_standing(facts)]
    products = _by_relevance(facts)
    others = sorted(facts.amounts | facts.totals | facts.fees)[:_MOST_AMOUNTS]
    if others:
        lines.append(f"- other amounts: {_figures(others)}")
    room = _LONGEST - sum(len(line) + 1 for line in lines)
    told: list[str] = []
    for product_id, one in products:
        line = _line(product_id, one)
        room -= len(line) + 1
        if room < 0:
            break
        told.append(line)
    return "\n".join([*told, *lines])


def _by_relevance(facts: "Facts") -> list[tuple[str, ProductFacts]]:
    keys = {id(one): key for key, one in facts.products.items()}
    order = [keys[id(one)] for one in facts.topic if id(one) in keys]
    order += [key for kind, key in facts.done if key in facts.products and kind]
    order += facts.cart.lines
    for shown in reversed(facts.lists):
        order += shown
    order += reversed(facts.products)
    return [(key, facts.products[key]) for key in dict.fromkeys(order) if key in facts.products]


def _standing(facts: "Facts") -> list[str]:
    lines = []
    if facts.cart.known:
        parts = f", of that {_figures(facts.cart.parts)}" if facts.cart.parts else ""
        lines.append(f"- the cart comes to {_figures(facts.cart.totals)}{parts}")
    if facts.budget.amounts:
        left = _figures(facts.budget.left)
        lines.append(f"- budget: {_figures(facts.budget.amounts)}, left {left}")
    if facts.carbon:
        lines.append(f"- in all: {_figures(facts.carbon)} kg CO2e")
    if facts.contacts:
        lines.append(f"- links and contacts: {', '.join(sorted(facts.contacts))}")
    return lines


def _line(product_id: str, one: ProductFacts) -> str:
    parts = [_figures(one.amounts)]
    if one.in_stock == {False}:
        parts.append("sold out")
    parts += [f"{kind} grade {grade}" for kind, grade in sorted(one.grades)]
    if one.carbon:
        parts.append(f"{'/'.join(map(str, sorted(one.carbon)))} kg CO2e")
    if one.ratings:
        parts.append(f"{_figures(one.ratings)} stars")
    for verdict, word in (("yes", "is"), ("no", "NOT")):
        named = [name for name, known in one.suits.items() if known == verdict]
        if named:
            parts.append(f"{word} {'/'.join(named)}")
    return f"- {one.title} ({product_id}): {', '.join(filter(None, parts))}"


def _figures(numbers: Iterable[Decimal]) -> str:
    return ", ".join(str(one) for one in sorted(set(map(abs, numbers))))
