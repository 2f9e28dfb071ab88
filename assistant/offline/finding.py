"""Handlers of acts that look for products: search, refine, details, compare, which."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.offline import telling
from assistant.offline.acts import Act, Item, Limits
from assistant.offline.choose import MAY_FIT
from assistant.offline.pieces import is_code
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.resolve import Target
from assistant.offline.scene import Call, Result

_MOST_SEARCHES = 4
_MOST_COMPARED = 4
_MOST_FACTS = 4
_MORE = 20
_LONGEST_TEXT = 220
Block = Mapping[str, Any]


def search_call(item: Item, **more: object) -> Call:
    return Call("search_catalog", {"query": item.name, **item.limits.arguments(), **more})


def search(act: Act, desk: Desk) -> Steps:
    items = [_named(item, desk) for item in act.items][:_MOST_SEARCHES]
    pointed = len(items) == 1 and items[0].reference is not None and not items[0].words
    if pointed or (len(items) == 1 and code_of(items[0], desk)):
        return (yield from details(replace(act, choice=None), desk))
    more: dict[str, object] = {"limit": _MORE} if act.choice == "more" else {}
    more |= for_whom(act)
    results = yield [search_call(item, **more) for item in items]
    outcome = Outcome(
        search=items[-1].limits.arguments() | {"query": items[-1].name} | for_whom(act)
    )
    for item, result in zip(items, results, strict=True):
        _tell(item, result, desk, outcome, single=len(items) == 1)
    return outcome


def _named(item: Item, desk: Desk) -> Item:
    """As in "Healthier alternatives for the pasta" names a line; a search needs only words."""
    del desk
    return Item(item.words, item.reference, item.limits)


def _tell(item: Item, result: Result, desk: Desk, outcome: Outcome, *, single: bool) -> None:
    say, phrasing = desk.phrasing.say, desk.phrasing
    block = result.block("products")
    if block is None:
        outcome.said.append(problem(result, desk))
        return
    cards, what = block["products"], phrasing.what(item)
    note = block.get("note")
    if not cards:
        outcome.said += [say("found_none", what=what), *([note] if note else [])]
        outcome.next = None if note else say("found_none_next")
        return
    outcome.said += telling.found(item, block, desk)
    if len(cards) == 1:
        if single:
            outcome.next = say("found_one_next")
            outcome.question = {"kind": "offer_add", "products": [cards[0]["id"]]}
    else:
        outcome.next = say("found_next")
        outcome.question = {"kind": "choose", "products": [card["id"] for card in cards]}
    outcome.focus = (cards[0]["id"],) if len(cards) == 1 else ()
    if note:
        outcome.said.append(note)


def code_of(item: Item, desk: Desk) -> str | None:
    """The number of a product as the shopper wrote it, when an item is nothing but one."""
    if len(item.words) != 1 or not is_code(item.words[0]):
        return None
    found = re.search(rf"(?i)\b{re.escape(item.words[0])}\b", desk.scene.text)
    return found[0] if found else item.words[0]


def calls_for(code: str) -> list[Call]:
    """Product numbers are told apart by case, and shoppers do not mind theirs."""
    return [Call("get_product", {"product": one}) for one in dict.fromkeys([code, code.upper()])]


def refine(act: Act, desk: Desk) -> Steps:
    """Limits alone: the last search again within them, else everything that keeps to them."""
    limits = Limits()
    for item in act.items:
        limits = limits.joined(item.limits)
    last = desk.memory.search
    if last is not None:
        query = str(last.get("query") or "")
        limits = Limits.of_arguments(dict(last)).joined(limits)
    else:
        query = ""
    words = tuple(word for item in act.items for word in item.words)
    item = Item((*words, *query.split()), limits=limits)
    members = act.members or tuple((last or {}).get("for") or ())
    again = Act("search", items=(item,), choice=act.choice, members=members)
    return (yield from search(again, desk))


def for_whom(act: Act) -> dict[str, Any]:
    """The argument that names members of the household; empty when it is for none of them."""
    return {"for": list(act.members)} if act.members else {}


def problem(result: Result, desk: Desk) -> str:
    """Why a call came to nothing, in words for the shopper."""
    if result.missing:
        return desk.phrasing.say("no_tool")
    first = result.text.split("\n")[0][:_LONGEST_TEXT]
    return desk.phrasing.say("error", text=first) if first else desk.phrasing.say("unknown")


def reason(result: Result, desk: Desk) -> str:
    """As ``problem``, in the tool's own words: they say all that there is to say."""
    first = result.text.split("\n")[0][:_LONGEST_TEXT]
    return problem(result, desk) if result.missing or not first else first


