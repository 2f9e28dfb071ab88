"""Handlers of acts that change or show the cart: remove, quantities, swaps, undo, checkout."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assistant.offline import telling
from assistant.offline.acts import Act, Item, plain
from assistant.offline.carting import empty
from assistant.offline.choose import choose, quantity_of
from assistant.offline.filling import MOST_UNASKED, add_products, cart_outcome
from assistant.offline.finding import cards_of, search_call
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.resolve import Found, Target
from assistant.offline.scene import Call

_TIMES = {"double": 2, "triple": 3, "quadruple": 4}
_MOST_SWAPS = 6
Block = Mapping[str, Any]


def remove(act: Act, desk: Desk) -> Steps:
    if not desk.scene.state.cart.lines:
        return Outcome(said=[desk.phrasing.say("nothing_in_cart")])
    changes: list[dict[str, str]] = []
    said: list[str] = []
    for item in act.items:
        if item.reference is not None and item.reference.kind == "all" and not item.words:
            shown = [one.id for one in desk.resolver.shown(item.reference)]
            lines = [one for one in desk.scene.state.cart.lines if one.product in shown]
            if not lines or len(lines) == len(desk.scene.state.cart.lines):
                return (yield from empty(act, desk))
        found = desk.resolver.lines(_without_quantity(item))
        if not found.targets:
            said.append(
                desk.phrasing.say(
                    "not_in_cart", what=item.name or desk.phrasing.say("what_anything")
                )
            )
        elif found.several:
            return _ask_line(found, desk)
        else:
            changes += [_less(one, item) for one in found.targets]
    if not changes:
        return Outcome(said=said)
    return (yield from _update(changes, desk, said))


def _without_quantity(item: Item) -> Item:
    return replace(item, quantity=None, amount=None)


def _less(target: Target, item: Item) -> dict[str, str]:
    """The line without so many of it; without a number all of it."""
    left = Decimal(0)
    if item.quantity is not None and target.quantity is not None:
        left = max(Decimal(target.quantity) - item.quantity, Decimal(0))
    return {"product": target.line or target.product, "quantity": plain(left)}


def _ask_line(found: Found, desk: Desk) -> Outcome:
    titles = desk.phrasing.joined([one.title for one in found.targets])
    return Outcome(next=desk.phrasing.say("which_line", list=titles), kind="asked_line")


def _update(changes: list[dict[str, str]], desk: Desk, said: list[str] | None = None) -> Steps:
    (result,) = yield [Call("update_cart", {"changes": changes}, changes=True)]
    outcome = cart_outcome(result, desk)
    outcome.said = [*outcome.said, *(said or [])]
    block = result.block("cart")
    if block is not None:
        outcome.focus = tuple(
            change["product"] for change in block["changes"] if change["kind"] != "removed"
        )
        if any(change["kind"] == "removed" for change in block["changes"]):
            outcome.next = desk.phrasing.say("undone_next")
    return outcome


def set_quantity(act: Act, desk: Desk) -> Steps:  # noqa: PLR0911 - a case each
    if desk.memory.last_act in {"budget_set", "budget_check"} and act.count and _is_pronoun(act):
        from assistant.offline.money import budget_set  # noqa: PLC0415 - they call each other

        return (yield from budget_set(replace(act, kind="budget_set", money=act.count), desk))
    if _is_each(act):
        return (yield from _set_each(act, desk))
    found = _line_meant(act, desk)
    if not found.targets:
        if not desk.scene.state.cart.lines:
            return Outcome(said=[desk.phrasing.say("nothing_in_cart")])
        what = act.items[0].name if act.items and act.items[0].words else ""
        key = "not_in_cart" if what else "no_such"
        return Outcome(said=[desk.phrasing.say(key, what=what)])
    if found.several:
        return _ask_line(found, desk)
    target = found.targets[-1]
    quantity = _quantity(act, target)
    if quantity is None:
        return Outcome(next=desk.phrasing.say("quantity_missing"))
    if quantity > MOST_UNASKED:
        lines = [{"product": target.line or target.product, "quantity": plain(quantity)}]
        asked = desk.phrasing.say("ask_quantity", quantity=plain(quantity), what=target.title)
        return Outcome(next=asked, question={"kind": "set_quantity", "items": lines})
    change = {"product": target.line or target.product, "quantity": plain(quantity)}
    return (yield from _update([change], desk))


def _is_each(act: Act) -> bool:
    reference = act.items[0].reference if act.items else None
    return reference is not None and reference.kind == "all" and act.count is not None


def _set_each(act: Act, desk: Desk) -> Steps:
    """As in "Two of each": of what was shown and is in the cart, else of all in the cart."""
    shown = {one.id for one in desk.scene.state.shown}
    lines = desk.scene.state.cart.lines
    meant = [line for line in lines if line.product in shown] or lines
    quantity = plain(act.count or Decimal(1))
    if not meant:
        return (yield from add_products(sorted(shown), quantity, desk))
    changes = [{"product": line.id, "quantity": quantity} for line in meant]
    return (yield from _update(changes, desk))


def _is_pronoun(act: Act) -> bool:
    return not act.items or all(
        not item.words and (item.reference is None or item.reference.kind == "pronoun")
        for item in act.items
    )


def _line_meant(act: Act, desk: Desk) -> Found:
    if act.items and (act.items[0].words or act.items[0].reference is not None):
        return desk.resolver.lines(act.items[0])
    lines = desk.scene.state.cart.lines
    focused = [line for line in lines if line.product in desk.memory.focus[-1:]]
    chosen = focused or (lines if len(lines) == 1 else [])
    return Found(tuple(Target(one.product, one.title, one.id, one.quantity) for one in chosen))


def _quantity(act: Act, target: Target) -> Decimal | None:
    if act.choice in _TIMES and target.quantity:
        return Decimal(target.quantity) * _TIMES[act.choice]
    if act.choice in {"half", "halve"} and target.quantity:
        return Decimal(max(1, int(Decimal(target.quantity) / 2)))
    return act.count


def replace_line(act: Act, desk: Desk) -> Steps:
    """As in "Swap the pasta for rice": the new thing is looked for first."""
    what, other = act.items
    found = desk.resolver.lines(what)
    if not found.targets:
        name = what.name or desk.phrasing.say("what_anything")
        return Outcome(said=[desk.phrasing.say("not_in_cart", what=name)])
    if found.several:
        return _ask_line(found, desk)
    return (yield from _replace_target(found.targets[0], other, desk))


def _replace_target(target: Target, other: Item, desk: Desk) -> Steps:
    if other.reference is not None and not other.words:
        shown = desk.resolver.shown(other.reference)
        if not shown:
            return Outcome(said=[desk.phrasing.say("no_such")])
        new = shown[0].id
    else:
        (result,) = yield [search_call(other)]
        choice = choose(desk.chooser, other, cards_of(result), desk.names_a_kind)
        if choice is None or not choice.sure:
            near = [card for card in cards_of(result) if card.get("in_stock", True)][:3]
            said = [desk.phrasing.say("not_found", what=desk.phrasing.what(other))]
            if near:
                said.append(telling.nearest(near, desk))
            return Outcome(said=said, kind="asked_add")
        new = choice.card["id"]
        if other.quantity is not None:
            return (yield from _exchange(target, new, quantity_of(other, choice.card), desk))
    return (yield from swap_line(target.line or target.product, new, desk))


def _exchange(target: Target, new: str, quantity: str, desk: Desk) -> Steps:
    """A replacement in another quantity: the swap, then how much of it."""
    outcome = yield from swap_line(target.line or target.product, new, desk)
    if outcome.cart is None:
        return outcome
    return (yield from _update([{"product": new, "quantity": quantity}], desk, outcome.said))


def change_what(act: Act, desk: Desk) -> Steps:
    """Ask to what, as in "change the pasta"."""
    yield from ()
    found = desk.resolver.lines(act.items[0]) if act.items else Found()
    if not found.targets:
        name = act.items[0].name if act.items else ""
        return Outcome(said=[desk.phrasing.say("not_in_cart" if name else "no_such", what=name)])
    if found.several:
        return _ask_line(found, desk)
    target = found.targets[0]
    return Outcome(
        next=desk.phrasing.say("change_to_what", title=target.title),
        question={"kind": "replace", "line": target.line or target.product},
    )


def replace_asked(act: Act, desk: Desk) -> Steps:
    """The answer to "what would you like instead?"."""
    line = str((desk.memory.question or {}).get("line") or "")
    target = next((one for one in desk.scene.state.cart.lines if one.id == line), None)
    if target is None or not act.items:
        return Outcome(said=[desk.phrasing.say("no_such")])
    return (
        yield from _replace_target(
            Target(target.product, target.title, target.id, target.quantity), act.items[0], desk
        )
    )


def swap_line(line: str, new: str, desk: Desk) -> Steps:
    call = Call("update_cart", {"replace": {"product": line, "with": new}}, changes=True)
    (result,) = yield [call]
    outcome = cart_outcome(result, desk)
    outcome.focus = (new,)
    return outcome


def take_swaps(act: Act, desk: Desk) -> Steps:
    """Carry out swaps that were offered; without a number the first of them."""
    offered = [one for one in desk.scene.state.shown if one.kind == "swap" and one.replaces]
    if not offered:
        return Outcome(said=[desk.phrasing.say("no_swaps_offered")])
    chosen = offered[:1]
    reference = act.items[0].reference if act.items else None
    if (
        act.choice == "all"
        or (reference is not None and reference.kind == "all")
        or (reference is not None and reference.kind == "pronoun" and reference.plural)
    ):
        chosen = offered[:_MOST_SWAPS]
    elif reference is not None and reference.kind != "pronoun":
        meant = {id(one) for one in desk.resolver.shown(reference)}
        chosen = [one for one in offered if id(one) in meant]
    if not chosen:
        return Outcome(said=[desk.phrasing.say("no_such")])
    calls = [
        Call("update_cart", {"replace": {"product": one.replaces, "with": one.id}}, changes=True)
        for one in chosen
    ]
    results = yield calls
    outcome = Outcome(focus=tuple(one.id for one in chosen), kind="take_swaps")
    for result in results:
        done = cart_outcome(result, desk)
        outcome.said += done.said
        outcome.cart = done.cart or outcome.cart
    if outcome.cart is not None:
        outcome.next = desk.phrasing.say("undone_next")
    return outcome
