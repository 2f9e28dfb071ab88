"""Handlers of acts that plan: dishes, whole shopping lists, a cart that has to fit a budget."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from assistant.offline.acts import Act, Item, plain
from assistant.offline.advising import swaps
from assistant.offline.filling import add
from assistant.offline.finding import for_whom, problem, search
from assistant.offline.pasted_lists import quantity_text, query_of
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call, Result

_MOST_SERVINGS = 100
_MOST_NAMED = 3
_RECIPE_ARGUMENTS = ("recipe", "servings", "budget", "diets", "exclude", "staples", "for")
Block = Mapping[str, Any]


def plan_recipe(act: Act, desk: Desk) -> Steps:
    arguments: dict[str, Any] = {"recipe": act.named["dish"], **_wishes(act)}
    return (yield from _recipe(arguments, desk, sure=act.choice == "sure"))


def _wishes(act: Act) -> dict[str, Any]:
    found: dict[str, Any] = for_whom(act)
    if act.named.get("servings"):
        found["servings"] = int(act.named["servings"])
    if act.money is not None:
        found["budget"] = plain(act.money)
    if act.limits.diets:
        found["diets"] = list(act.limits.diets)
    if act.limits.exclude:
        found["exclude"] = list(act.limits.exclude)
    return found


def _recipe(arguments: dict[str, Any], desk: Desk, *, sure: bool = True) -> Steps:
    (result,) = yield [Call("plan_recipe", arguments, changes=True)]
    recipe = result.block("recipe")
    if result.block("plan") is not None:
        outcome = _planned(result, desk)
        outcome.plan = arguments | {"served": recipe["servings"] if recipe else None}
        return outcome
    dish = str(arguments["recipe"])
    unknown = result.block("choices") is not None and not _refused(result)
    if ((unknown and not sure) or result.missing) and desk.can_search(dish):
        item = Item(tuple(dish.split()))
        return (yield from search(Act("search", items=(item,)), desk))
    choices = result.block("choices")
    if choices is None:
        return Outcome(said=[problem(result, desk)], kind="failed")
    return _offered(result, choices, arguments, desk)


def _refused(result: Result) -> bool:
    return result.block("notice") is not None


def _offered(result: Result, choices: Block, arguments: Block, desk: Desk) -> Outcome:
    """The closest dishes, with why the one asked for is not to be had."""
    notice = result.block("notice")
    titles = [str(one["value"]) for one in choices["options"]]
    said = [str(notice["text"])] if notice else []
    question = str(choices["question"])
    if not desk.has_cards or not said:
        listed = desk.phrasing.joined(titles[:_MOST_NAMED])
        question = desk.phrasing.say("dishes_offered", question=question, list=listed)
    return Outcome(
        said=said,
        next=question,
        question={"kind": "choose_dish", "options": titles},
        plan=dict(arguments),
    )


def _planned(result: Result, desk: Desk) -> Outcome:
    """What is planned, what is not in it and why, and the question whose yes buys it."""
    plan, say = result.block("plan") or {}, desk.phrasing.say
    confirmation, choices = result.block("confirmation"), result.block("choices")
    said = [say("plan_lead")] if desk.has_cards and confirmation is not None else []
    if not desk.has_cards and plan["products"]:
        shown = list(zip(plan["quantities"], plan["products"], strict=True))
        listed = [_line(quantity, card, desk) for quantity, card in shown[:_MOST_NAMED]]
        if len(shown) > _MOST_NAMED:
            listed.append(say("more_shown", count=len(shown) - _MOST_NAMED))
        said.append(say("plan_lines", title=plan["title"], list=", ".join(listed)))
    if plan.get("note"):
        said.append(str(plan["note"]))
    if plan["missing"]:
        said.append(say("plan_missing", list="; ".join(map(str, plan["missing"]))))
    if confirmation is None:
        if not said:
            said = [result.text.split("\n")[0]]
        return Outcome(said=[say("plan_nothing", title=plan["title"]), *said], kind="planned")
    if choices is not None:
        said.append(_doubt(choices, desk))
    said.append(str(confirmation["confirmation"]["text"]))
    return Outcome(said=said, kind="asked", focus=())


def _line(quantity: object, card: Block, desk: Desk) -> str:
    unit = card["unit"] if card.get("sell_by") in {"weight", "volume"} else None
    key = "each_unit" if unit else "each"
    return desk.phrasing.say(key, quantity=quantity, unit=unit, title=card["title"])


def _doubt(choices: Block, desk: Desk) -> str:
    if desk.has_cards:
        return str(choices["question"])
    labels = [str(one["label"]) for one in choices["options"]]
    return desk.phrasing.say("choices_listed", question=choices["question"], list="; ".join(labels))


def plan_basket(act: Act, desk: Desk) -> Steps:
    items = [{"query": query_of(item), "quantity": quantity_text(item)} for item in act.items]
    arguments: dict[str, Any] = {"items": items, **for_whom(act)}
    if act.money is not None:
        arguments["budget"] = plain(act.money)
    outcome = yield from _basket(arguments, desk)
    if outcome.kind == "no_tool":
        return (yield from add(act, desk))
    return outcome


def _basket(arguments: dict[str, Any], desk: Desk) -> Steps:
    (result,) = yield [Call("plan_basket", arguments, changes=True)]
    plan = result.block("plan")
    if plan is None:
        kind = "no_tool" if result.missing else "failed"
        return Outcome(said=[problem(result, desk)], kind=kind)
    outcome = _planned(result, desk)
    outcome.plan = arguments | {"lines": _lines_of(arguments["items"], plan)}
    return outcome


def _lines_of(items: Sequence[Mapping[str, str]], plan: Block) -> dict[str, int]:
    """Which line of the list each numbered product is for."""
    found: dict[str, int] = {}
    for card in plan["products"]:
        purposes = str(card.get("reason") or "").split("; ")
        for place, item in enumerate(items):
            if {f"for {item['query']}", f"for {item['quantity']} {item['query']}"} & set(purposes):
                found[str(card.get("position"))] = place
    return found


def plan_change(act: Act, desk: Desk) -> Steps:
    """The plan in front of the shopper once more, with what they changed of it."""
    before = dict(desk.memory.plan or {})
    if "items" in before:
        return (yield from _change_basket(act, before, desk))
    if "recipe" not in before:
        yield from ()
        return Outcome(said=[desk.phrasing.say("unknown")])
    wishes = _wishes(act)
    if act.choice == "cheaper" and not wishes:
        return Outcome(
            next=desk.phrasing.say("plan_how_cheap"),
            question={"kind": "plan_budget"},
            plan=before,
        )
    served = int(before.get("served") or 4)
    if act.choice in {"more", "fewer"}:
        wanted = served * 2 if act.choice == "more" else max(1, served // 2)
        wishes["servings"] = min(_MOST_SERVINGS, wanted)
    if act.choice == "staples":
        wishes["staples"] = True
    if act.named.get("dish"):
        wishes["recipe"] = act.named["dish"]
    for name in ("diets", "exclude"):
        both = [*before.get(name, ()), *wishes.get(name, ())]
        if both:
            wishes[name] = list(dict.fromkeys(both))
    arguments = {name: before[name] for name in _RECIPE_ARGUMENTS if before.get(name)} | wishes
    return (yield from _recipe(arguments, desk))


def _change_basket(act: Act, before: dict[str, Any], desk: Desk) -> Steps:
    items = [dict(item) for item in before["items"]]
    if act.choice == "cheaper" and act.money is None:
        yield from ()
        return Outcome(
            next=desk.phrasing.say("plan_how_cheap"),
            question={"kind": "plan_budget"},
            plan=before,
        )
    gone = [item for item in items if _is_named(item["query"], act.limits.exclude)]
    items = [item for item in items if item not in gone]
    diets = " ".join(diet.replace("_", " ") for diet in act.limits.diets)
    if diets:
        items = [item | {"query": f"{diets} {item['query']}"} for item in items]
    if not items or (act.limits.exclude and not gone):
        return Outcome(said=[desk.phrasing.say("no_such")], plan=before)
    arguments: dict[str, Any] = {"items": items, **for_whom(act)}
    if act.money is not None:
        arguments["budget"] = plain(act.money)
    elif before.get("budget"):
        arguments["budget"] = before["budget"]
    return (yield from _basket(arguments, desk))


def _is_named(query: str, excluded: Sequence[str]) -> bool:
    words = {word.rstrip("s") for word in query.lower().split()}
    return any({part.rstrip("s") for part in one.split()} <= words for one in excluded)


def plan_swap(act: Act, desk: Desk) -> Steps:
    """As in "swap #3 for #17": another product for a line of the list."""
    plan = dict(desk.memory.plan or {})
    place = plan.get("lines", {}).get(act.named["number"])
    new = next((one for one in desk.scene.state.shown if str(one.n) == act.named["other"]), None)
    if place is None or new is None:
        yield from ()
        return Outcome(said=[desk.phrasing.say("no_such")], plan=plan)
    items = [dict(item) for item in plan["items"]]
    items[place]["query"] = new.title
    arguments = {name: plan[name] for name in ("budget", "for") if plan.get(name)}
    return (yield from _basket({"items": items, **arguments}, desk))


def plan_take(act: Act, desk: Desk) -> Steps:
    """As in "add it all": only a clear yes to the question does that; it is put again."""
    del act
    plan = dict(desk.memory.plan or {})
    if "items" in plan:
        wanted = {name: plan[name] for name in ("items", "budget", "for") if plan.get(name)}
        return (yield from _basket(wanted, desk))
    return (yield from _recipe({n: plan[n] for n in _RECIPE_ARGUMENTS if plan.get(n)}, desk))


def fit_budget(act: Act, desk: Desk) -> Steps:
    state, say = desk.scene.state, desk.phrasing.say
    if not state.cart.lines:
        return Outcome(said=[say("nothing_in_cart")])
    amount = act.money if act.money is not None and act.money > Decimal(0) else None
    keep, said = list[str](), list[str]()
    for item in act.items:
        found = desk.resolver.lines(item)
        keep += [one.line or one.product for one in found.targets]
        if not found.targets:
            said.append(say("not_in_cart", what=item.name or say("what_anything")))
    arguments: dict[str, Any] = {} if amount is None else {"amount": plain(amount)}
    if keep:
        arguments["keep"] = list(dict.fromkeys(keep))
    (result,) = yield [Call("fit_budget", arguments, changes=True)]
    if result.missing:
        return (yield from swaps(Act("swaps", choice="cheaper"), desk))
    confirmation, plan = result.block("confirmation"), result.block("plan")
    notice, choices = result.block("notice"), result.block("choices")
    if choices is not None and confirmation is None:
        asked = str(choices["question"])
        return Outcome(said=said, next=asked, question={"kind": "fit_amount"})
    if confirmation is None:
        told = str(notice["text"]) if notice else problem(result, desk)
        return Outcome(said=[*said, told], kind="failed")
    if plan is not None and plan.get("note"):
        said.append(str(plan["note"]))
    return Outcome(said=[*said, str(confirmation["confirmation"]["text"])], kind="asked")
