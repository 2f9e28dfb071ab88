"""Answers what is on offer: in the whole shop, or of what was named."""

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.offline.acts import Act, Item
from assistant.offline.choose import MAY_FIT
from assistant.offline.finding import details, for_whom, problem, search_call
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call

_LOOKED_AT = 20
_MOST_NAMED = 4
Block = Mapping[str, Any]


def deals(act: Act, desk: Desk) -> Steps:
    item = act.items[0] if act.items else None
    if item is not None and item.words:
        return (yield from _deals_on(item, act, desk))
    if item is not None and item.reference is not None and item.reference.kind != "all":
        return (yield from _deal_of(act, desk))
    say = desk.phrasing.say
    (result,) = yield [Call("recommend_products", {"kind": "deals"})]
    block = result.block("products")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    cards, note = block["products"], block.get("note")
    notes = [note] if note else []
    if not cards:
        return Outcome(said=notes or [say("deals_none")])
    named = 1 if desk.has_cards else _MOST_NAMED
    said = [say("deals", list=_listed(cards[:named], desk))]
    rest = len(cards) - named
    if rest > 0:
        said.append(say("more_below_one" if rest == 1 else "more_below", n=rest))
    return _to_choose(cards, [*said, *notes], desk)


def _deals_on(item: Item, act: Act, desk: Desk) -> Steps:
    """A search tells of every product what is on offer of it."""
    say, what = desk.phrasing.say, desk.phrasing.what(item)
    (result,) = yield [search_call(item, limit=_LOOKED_AT, **for_whom(act))]
    block = result.block("products")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    cards = block["products"]
    if not cards:
        return Outcome(said=[say("found_none", what=what)])
    fitting = [
        card
        for rank, card in enumerate(cards)
        if card.get("promotion")
        and card.get("in_stock", True)
        and desk.chooser.of_card(item, card, rank) >= MAY_FIT
    ]
    key = "deals" if fitting else "deals_none_on"
    said = [say(key, what=what, list=_listed(fitting[:_MOST_NAMED], desk))]
    outcome = _to_choose(fitting or cards, said, desk)
    outcome.search = item.limits.arguments() | {"query": item.name} | for_whom(act)
    outcome.kind = "search"
    if not fitting:
        outcome.next = None
    return outcome


def _deal_of(act: Act, desk: Desk) -> Steps:
    outcome = yield from details(act, desk)
    for product in outcome.focus or ():
        (result,) = yield [Call("get_product", {"product": product})]
        block = result.block("product")
        if block is not None:
            card = block["product"]["card"]
            key = "deals" if card.get("promotion") else "deals_none_on"
            listed = _listed([card], desk)
            outcome.said = [desk.phrasing.say(key, what=card["title"], list=listed)]
    return outcome


def _to_choose(cards: Sequence[Block], said: list[str], desk: Desk) -> Outcome:
    question = {"kind": "choose", "products": [card["id"] for card in cards]}
    step = desk.phrasing.say("recommended_next")
    return Outcome(said=said, next=step, focus=(), question=question)


def _listed(cards: Sequence[Block], desk: Desk) -> str:
    """As in "Oats at $2.50 (2 for $4.00)"; a reason tells what it saves as well."""
    named = []
    for card in cards:
        promotion, reason = str(card.get("promotion")), str(card.get("reason") or "")
        offer = reason if promotion in reason else promotion
        named.append(f"{desk.phrasing.priced_at(card)} ({offer})")
    return desk.phrasing.joined(named)
