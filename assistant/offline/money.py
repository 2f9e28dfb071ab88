"""Handlers of acts about money: budgets and orders."""

from collections.abc import Mapping
from typing import Any

from assistant.offline.acts import Act, plain
from assistant.offline.filling import cart_outcome
from assistant.offline.finding import problem
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call, Result

_MOST_ORDERS = 3
Block = Mapping[str, Any]


def budget_set(act: Act, desk: Desk) -> Steps:
    if act.money is None or act.money <= 0:
        return Outcome(next=desk.phrasing.say("ask_amount"), question={"kind": "budget_amount"})
    arguments: dict[str, Any] = {"amount": plain(act.money)}
    if act.period:
        arguments["period"] = act.period
    (result,) = yield [Call("set_budget", arguments, changes=True)]
    return _set(result, desk)


def budget_rule(act: Act, desk: Desk) -> Steps:
    (result,) = yield [Call("set_budget", {"rule": act.choice}, changes=True)]
    return _set(result, desk)


def _set(result: Result, desk: Desk) -> Outcome:
    block = result.block("budget")
    if block is None or not block.get("budget"):
        return Outcome(said=[problem(result, desk)])
    budget, say = block["budget"], desk.phrasing.say
    period = desk.phrasing.period(budget["period"])
    said = [say("budget_set", amount=desk.phrasing.money(budget["amount"]), period=period)]
    if budget["state"] == "over":
        said.append(say("budget_set_over", left=desk.phrasing.size_of(budget["left"])))
    elif desk.scene.state.cart.lines:
        said.append(say("budget_set_left", left=desk.phrasing.money(budget["left"])))
    outcome = Outcome(said=said)
    if not desk.scene.state.cart.lines:
        outcome.next = say("budget_set_next")
    return outcome


def budget_clear(act: Act, desk: Desk) -> Steps:
    del act
    (result,) = yield [Call("set_budget", {}, changes=True)]
    if not result.ok:
        return Outcome(said=[problem(result, desk)])
    return Outcome(said=[desk.phrasing.say("budget_cleared")])


def budget_check(act: Act, desk: Desk) -> Steps:
    del act
    (result,) = yield [Call("check_budget", {})]
    block = result.block("budget")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    say, phrasing, budget = desk.phrasing.say, desk.phrasing, block.get("budget")
    if not budget:
        total = phrasing.money(desk.scene.state.cart.totals.total)
        return Outcome(said=[say("budget_none", total=total)])
    over = budget["state"] == "over"
    said = [
        say(
            "budget_over" if over else "budget_state",
            left=phrasing.size_of(budget["left"]),
            amount=phrasing.money(budget["amount"]),
            period=phrasing.period(budget["period"]),
            in_cart=phrasing.money(budget["in_cart"]),
        )
    ]
    if float(budget["spent"]):
        said.append(say("budget_state_spent", spent=phrasing.money(budget["spent"])))
    drop = block.get("drop") or ()
    if drop:
        titles = phrasing.joined([line["title"] for line in drop])
        said.append(say("budget_drop", list=titles))
    return Outcome(said=said)


def orders(act: Act, desk: Desk) -> Steps:
    arguments = {"order": act.terms[0]} if act.terms else {}
    (result,) = yield [Call("get_orders", arguments, changes=True)]
    block = result.block("order")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    if not block["orders"]:
        return Outcome(said=[desk.phrasing.say("orders_none")])
    lines = [
        desk.phrasing.say(
            "order_line",
            number=order["number"],
            status=order["status"],
            total=desk.phrasing.money(order["total"], order.get("currency")),
            fulfilment=order["fulfilment"],
            slot=f" {order['slot']['label']}" if order.get("slot") else "",
        )
        for order in block["orders"][:_MOST_ORDERS]
    ]
    return Outcome(said=[desk.phrasing.say("orders", list="; ".join(lines))])


def reorder(act: Act, desk: Desk) -> Steps:
    arguments: dict[str, Any] = {"reorder": True}
    if act.terms:
        arguments["order"] = act.terms[0]
    (result,) = yield [Call("get_orders", arguments, changes=True)]
    if result.block("cart") is None and result.block("confirmation") is None:
        return Outcome(said=[problem(result, desk)])
    return cart_outcome(result, desk)