def locate(item: Item, desk: Desk) -> Steps:
    """Find the product a question is about, searching for it when it is not in sight.

    The outcome's focus holds its id; nothing when it is not found, with the reason said.
    """
    found = desk.resolver.product(item)
    if found.targets:
        return Outcome(focus=tuple(dict.fromkeys(one.product for one in found.targets)))
    if not item.words:
        key = "no_such" if desk.scene.state.shown else "nothing_shown"
        return Outcome(said=[desk.phrasing.say(key)])
    code = code_of(item, desk)
    if code is not None:
        for known in (yield calls_for(code)):
            block = known.block("product")
            if block is not None:
                return Outcome(focus=(block["product"]["card"]["id"],))
    (result,) = yield [search_call(item)]
    block = result.block("products")
    cards = block["products"] if block else []
    fitting = [
        card for rank, card in enumerate(cards) if desk.chooser.of_card(item, card, rank) >= MAY_FIT
    ]
    if not fitting:
        return Outcome(said=[desk.phrasing.say("found_none", what=desk.phrasing.what(item))])
    best = max(fitting, key=lambda card: desk.chooser.of_card(item, card, cards.index(card)))
    return Outcome(focus=(best["id"],))


def details(act: Act, desk: Desk) -> Steps:
    items = act.items or (Item(),)
    item = items[0]
    if act.choice == "search" and not desk.resolver.product(item).targets:
        return (yield from search(act, desk))
    if not item.words and item.reference is None:
        target = _only(desk)
        if target is None:
            return Outcome(said=[desk.phrasing.say("no_such")])
        located = Outcome(focus=(target.product,))
    else:
        located = yield from locate(item, desk)
    if not located.focus:
        return located
    if len(items) > 1:
        return (yield from _several(items, located, desk))
    results = yield [Call("get_product", {"product": one}) for one in located.focus[:1]]
    block = results[0].block("product")
    if block is None:
        return Outcome(said=[problem(results[0], desk)])
    said = _facts(block["product"], desk)
    asked = set(act.text.split())
    words = desk.phrasing.language.set_of
    card = block["product"]["card"]
    if card.get("in_stock", True) and asked & words("stock_questions"):
        price = desk.phrasing.price(card)
        said = [desk.phrasing.say("detail_in_stock", title=card["title"], price=price)]
    elif asked & words("price_questions") and not asked & words("content_questions"):
        said = said[: 1 + (not card.get("in_stock", True))]
    outcome = Outcome(said=said, focus=located.focus[:1])
    outcome.next = desk.phrasing.say("detail_next")
    outcome.question = {"kind": "offer_add", "products": list(located.focus[:1])}
    return outcome


def _several(items: Sequence[Item], first: Outcome, desk: Desk) -> Steps:
    """As in "How much are the bread and the croissants?": each in short."""
    ids = list((first.focus or ())[:1])
    for item in items[1:_MOST_COMPARED]:
        located = yield from locate(item, desk)
        ids += list((located.focus or ())[:1])
    results = yield [Call("get_product", {"product": one}) for one in dict.fromkeys(ids)]
    outcome = Outcome(focus=tuple(ids))
    for result in results:
        block = result.block("product")
        outcome.said += _facts(block["product"], desk)[:1] if block else [problem(result, desk)]
    return outcome


def _only(desk: Desk) -> Target | None:
    focus = desk.memory.focus
    if focus:
        return Target(focus[-1], "")
    shown = desk.scene.state.shown
    return Target(shown[0].id, shown[0].title) if len(shown) == 1 else None


