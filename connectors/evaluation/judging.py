"""Judges one turn by what it did to the shop and which tools it called, hardly by its words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from assistant.messages import Answer
from connectors.evaluation.cases import CartItem, Expectation, PreferencesPart, SearchWanted
from knowledge.scoring.allergens import allergen_name
from knowledge.shoppers.preferences import ShopperPreferences
from tools.blocks import (
    Block,
    ChoicesBlock,
    ComparisonBlock,
    PlanBlock,
    ProductBlock,
    ProductsBlock,
    SwapsBlock,
)

Cart = Mapping[str, Decimal]
SEARCH = "search_catalog"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a turn left behind."""

    answer: Answer
    cart_before: Cart
    preferences: ShopperPreferences
    orders_before: int
    orders_after: int

    @property
    def cart(self) -> Cart:
        return cart_of(self.answer)


def cart_of(answer: Answer) -> Cart:
    quantities: dict[str, Decimal] = {}
    for line in answer.cart.lines:
        quantities[line.product] = quantities.get(line.product, Decimal(0)) + Decimal(line.quantity)
    return quantities


def judge(expected: Expectation, seen: Seen) -> list[str]:
    """Why the turn is not what was expected; nothing when it is."""
    return [
        *_tools(expected, seen.answer),
        *_products(expected, seen.answer.blocks),
        *_carts(expected, seen),
        *_state(expected, seen),
        *_words(expected, seen.answer),
        *_alternatives(expected, seen),
    ]


def _tools(expected: Expectation, answer: Answer) -> Iterator[str]:
    called = {call.name for call in answer.tools}
    if expected.tools_any is not None and not any(
        called.issuperset(names) for names in expected.tools_any
    ):
        wanted = " or ".join("+".join(names) or "none" for names in expected.tools_any)
        yield f"tools: wanted {wanted}, called {_listing(called)}"
    for name in expected.no_tools or ():
        if name in called:
            yield f"no_tools: {name} was called"
    if expected.search is not None:
        searches = [call.arguments for call in answer.tools if call.name == SEARCH]
        problems = [list(_search(expected.search, arguments)) for arguments in searches]
        if not problems:
            yield f"search: {SEARCH} was not called"
        elif all(problems):
            fewest = min(len(found) for found in problems)
            nearest = next(found for found in problems if len(found) == fewest)
            yield f"search: {'; '.join(nearest)}"


def _search(wanted: SearchWanted, arguments: Mapping[str, Any]) -> Iterator[str]:
    for name in wanted.model_fields_set & {"max_price", "min_price"}:
        limit, given = getattr(wanted, name), _decimal(arguments.get(name))
        if limit != given:
            yield f"{name} was {given}, not {limit}"
    yield from _sets(wanted, arguments)
    query = str(arguments.get("query") or "").casefold()
    for word in wanted.query_has or ():
        if word.casefold() not in query:
            yield f"query {query!r} lacked {word!r}"
    if wanted.sort is not None and (arguments.get("sort") or "relevance") != wanted.sort:
        yield f"sort was {arguments.get('sort') or 'relevance'}, not {wanted.sort}"


def _sets(wanted: SearchWanted, arguments: Mapping[str, Any]) -> Iterator[str]:
    if wanted.diets is not None:
        missing = _names(wanted.diets) - _names(arguments.get("diets"))
        if missing:
            yield f"diets lacked {_listing(missing)}"
    if wanted.exclude is not None:
        missing = _avoided(wanted.exclude) - _avoided(arguments.get("exclude"))
        if missing:
            yield f"exclude lacked {_listing(missing)}"


def _products(expected: Expectation, blocks: Sequence[Block]) -> Iterator[str]:
    shown = {product for block in blocks for product in _shown(block)}
    missing = set(expected.shows_all or ()) - shown
    if missing:
        yield f"shows_all: {_listing(missing)} not shown, but {_listing(shown)}"
    unwanted = set(expected.shows_none or ()) & shown
    if unwanted:
        yield f"shows_none: {_listing(unwanted)} shown"


def _shown(block: Block) -> list[str]:
    match block:
        case ProductsBlock() | PlanBlock() | ComparisonBlock():
            return [product.id for product in block.products]
        case ProductBlock():
            return [block.product.card.id]
        case SwapsBlock():
            return [swap.to.id for swap in block.swaps]
    return []


