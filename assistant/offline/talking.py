"""Handlers of acts that are talk, and of answers to our own questions."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assistant.offline.acts import Act, Item, Limits, Reference, plain
from assistant.offline.carting import checkout, confirmed
from assistant.offline.changing import take_swaps
from assistant.offline.filling import add_lines, add_products, cart_outcome
from assistant.offline.finding import details, problem, refine
from assistant.offline.lists import list_add
from assistant.offline.money import budget_set
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.planning import plan_change
from assistant.offline.scene import Call

Handler = Callable[[Act, Desk], Steps]
_OPENS = {"place_order": "start_checkout", "empty_cart": "empty_cart"}
_DOUBTFUL = 3
"""A message of so few words after a confirmation is an answer to it."""


def says(key: str) -> Handler:
    """A handler that only says something."""

    def handle(act: Act, desk: Desk) -> Steps:
        del act
        yield from ()
        return Outcome(said=[desk.phrasing.say(key)])

    return handle


def greet(act: Act, desk: Desk) -> Steps:
    del act
    yield from ()
    lines = len(desk.scene.state.cart.lines)
    if not lines:
        return Outcome(said=[desk.phrasing.say("greet")])
    return Outcome(said=[desk.phrasing.say("greet_with_cart", count=desk.phrasing.count(lines))])


def ask_again(desk: Desk) -> Steps:
    """A late or doubtful answer: the question is put anew, so that a clear one can follow."""
    pending, asked = desk.scene.state.pending, desk.memory.asked
    if pending is None:
        return Outcome()
    if asked is not None:
        (result,) = yield [Call(str(asked["name"]), dict(asked["arguments"]), changes=True)]
        return confirmed(result, desk)
    if pending.action not in _OPENS:
        return Outcome()
    arguments = {}
    if pending.action == "place_order" and "delivery" in pending.text:
        arguments["fulfilment"] = "delivery"
    (result,) = yield [Call(_OPENS[pending.action], arguments, changes=True)]
    return confirmed(result, desk)


def unknown(act: Act, desk: Desk) -> Steps:
    if desk.scene.state.pending is not None and len(act.text.split()) <= _DOUBTFUL:
        return (yield from ask_again(desk))
    return Outcome(said=[desk.phrasing.say("unknown")])


def yes(act: Act, desk: Desk) -> Steps:  # noqa: C901, PLR0911 - a case each
    memory = desk.memory
    question = memory.question or {}
    answered = _ANSWERED.get(str(question.get("kind")))
    if answered is not None:
        return (yield from answered(question, desk))
    match question.get("kind"):
        case "swaps":
            return (yield from take_swaps(act, desk))
        case "offer_add" | "choose" if len(question.get("products", ())) == 1:
            quantity = str(question.get("quantity") or "1")
            return (yield from add_products(question["products"], quantity, desk))
        case "choose":
            return Outcome(next=desk.phrasing.say("no_such"), question=question)
        case "quantity":
            return (yield from add_lines(question.get("items", ()), desk))
        case "set_quantity":
            changes = list(question.get("items", ()))
            (result,) = yield [Call("update_cart", {"changes": changes}, changes=True)]
            return cart_outcome(result, desk)
        case "checkout":
            return (yield from checkout(Act("checkout"), desk))
        case "budget_amount":
            return Outcome(next=desk.phrasing.say("ask_amount"), question=question)
        case "goal":
            return Outcome(next=desk.phrasing.say("which_goal"), question=question)
    if desk.scene.state.pending is not None:
        return (yield from ask_again(desk))
    return Outcome(said=[desk.phrasing.say("yes_to_nothing")])


def _avoid_for_all(question: Mapping[str, Any], desk: Desk) -> Steps:
    own = {"allergens": list(question.get("allergens", ()))}
    (result,) = yield [Call("set_preferences", own, changes=True)]
    if not result.ok:
        return Outcome(said=[problem(result, desk)])
    listed = desk.phrasing.joined(own["allergens"])
    return Outcome(said=[desk.phrasing.say("member_for_all_done", list=listed)])


def _plan_dish(question: Mapping[str, Any], desk: Desk) -> Steps:
    options = question.get("options", ())
    if len(options) == 1:
        dish = {"dish": str(options[0])}
        return (yield from plan_change(Act("plan_change", named=dish), desk))
    return Outcome(next=desk.phrasing.say("which_dish"), question=question, plan=desk.memory.plan)


def _add_list(question: Mapping[str, Any], desk: Desk) -> Steps:
    named = {"name": str(question.get("name"))}
    return (yield from list_add(Act("list_add", named=named), desk))


_ANSWERED: Mapping[str, Callable[[Mapping[str, Any], Desk], Steps]] = {
    "member_allergens": _avoid_for_all,
    "choose_dish": _plan_dish,
    "list_add": _add_list,
}


def no(act: Act, desk: Desk) -> Steps:
    del act
    yield from ()
    if desk.memory.question is not None:
        return Outcome(said=[desk.phrasing.say("declined")])
    if desk.scene.state.pending is not None:
        return Outcome()
    return Outcome(said=[desk.phrasing.say("no_to_nothing")])


def number(act: Act, desk: Desk) -> Steps:
    """A number alone: an answer, or asked back."""
    question, count = desk.memory.question or {}, act.count or Decimal(0)
    if question.get("kind") == "budget_amount":
        return (yield from budget_set(Act("budget_set", money=count), desk))
    if question.get("kind") == "choose":
        reference = Reference("number", (int(count),))
        return (yield from chosen(Act("chosen", items=(Item(reference=reference),)), desk))
    return Outcome(said=[desk.phrasing.say("number_alone", number=plain(count))])


def chosen(act: Act, desk: Desk) -> Steps:
    """Only a reference was said: it answers a question, else it is looked at."""
    question = desk.memory.question or {}
    if question.get("kind") == "swaps":
        return (yield from take_swaps(act, desk))
    if question.get("kind") in {"choose", "offer_add"}:
        found = _among(act.items[0], [str(one) for one in question.get("products", ())], desk)
        if found:
            quantity = str(question.get("quantity") or "1")
            return (yield from add_products(found, quantity, desk))
    reference = act.items[0].reference
    if reference is not None and reference.kind == "described" and reference.plural:
        limits = Limits(diets=reference.diets)
        return (
            yield from refine(Act("refine", items=(Item(reference.words, limits=limits),)), desk)
        )
    return (yield from details(act, desk))


def show_more(act: Act, desk: Desk) -> Steps:
    return (yield from refine(replace(act, items=(), choice="more"), desk))


def _among(item: Item, products: list[str], desk: Desk) -> list[str]:
    """Which of the products we asked about is meant."""
    reference = item.reference
    if reference is None:
        return []
    shown = [one.id for one in desk.resolver.shown(reference) if one.id in products]
    if shown:
        return shown
    if reference.kind == "number":
        places = [number for number in reference.numbers if 0 < abs(number) <= len(products)]
        return [products[place - 1 if place > 0 else place] for place in places]
    return products if reference.kind == "all" else []