def _facts(detail: Block, desk: Desk) -> list[str]:
    say, card = desk.phrasing.say, detail["card"]
    size = f" ({card['size']})" if card.get("size") and card["size"] not in card["title"] else ""
    said = [say("detail", title=card["title"], price=desk.phrasing.price(card), size=size)]
    if not card.get("in_stock", True):
        said.append(say("detail_stock_out"))
    if card.get("rating"):
        said.append(say("detail_rating", rating=card["rating"]))
    if detail.get("ingredients"):
        said.append(say("detail_ingredients", text=str(detail["ingredients"])[:_LONGEST_TEXT]))
        allergens = detail.get("allergens")
        if allergens is None:
            said.append(say("detail_unknown_allergens"))
        elif allergens:
            said.append(say("detail_allergens", text=desk.phrasing.joined(allergens)))
        else:
            said.append(say("detail_no_allergens"))
    elif detail.get("description"):
        said.append(str(detail["description"])[:_LONGEST_TEXT])
    return said


def compare(act: Act, desk: Desk) -> Steps:
    ids: list[str] = []
    for item in act.items:
        if item.words:
            located = yield from locate(item, desk)
            ids += (located.focus or ())[:1]
        else:
            ids += [one.product for one in desk.resolver.product(item).targets]
    if len(act.items) == 1 and act.items[0].reference is None and len(set(ids)) <= 1:
        ids += [one.id for one in desk.scene.state.shown]
    if not act.items:
        ids = [one.id for one in desk.scene.state.shown]
    products = list(dict.fromkeys(ids))[:_MOST_COMPARED]
    if len(products) < 2:  # noqa: PLR2004 - one thing cannot be compared
        return Outcome(said=[desk.phrasing.say("compare_what")])
    (result,) = yield [Call("compare_products", {"products": products})]
    block = result.block("comparison")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    outcome = Outcome(next=desk.phrasing.say("compared_next"), focus=())
    outcome.said = _best(block, desk)
    return outcome


def _best(block: Block, desk: Desk) -> list[str]:
    say, cards = desk.phrasing.say, block["products"]
    listed = desk.phrasing.numbered(cards, most=_MOST_COMPARED)
    said = [] if desk.has_cards else [say("compared", list=listed)]
    rows: dict[int, list[str]] = {}
    for row in block["rows"]:
        if len(row["best"]) == 1:
            rows.setdefault(row["best"][0], []).append(str(row["attribute"]))
    for place, names in rows.items():
        listed = desk.phrasing.joined(names[:_MOST_FACTS])
        said.append(say("compared_best", title=cards[place]["title"], rows=listed))
    return said or [say("compared_alike")]


def which(act: Act, desk: Desk) -> Steps:
    """As in "Which one is the cheapest?" of what was shown."""
    shown = desk.scene.state.shown
    if not shown:
        return Outcome(said=[desk.phrasing.say("nothing_shown")])
    if act.limits and (act.limits.diets or act.limits.exclude):
        return (yield from refine(Act("refine", items=(Item(limits=act.limits),)), desk))
    if act.choice in {"price", "unit_price", "rating"}:
        from_shown = [one for one in shown if getattr(one, act.choice) is not None]
        if from_shown:
            choose = max if act.choice == "rating" else min
            best = choose(
                from_shown, key=lambda one: float(str(getattr(one, act.choice or "")).split("/")[0])
            )
            (result,) = yield [Call("get_product", {"product": best.id})]
            block = result.block("product")
            if block is None:
                return Outcome(said=[problem(result, desk)])
            card = block["product"]["card"]
            said = desk.phrasing.say(
                "which_best", title=card["title"], price=desk.phrasing.price(card)
            )
            return Outcome(
                said=[said],
                focus=(card["id"],),
                next=desk.phrasing.say("detail_next"),
                question={"kind": "offer_add", "products": [card["id"]]},
            )
    return (yield from compare(Act("compare"), desk))


def cards_of(result: Result) -> Sequence[Block]:
    block = result.block("products")
    return block["products"] if block else ()