def _carts(expected: Expectation, seen: Seen) -> Iterator[str]:
    cart = seen.cart
    if expected.cart is not None and cart != _cart(expected.cart):
        yield f"cart: is {_cart_text(cart)}, not {_cart_text(_cart(expected.cart))}"
    for item in expected.cart_has or ():
        has = cart.get(item.product)
        if has is None or item.quantity not in (None, has):
            yield f"cart_has: {item.product} x {item.quantity or 'any'}, cart is {_cart_text(cart)}"
    if expected.cart_any is not None and cart not in [_cart(one) for one in expected.cart_any]:
        wanted = " or ".join(_cart_text(_cart(one)) for one in expected.cart_any)
        yield f"cart_any: is {_cart_text(cart)}, not {wanted}"
    if expected.cart_unchanged is not None:
        same = cart == seen.cart_before
        if same is not expected.cart_unchanged:
            what = "changed" if not same else "did not change"
            yield f"cart_unchanged: it {what}: {_cart_text(seen.cart_before)} -> {_cart_text(cart)}"


def _state(expected: Expectation, seen: Seen) -> Iterator[str]:
    if "budget" in expected.model_fields_set:
        yield from _budget(expected, seen.answer)
    if expected.preferences_has is not None:
        missing = list(_forgotten(expected.preferences_has, seen.preferences))
        if missing:
            yield f"preferences_has: not remembered: {', '.join(missing)}"
    pending = seen.answer.confirmation is not None
    if expected.confirmation is not None and pending is not expected.confirmation:
        yield f"confirmation: {'one' if pending else 'none'} is pending"
    placed = seen.orders_after > seen.orders_before
    if expected.order_placed is not None and placed is not expected.order_placed:
        yield f"order_placed: {'one was' if placed else 'none was'} placed"


def _budget(expected: Expectation, answer: Answer) -> Iterator[str]:
    wanted, has = expected.budget, answer.budget
    if wanted is None or has is None:
        if (wanted is None) is not (has is None):
            yield f"budget: is {has.amount if has else 'not set'}"
        return
    if Decimal(has.amount) != wanted.amount:
        yield f"budget: is {has.amount}, not {wanted.amount}"
    if wanted.period is not None and has.period != wanted.period:
        yield f"budget: is for the {has.period}, not the {wanted.period}"


def _forgotten(wanted: PreferencesPart, has: ShopperPreferences) -> Iterator[str]:
    yield from sorted(_names(wanted.diets) - _names(has.diets))
    yield from sorted(_avoided(wanted.allergens) - _avoided(has.allergens))
    yield from sorted(_names(wanted.dislikes) - _names(has.dislikes))
    yield from sorted(_names(wanted.brands) - _names(has.brands))
    if wanted.sustainability not in (None, has.sustainability):
        yield f"sustainability {wanted.sustainability}"


def _words(expected: Expectation, answer: Answer) -> Iterator[str]:
    text = answer.text
    for pattern in expected.says or ():
        if not _matches(pattern, text):
            yield f"says: {pattern!r} not in {text!r}"
    if expected.says_any and not any(_matches(pattern, text) for pattern in expected.says_any):
        yield f"says_any: none of {expected.says_any} in {text!r}"
    for pattern in expected.never_says or ():
        if _matches(pattern, text):
            yield f"never_says: {pattern!r} in {text!r}"
    if expected.asks is not None and _asks(answer) is not expected.asks:
        yield f"asks: {'it asked' if _asks(answer) else 'it did not ask'}: {text!r}"


def _asks(answer: Answer) -> bool:
    return (
        "?" in answer.text
        or answer.confirmation is not None
        or any(isinstance(block, ChoicesBlock) for block in answer.blocks)
    )


def _alternatives(expected: Expectation, seen: Seen) -> Iterator[str]:
    if expected.any_of is None:
        return
    problems = [judge(one, seen) for one in expected.any_of]
    if all(problems):
        yield f"any_of: {' | '.join('; '.join(one) for one in problems)}"


def _matches(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE | re.MULTILINE) is not None


def _cart(items: Sequence[CartItem]) -> Cart:
    quantities: dict[str, Decimal] = {}
    for item in items:
        quantities[item.product] = quantities.get(item.product, Decimal(0)) + item.quantity
    return quantities


def _cart_text(cart: Cart) -> str:
    return (
        ", ".join(f"{quantity:f} x {product}" for product, quantity in sorted(cart.items()))
        or "empty"
    )


def _decimal(value: object) -> Decimal | None:
    """Read an amount: 3, "3.00" and "$3" are one, left out and null are none."""
    if value is None:
        return None
    try:
        return Decimal(str(value).strip().lstrip("$€£"))
    except InvalidOperation:
        return None


def _names(values: object) -> set[str]:
    if not isinstance(values, Sequence) or isinstance(values, str):
        return set()
    return {str(value).strip().casefold().replace("-", "_").replace(" ", "_") for value in values}


def _avoided(values: object) -> set[str]:
    return {allergen_name(name.replace("_", " ")) or name for name in _names(values)}


def _listing(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
