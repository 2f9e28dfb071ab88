"""Handlers of acts about the cart as a whole: show, empty, undo, check out."""

from collections.abc import Mapping
from typing import Any

from assistant.offline.acts import Act, Item
from assistant.offline.filling import add_products
from assistant.offline.finding import problem
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call, Result

_POINTING = frozenset({"it", "this", "that", "one", "them"})
_FEW_LINES = 2
_MOST_CHOICES = 4
Block = Mapping[str, Any]


def empty(act: Act, desk: Desk) -> Steps:
    del act
    if not desk.scene.state.cart.lines:
        return Outcome(said=[desk.phrasing.say("cart_empty")])
    (result,) = yield [Call("empty_cart", {}, changes=True)]
    return confirmed(result, desk)


def confirmed(result: Result, desk: Desk) -> Outcome:
    """An opened confirmation says for itself what it asks."""
    block = result.block("confirmation")
    if block is None and result.ok:
        return _asked_back(result, desk)
    if block is None:
        return Outcome(said=[problem(result, desk)], kind="failed")
    return Outcome(said=[str(block["confirmation"]["text"])], kind="asked")


def _asked_back(result: Result, desk: Desk) -> Outcome:
    """A checkout that needs to know more puts its question itself."""
    choices = result.block("choices")
    if choices is not None:
        listed = "; ".join(f"{one['value']}: {one['label']}" for one in choices["options"])
        return Outcome(said=[f"{choices['question']} {listed}"], kind="asked")
    notice = result.block("notice")
    return Outcome(said=[notice["text"] if notice else problem(result, desk)], kind="asked")


def undo(act: Act, desk: Desk) -> Steps:
    del act
    (result,) = yield [Call("undo", {}, changes=True)]
    if not result.ok:
        return Outcome(said=[problem(result, desk)])
    cart = result.block("cart")
    if cart is not None:
        said = desk.phrasing.changes(cart) or [desk.phrasing.say("unchanged")]
        return Outcome(said=said, cart=cart, focus=())
    first = result.text.split("\n")[0]
    return Outcome(said=[first])


def view(act: Act, desk: Desk) -> Steps:
    (result,) = yield [Call("get_cart", {})]
    block = result.block("cart")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    lines = block["cart"]["lines"]
    if not lines:
        return Outcome(said=[desk.phrasing.say("cart_empty")])
    named = [item for item in act.items if item.words]
    if named:
        return _whether_there(named[0], desk, block)
    if desk.has_cards and len(lines) > _FEW_LINES:
        said = [desk.phrasing.say("cart_count", count=desk.phrasing.count(len(lines)))]
    else:
        said = [desk.phrasing.say("cart_lines", list=desk.phrasing.lines(lines))]
    said += block.get("warnings", ())
    return Outcome(said=said, cart=block, next=desk.phrasing.say("cart_next"))


def _whether_there(item: Item, desk: Desk, block: Block) -> Outcome:
    found = desk.resolver.lines(item)
    ids = {one.line for one in found.targets}
    lines = [line for line in block["cart"]["lines"] if line["id"] in ids]
    if not lines:
        return Outcome(said=[desk.phrasing.say("has_no_line", what=item.name)])
    return Outcome(said=[desk.phrasing.say("has_line", list=desk.phrasing.lines(lines))])


def checkout(act: Act, desk: Desk) -> Steps:
    offered = (desk.memory.question or {}).get("products", ())
    if desk.memory.asks("offer_add") and set(act.text.split()) & _POINTING:
        return (yield from add_products([str(one) for one in offered], "1", desk))
    return (yield from check_out({"fulfilment": act.choice} if act.choice else {}, desk))


def check_out(arguments: Mapping[str, Any], desk: Desk) -> Steps:
    """One step of a checkout: the confirmation, or the next thing to be asked."""
    (result,) = yield [Call("start_checkout", arguments, changes=True)]
    if not result.ok and not desk.scene.state.cart.lines:
        return Outcome(said=[desk.phrasing.say("checkout_empty")])
    choices, notice = result.block("choices"), result.block("notice")
    if choices is None and (notice is None or not result.ok):
        return confirmed(result, desk)
    question = {"kind": "checkout_detail"}
    if choices is None:
        return Outcome(next=str((notice or {})["text"]), question=question)
    asked = str(choices["question"])
    if not desk.has_cards:
        listed = [
            desk.phrasing.say("choice", value=one["value"], label=one["label"])
            for one in choices["options"][:_MOST_CHOICES]
        ]
        asked = desk.phrasing.say("choices_listed", question=asked, list="; ".join(listed))
    return Outcome(next=asked, question=question)


def done(act: Act, desk: Desk) -> Steps:
    del act
    (result,) = yield [Call("get_cart", {})]
    block = result.block("cart")
    if block is None or not block["cart"]["lines"]:
        return Outcome(said=[desk.phrasing.say("checkout_empty")])
    count = desk.phrasing.count(len(block["cart"]["lines"]))
    total = desk.phrasing.money(block["cart"]["totals"]["total"])
    return Outcome(
        next=desk.phrasing.say("done", count=count, total=total), question={"kind": "checkout"}
    )
