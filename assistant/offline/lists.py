"""Handlers of acts about saved lists and what the shopper usually buys."""

from collections.abc import Generator, Mapping
from typing import Any

from assistant.offline.acts import Act
from assistant.offline.choose import choose, quantity_of
from assistant.offline.filling import cart_outcome
from assistant.offline.finding import cards_of, reason, search_call
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call, Result

USUAL = "usual"
_MOST_ITEMS = 8
Listed = Generator[list[Call], list[Result], list[dict[str, str]]]
Block = Mapping[str, Any]


def list_show(act: Act, desk: Desk) -> Steps:
    name = act.named.get("name")
    arguments = {"action": "show", "name": name} if name else {"action": "show"}
    (result,) = yield [Call("use_list", arguments, changes=True)]
    return _told(result, desk)


def list_usual(act: Act, desk: Desk) -> Steps:
    del act
    (result,) = yield [Call("use_list", {"action": "show", "name": USUAL}, changes=True)]
    plan = result.block("plan")
    if plan is not None and not plan["products"]:
        return Outcome(said=[desk.phrasing.say("usual_none")])
    return _told(result, desk)


def list_add(act: Act, desk: Desk) -> Steps:
    name = act.named.get("name") or USUAL
    (result,) = yield [Call("use_list", {"action": "add", "name": name}, changes=True)]
    if result.block("cart") is None and result.block("confirmation") is None:
        return Outcome(said=[reason(result, desk)], kind="failed")
    return cart_outcome(result, desk, adding=True)


def list_usual_add(act: Act, desk: Desk) -> Steps:
    del act
    return (yield from list_add(Act("list_add", named={"name": USUAL}), desk))


def list_save(act: Act, desk: Desk) -> Steps:
    if not desk.scene.state.cart.lines:
        return Outcome(said=[desk.phrasing.say("list_nothing_to_save")])
    name = act.named["name"]
    (result,) = yield [Call("use_list", {"action": "save", "name": name}, changes=True)]
    if not result.ok:
        return Outcome(said=[reason(result, desk)])
    count = desk.phrasing.count(len(desk.scene.state.cart.lines))
    return Outcome(said=[desk.phrasing.say("list_saved", name=name, count=count)])


def list_save_ask(act: Act, desk: Desk) -> Steps:
    del act
    yield from ()
    if not desk.scene.state.cart.lines:
        return Outcome(said=[desk.phrasing.say("list_nothing_to_save")])
    return Outcome(next=desk.phrasing.say("list_what_name"), question={"kind": "list_name"})


def list_delete(act: Act, desk: Desk) -> Steps:
    arguments = {"action": "delete", "name": act.named["name"]}
    (result,) = yield [Call("use_list", arguments, changes=True)]
    return Outcome(said=[result.text.split("\n")[0] if result.ok else reason(result, desk)])


def list_item_add(act: Act, desk: Desk) -> Steps:
    return (yield from _items("save", "list_put", act, desk))


def list_item_remove(act: Act, desk: Desk) -> Steps:
    return (yield from _items("remove", "list_taken", act, desk))


def _items(action: str, key: str, act: Act, desk: Desk) -> Steps:
    said: list[str] = []
    titles: list[str] = []
    wanted = yield from _products(act, desk, said, titles)
    if not wanted:
        return Outcome(said=said or [desk.phrasing.say("ask_what")])
    name = act.named["name"]
    arguments = {"action": action, "name": name, "items": wanted}
    (result,) = yield [Call("use_list", arguments, changes=True)]
    if not result.ok:
        return Outcome(said=[reason(result, desk)])
    listed = desk.phrasing.joined(titles)
    return Outcome(said=[desk.phrasing.say(key, list=listed, name=name), *said])


def _products(act: Act, desk: Desk, said: list[str], titles: list[str]) -> Listed:
    """The products that are named: those in sight, else the best of a search for each."""
    found: list[dict[str, str]] = []
    for item in desk.read_items(act.named["what"])[:_MOST_ITEMS]:
        if item.reference is not None and not item.words:
            targets = desk.resolver.product(item).targets
            found += [{"product": one.product, "quantity": "1"} for one in targets]
            titles += [one.title for one in targets]
            continue
        (result,) = yield [search_call(item)]
        choice = choose(desk.chooser, item, cards_of(result), desk.names_a_kind)
        if choice is None or not choice.sure:
            said.append(desk.phrasing.say("not_found", what=desk.phrasing.what(item)))
            continue
        quantity = quantity_of(item, choice.card)
        found.append({"product": choice.card["id"], "quantity": quantity})
        titles.append(str(choice.card["title"]))
    return found


def _told(result: Result, desk: Desk) -> Outcome:
    """A list as it is kept, or which lists there are."""
    say, plan, choices = desk.phrasing.say, result.block("plan"), result.block("choices")
    if plan is not None and result.ok:
        if not plan["products"]:
            return Outcome(said=[say("list_empty", name=plan["title"])])
        total = desk.phrasing.money(plan["total"], plan.get("currency"))
        count = desk.phrasing.count(len(plan["products"]))
        key = "usual_holds" if _is_usual(result) else "list_holds"
        said = [say(key, name=plan["title"], count=count, total=total)]
        if not desk.has_cards:
            titles = [str(card["title"]) for card in plan["products"][:_MOST_ITEMS]]
            said.append(say("list_lines", list=desk.phrasing.joined(titles)))
        if plan["missing"]:
            said.append(say("list_gone", list=desk.phrasing.joined(plan["missing"])))
        name = USUAL if _is_usual(result) else plan["title"]
        question = {"kind": "list_add", "name": name}
        return Outcome(said=said, next=say("list_next"), question=question, focus=())
    if choices is not None and result.ok:
        labels = desk.phrasing.joined([str(one["label"]) for one in choices["options"]])
        return Outcome(said=[say("lists", list=labels)], next=say("lists_next"))
    notice = result.block("notice")
    return Outcome(said=[str(notice["text"]) if notice else reason(result, desk)])


def _is_usual(result: Result) -> bool:
    return result.text.startswith("What you usually buy")
