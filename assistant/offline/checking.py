"""Handlers of acts that judge: diets and allergens, footprints."""

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.offline.acts import Act
from assistant.offline.finding import for_whom, locate, problem
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call, Result

_MOST_NAMED = 3
Block = Mapping[str, Any]


def diet_check(act: Act, desk: Desk) -> Steps:
    asked = [*act.terms, *act.allergens]
    arguments: dict[str, Any] = {"diets": asked} if asked else {}
    arguments |= for_whom(act)
    item = act.items[0] if act.items else None
    about_cart = item is None or (
        item.reference is not None and item.reference.kind == "all" and not item.words
    )
    if item is not None and not about_cart:
        located = yield from locate(item, desk)
        if not located.focus:
            return located
        calls = [
            Call("check_diet", {"product": one, **arguments}) for one in located.focus[:_MOST_NAMED]
        ]
        results = yield calls
        outcome = Outcome(focus=located.focus)
        for result in results:
            outcome.said += _product_verdicts(result, desk, every=bool(asked or act.members))
        return outcome
    (result,) = yield [Call("check_diet", arguments)]
    return _cart_verdicts(result, desk)


def _product_verdicts(result: Result, desk: Desk, *, every: bool) -> list[str]:
    """``every``: also what is unknown, because it was asked for."""
    block = result.block("score")
    if block is None:
        return [problem(result, desk)]
    verdicts = block["verdicts"]
    if not every:
        verdicts = [one for one in verdicts if one["verdict"] != "unknown"][:_MOST_NAMED]
    if not verdicts:
        return [desk.phrasing.say("diet_none", note=block.get("note") or result.text)]
    return [
        desk.phrasing.say(
            f"diet_product_{one['verdict']}",
            title=one["title"],
            diet=desk.phrasing.diet(one["diet"]),
            because=str(one["because"]).rstrip("."),
        )
        for one in verdicts
    ]


def _cart_verdicts(result: Result, desk: Desk) -> Outcome:
    block = result.block("score")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    if not block["verdicts"]:
        return Outcome(said=[desk.phrasing.say("diet_none", note=block.get("note") or result.text)])
    by_diet: dict[str, list[Block]] = {}
    for one in block["verdicts"]:
        by_diet.setdefault(one["diet"], []).append(one)
    outcome = Outcome()
    bad: list[str] = []
    for diet, verdicts in by_diet.items():
        outcome.said += _one_diet(diet, verdicts, desk)
        bad += [one["product"] for one in verdicts if one["verdict"] == "no"]
    if bad:
        outcome.next = desk.phrasing.say("diet_next")
        outcome.focus = tuple(dict.fromkeys(bad))
    return outcome


def _one_diet(diet: str, verdicts: Sequence[Block], desk: Desk) -> list[str]:
    say, name = desk.phrasing.say, desk.phrasing.diet(diet)
    no = [
        f"{one['title']} ({str(one['because']).rstrip('.')})"
        for one in verdicts
        if one["verdict"] == "no"
    ]
    unknown = [one["title"] for one in verdicts if one["verdict"] == "unknown"]
    if not no and not unknown:
        return [say("diet_all_yes", diet=name)]
    said = [say("diet_some_no", diet=name, list=desk.phrasing.joined(no))] if no else []
    if unknown:
        said.append(say("diet_unknown", list=desk.phrasing.joined(unknown)))
    rest = len(verdicts) - len(no) - len(unknown)
    if rest:
        verb = say("is_one" if rest == 1 else "are_many")
        said.append(say("diet_rest_yes", count=f"{rest} {verb}"))
    return said


def sustainability(act: Act, desk: Desk) -> Steps:
    item = act.items[0] if act.items else None
    whole = item is None or (item.reference is not None and item.reference.kind == "all")
    arguments: dict[str, Any] = {}
    if item is not None and not whole:
        located = yield from locate(item, desk)
        if not located.focus:
            return located
        arguments["product"] = located.focus[0]
    (result,) = yield [Call("score_sustainability", arguments)]
    block = result.block("score")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    outcome = Outcome(said=_score(block, result, desk))
    if block["subject"] == "cart" and block.get("total_kg_co2e"):
        outcome.next = desk.phrasing.say("score_next")
    return outcome


def _score(block: Block, result: Result, desk: Desk) -> list[str]:
    say, items = desk.phrasing.say, block["items"]
    note = block.get("note")
    total, grade = block.get("total_kg_co2e"), block.get("grade")
    graded = say("score_grade", grade=grade) if grade else ""
    if not items:
        return [say("score_none", note=note or result.text)]
    if block["subject"] == "product":
        one = items[0]
        if not one.get("kg_co2e") and not one.get("kg_co2e_per_kg"):
            return [say("score_unknown", title=one["title"])]
        figure = one.get("kg_co2e")
        carbon = figure or f"{one['kg_co2e_per_kg']} kg per"
        said = [say("score_product", title=one["title"], carbon=carbon, grade=graded)]
        return [*said, say("score_source", source=one["source"])] if one.get("source") else said
    if not total:
        return [note or say("score_none", note=result.text)]
    said = [say("score_cart", carbon=total, grade=graded)]
    heavy = sorted(
        (one for one in items if one.get("kg_co2e")), key=lambda one: -float(one["kg_co2e"])
    )
    if len(items) > 1 and heavy:
        said.append(
            say("score_worst", list=desk.phrasing.joined([one["title"] for one in heavy[:2]]))
        )
    return [*said, *([note] if note else [])]
