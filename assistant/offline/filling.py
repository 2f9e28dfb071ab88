"""Handlers of acts that put things into the cart."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from assistant.offline import telling
from assistant.offline.acts import Act, Item, Limits, plain
from assistant.offline.choose import Choice, choose, quantity_of, sold_out
from assistant.offline.finding import (
    calls_for,
    cards_of,
    code_of,
    for_whom,
    problem,
    search_call,
)
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call, Result
from assistant.state import ShownInState

MOST_UNASKED = 20
_MOST_ITEMS = 8
_MOST_OFFERED = 3
_MEASURED = frozenset({"kg", "l"})
Block = Mapping[str, Any]


@dataclass
class _Basket:
    """What an addition has come to so far: lines to add, and what could not be."""

    lines: list[dict[str, str]] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    question: dict[str, Any] | None = None
    next: str | None = None
    whom: dict[str, Any] = field(default_factory=dict)

    def put(self, product: str, title: str, quantity: str) -> None:
        for line in self.lines:
            if line["product"] == product:
                line["quantity"] = plain(Decimal(line["quantity"]) + Decimal(quantity))
                return
        self.lines.append({"product": product, "quantity": quantity})
        self.titles[product] = title


def add(act: Act, desk: Desk) -> Steps:
    basket = _Basket(whom=for_whom(act))
    items = list(act.items)
    if len(items) > _MOST_ITEMS:
        items = items[:_MOST_ITEMS]
        basket.said.append(desk.phrasing.say("too_many_items", count=_MOST_ITEMS))
    searched = [item for item in items if not _refer(item, desk, basket)]
    searched = yield from _take_codes(searched, desk, basket)
    if searched:
        searched = [_spelled(item) for item in searched]
        results = yield [search_call(item, **basket.whom) for item in searched]
        for item, result in zip(searched, results, strict=True):
            _choose(item, result, desk, basket)
    large = [line for line in basket.lines if Decimal(line["quantity"]) > MOST_UNASKED]
    if large:
        return _ask_quantity(large, basket, desk)
    return (yield from _put(basket, desk))


def _take_codes(
    items: Sequence[Item], desk: Desk, basket: _Basket
) -> Generator[list[Call], list[Result], list[Item]]:
    """Takes what is named by its product number; the rest is left to be searched for."""
    codes = {place: code for place, one in enumerate(items) if (code := code_of(one, desk))}
    left = list(items)
    if not codes:
        return left
    calls = [(place, call) for place, code in codes.items() for call in calls_for(code)]
    results = yield [call for _, call in calls]
    for (place, _), result in zip(calls, results, strict=True):
        block = result.block("product")
        if block is not None and items[place] in left:
            card = block["product"]["card"]
            basket.put(card["id"], card["title"], quantity_of(items[place], card))
            left.remove(items[place])
    return left


def _spelled(item: Item) -> Item:
    """As in "The rye one" that was not shown is looked for by its words."""
    reference = item.reference
    if item.words or reference is None:
        return item
    limits = item.limits.joined(Limits(diets=reference.diets))
    return replace(item, words=reference.words, reference=None, limits=limits)


def _refer(item: Item, desk: Desk, basket: _Basket) -> bool:
    """Put what a reference means; True when nothing needs to be searched for."""
    if item.words:
        return _put_known(item, desk, basket)
    if item.reference is None:
        if not item.limits:
            basket.said.append(desk.phrasing.say("ask_what"))
            return True
        return False
    shown = desk.resolver.shown(item.reference)
    for one in shown:
        basket.put(one.id, one.title, quantity_of(item, _as_card(one)))
    if not shown:
        targets = desk.resolver.product(item).targets
        for target in targets:
            basket.put(target.product, target.title, quantity_of(item, {}))
        described = " ".join((*item.reference.words, *item.reference.diets)).replace("_", " ")
        if not targets and item.reference.kind == "described" and desk.can_search(described):
            return False
        if not targets:
            key = "no_such" if desk.scene.state.shown else "nothing_shown"
            basket.said.append(desk.phrasing.say(key))
    return True


def _put_known(item: Item, desk: Desk, basket: _Basket) -> bool:
    """As in "Two of the whey bars" right after a list of bars means the one in the list."""
    if (
        item.limits
        or not desk.scene.state.shown
        or desk.memory.last_act not in {"search", "refine", "recommend", "compare"}
    ):
        return False
    exact = [
        one
        for one in desk.scene.state.shown
        if one.in_stock and _same_words(item, one.title, one.brand)
    ]
    if len(exact) != 1:
        return False
    one = exact[0]
    basket.put(one.id, one.title, quantity_of(item, _as_card(one)))
    return True


def _as_card(one: ShownInState) -> dict[str, Any]:
    """What the state tells of how a shown product is sold.

    Without a size and at the price of its unit, it is sold by that unit.
    """
    card: dict[str, Any] = {"title": one.title, "size": one.size}
    price, _, unit = (one.unit_price or "").partition("/")
    if one.size is None and unit in _MEASURED and Decimal(price) == Decimal(one.price):
        card |= {"sell_by": "weight", "unit": unit, "step": "0.1"}
    return card


def _same_words(item: Item, title: str, brand: str | None) -> bool:
    """Whether all of several words stand in a title."""
    known = set(f"{title} {brand or ''}".lower().replace(",", "").split())
    return len(item.words) > 1 and set(item.words) <= known


def _choose(item: Item, result: Result, desk: Desk, basket: _Basket) -> None:
    say, phrasing = desk.phrasing.say, desk.phrasing
    if not result.ok:
        basket.said.append(problem(result, desk))
        return
    cards = cards_of(result)
    choice = choose(desk.chooser, item, cards, desk.names_a_kind)
    what = phrasing.what(item)
    if choice is None or (not choice.sure and sold_out(desk.chooser, item, cards)):
        if sold_out(desk.chooser, item, cards):
            basket.said.append(say("sold_out", what=what))
        else:
            basket.said.append(say("not_found", what=what))
        near = [card for card in cards if card.get("in_stock", True)][:_MOST_OFFERED]
        if near:
            basket.said.append(telling.nearest(near, desk))
            basket.question = _choosing(near, item)
        return
    if not choice.sure or desk.is_department(item.words):
        offered = [choice.card, *choice.others][:_MOST_OFFERED]
        basket.next = telling.offered(item.name or what, offered, desk)
        basket.question = _choosing(offered, item)
        return
    basket.put(choice.card["id"], choice.card["title"], quantity_of(item, choice.card))
    _mention_others(item, choice, desk, basket)


def _choosing(cards: Sequence[Block], item: Item) -> dict[str, Any]:
    question: dict[str, Any] = {"kind": "choose", "products": [card["id"] for card in cards]}
    if item.quantity is not None:
        question["quantity"] = plain(item.quantity)
    return question


def _mention_others(item: Item, choice: Choice, desk: Desk, basket: _Basket) -> None:
    """Named by its kind alone, it was our choice: say that there are others."""
    basket.titles[choice.card["id"]] = desk.phrasing.priced(choice.card)
    others = len(choice.others)
    if others and item.words and basket.next is None and len(basket.lines) == 1:
        key = "others_one" if others == 1 else "others"
        basket.next = desk.phrasing.say(key, count=others, what=item.name)
    elif len(basket.lines) > 1 and basket.question is None:
        basket.next = None


def _ask_quantity(large: Sequence[dict[str, str]], basket: _Basket, desk: Desk) -> Outcome:
    asked = desk.phrasing.joined(
        [
            desk.phrasing.say(
                "ask_quantity", quantity=line["quantity"], what=basket.titles[line["product"]]
            )
            for line in large
        ]
    )
    return Outcome(
        said=basket.said,
        next=asked,
        question={"kind": "quantity", "items": basket.lines},
        kind="asked_quantity",
    )


def _put(basket: _Basket, desk: Desk) -> Steps:
    outcome = Outcome(said=basket.said, next=basket.next, question=basket.question)
    if not basket.lines:
        outcome.kind = "asked_add"
        return outcome
    arguments = {"items": basket.lines, **basket.whom}
    (result,) = yield [Call("add_to_cart", arguments, changes=True)]
    done = cart_outcome(result, desk, adding=True)
    outcome.said = [*done.said, *outcome.said]
    outcome.cart, outcome.kind = done.cart, done.kind or "add"
    outcome.focus = tuple(line["product"] for line in basket.lines)
    return outcome


def cart_outcome(result: Result, desk: Desk, *, adding: bool = False) -> Outcome:
    """What a change of the cart is to be told as."""
    confirmation = result.block("confirmation")
    if confirmation is not None:
        return Outcome(said=[confirmation["confirmation"]["text"]], kind="asked")
    block = result.block("cart")
    if not result.ok or block is None:
        return Outcome(said=[problem(result, desk)], kind="failed")
    said = desk.phrasing.changes(block, adding=adding) or [desk.phrasing.say("unchanged")]
    told = (*block.get("warnings", ()), *block.get("hints", ()))
    return Outcome(said=[*said, *told], cart=block)


def more(act: Act, desk: Desk) -> Steps:
    """As in "One more of the oats", "another two"."""
    items = act.items
    if items and any(item.words for item in items):
        in_cart = desk.resolver.lines(items[0])
        if in_cart.one is None:
            counted = tuple(replace(item, quantity=act.count) for item in items)
            return (yield from add(replace(act, kind="add", items=counted), desk))
        target = in_cart.one
    elif items and items[0].reference is not None:
        found = desk.resolver.product(items[0])
        if not found.targets:
            return Outcome(said=[desk.phrasing.say("no_such")])
        target = found.targets[0]
    else:
        focus = desk.memory.focus[-1:] or tuple(
            line.product for line in desk.scene.state.cart.lines[-1:]
        )
        if not focus:
            return Outcome(said=[desk.phrasing.say("ask_what")])
        lines = [{"product": focus[0], "quantity": plain(act.count or Decimal(1))}]
        return (yield from _put(_Basket(lines=lines), desk))
    lines = [{"product": target.product, "quantity": plain(act.count or Decimal(1))}]
    return (yield from _put(_Basket(lines=lines), desk))


def add_products(products: Sequence[str], quantity: str, desk: Desk) -> Steps:
    """Add what a question of ours was about."""
    lines = [{"product": one, "quantity": quantity} for one in products]
    return (yield from _put(_Basket(lines=lines), desk))


def add_lines(lines: Sequence[Mapping[str, str]], desk: Desk) -> Steps:
    return (yield from _put(_Basket(lines=[dict(line) for line in lines]), desk))
