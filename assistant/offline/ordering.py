"""Handlers of acts about an order: how it gets there, coupons, what runs out, and afterwards."""

from collections.abc import Mapping
from typing import Any

from assistant.offline.acts import Act
from assistant.offline.advising import policy
from assistant.offline.carting import check_out, confirmed
from assistant.offline.filling import cart_outcome
from assistant.offline.finding import reason
from assistant.offline.money import orders
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call, Result

_RULES = {
    "substitution_none": "none",
    "substitution_ask": "ask",
    "substitution_similar": "similar",
}
_NEWEST = frozenset({"last", "latest", "newest"})
_LONGEST_REASON = 500
Block = Mapping[str, Any]


def deliver(act: Act, desk: Desk) -> Steps:
    said = {name: act.named[name] for name in ("address", "slot", "contact") if name in act.named}
    return (yield from check_out({"fulfilment": "delivery", **said}, desk))


def deliver_detail(act: Act, desk: Desk) -> Steps:
    """A time or a way to reach somebody: passed on as it was said, the checkout knows the rest."""
    said = {name: act.named[name] for name in ("slot", "contact") if name in act.named}
    return (yield from check_out(said, desk))


def pick_up(act: Act, desk: Desk) -> Steps:
    slot = {"slot": act.named["slot"]} if "slot" in act.named else {}
    return (yield from check_out({"fulfilment": "pickup", **slot}, desk))


def coupon(act: Act, desk: Desk) -> Steps:
    (result,) = yield [Call("update_cart", {"coupon": act.named["code"]}, changes=True)]
    return _coupon(result, desk)


def coupon_ask(act: Act, desk: Desk) -> Steps:
    del act
    yield from ()
    return Outcome(next=desk.phrasing.say("coupon_code"), question={"kind": "coupon"})


def coupon_remove(act: Act, desk: Desk) -> Steps:
    code = act.named.get("code", "")
    (result,) = yield [Call("update_cart", {"remove_coupon": code}, changes=True)]
    return _coupon(result, desk)


def _coupon(result: Result, desk: Desk) -> Outcome:
    """What came of a code, in the words of the shop."""
    if not result.ok:
        return Outcome(said=[reason(result, desk)])
    cart, notice = result.block("cart"), result.block("notice")
    if cart is None:
        text = str(notice["text"]) if notice else result.text.split("\n")[0]
        return Outcome(said=[text])
    said = [result.text.split("\n")[0]] if "\n" in result.text else [_first(result.text)]
    return Outcome(said=said, cart=cart)


def _first(text: str) -> str:
    """The first sentence; a full stop inside an amount ends none."""
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def substitution(act: Act, desk: Desk) -> Steps:
    if not desk.scene.state.cart.lines:
        return Outcome(said=[desk.phrasing.say("nothing_in_cart")])
    rule, what = _RULES[act.kind], act.named.get("what")
    wanted: dict[str, Any] = {"rule": rule}
    title = ""
    if what:
        items = desk.read_items(what)
        found = desk.resolver.lines(items[0]) if items else None
        if found is None or not found.targets:
            return Outcome(said=[desk.phrasing.say("not_in_cart", what=what)])
        if found.several:
            titles = desk.phrasing.joined([one.title for one in found.targets])
            return Outcome(next=desk.phrasing.say("which_line", list=titles), kind="asked_line")
        wanted["product"] = found.targets[0].line or found.targets[0].product
        title = found.targets[0].title
    (result,) = yield [Call("update_cart", {"substitution": wanted}, changes=True)]
    if not result.ok:
        return Outcome(said=[reason(result, desk)])
    what = title or desk.phrasing.say("substitution_all")
    return Outcome(said=[desk.phrasing.say(f"substitution_{rule}", what=what)])


def order_status(act: Act, desk: Desk) -> Steps:
    named = act.named["order"].lstrip("#").upper()
    return (yield from orders(Act("orders", terms=(named,)), desk))


def order_cancel(act: Act, desk: Desk) -> Steps:
    return (yield from _after(act, "cancel", desk))


def order_change(act: Act, desk: Desk) -> Steps:
    return (yield from _after(act, "change", desk))


def order_return(act: Act, desk: Desk) -> Steps:
    what = act.named.get("what")
    items = [{"product": what}] if what else None
    return (yield from _after(act, "return", desk, items=items))


def _after(
    act: Act, action: str, desk: Desk, *, items: list[dict[str, str]] | None = None
) -> Steps:
    """Opens the question that does it; where nothing can be done, what the policies say."""
    arguments: dict[str, Any] = {"action": action}
    order = act.named.get("order")
    if order:
        arguments["order"] = order.lstrip("#").upper()
    elif _NEWEST & set(desk.scene.text.lower().split()):
        arguments["order"] = "last"
    if act.named.get("reason"):
        arguments["reason"] = act.named["reason"][:_LONGEST_REASON]
    if items:
        arguments["items"] = items
    (result,) = yield [Call("get_orders", arguments, changes=True)]
    if result.block("confirmation") is not None:
        return confirmed(result, desk)
    choices, notice = result.block("choices"), result.block("notice")
    if choices is not None and result.ok:
        said = [str(notice["text"])] if notice else []
        labels = desk.phrasing.joined([str(one["label"]) for one in choices["options"]])
        key = "choices_listed"
        asked = desk.phrasing.say(key, question=choices["question"], list=labels)
        return Outcome(said=said, next=asked)
    told = reason(result, desk)
    if act.named.get("order"):
        return Outcome(said=[told])
    outcome = yield from policy(act, desk)
    outcome.said = [told, *outcome.said]
    return outcome


def order_again(act: Act, desk: Desk) -> Steps:
    from_order = {"reorder": True, "order": act.named["order"].lstrip("#").upper()}
    (result,) = yield [Call("get_orders", from_order, changes=True)]
    if result.block("cart") is None and result.block("confirmation") is None:
        return Outcome(said=[reason(result, desk)])
    return cart_outcome(result, desk)
