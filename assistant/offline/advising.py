"""Handlers of acts that advise: swaps, suggestions, diets, footprints, policies, preferences."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.offline import telling
from assistant.offline.acts import Act, Item, Limits
from assistant.offline.deals import deals
from assistant.offline.finding import for_whom, locate, problem, search
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call, Result
from knowledge.search.text import CLOSED_CLASS, stem, words

_MOST_NAMED = 3
_LONGEST_PASSAGE = 320
_LONGEST_REASON = 500
_AMOUNT_ASKED = re.compile(r"\b(?:how much|cost|costs|fee|fees|price|charge|free|minimum)\b")
_MONEY = re.compile(r"[$\u20ac\u00a3]\s?\d|\d\s?(?:CHF|EUR|USD)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
Block = Mapping[str, Any]


def swaps(act: Act, desk: Desk) -> Steps:
    goal = act.choice
    if goal is None:
        return Outcome(next=desk.phrasing.say("which_goal"), question={"kind": "goal"})
    arguments: dict[str, Any] = {"goal": goal, **for_whom(act)}
    target = _about_one(act, desk)
    if target is not None:
        located = yield from locate(target, desk)
        if not located.focus:
            return located
        lines = [
            line.id for line in desk.scene.state.cart.lines if line.product == located.focus[0]
        ]
        arguments["product"] = lines[0] if lines else located.focus[0]
    elif _looks_at_list(act, desk):
        sort = {"cheaper": "price", "greener": "sustainability", "healthier": "health"}[goal]
        last = dict(desk.memory.search or {}) | {"sort": sort}
        return (yield from search(Act("search", items=(_item_of(last),)), desk))
    (result,) = yield [Call("find_swaps", arguments)]
    return _offer(result, desk)


def _about_one(act: Act, desk: Desk) -> Item | None:
    """The product a swap is asked for; None means the whole cart."""
    if not act.items:
        return None
    item = act.items[0]
    if item.words:
        return item
    reference = item.reference
    if reference is None or reference.kind in {"all", "pronoun"}:
        return None
    return item if desk.resolver.product(item).targets else None


def _looks_at_list(act: Act, desk: Desk) -> bool:
    """As in "Something cheaper" right after a search, with nothing in the cart to swap."""
    searched = desk.memory.last_act in {"search", "refine"} and desk.memory.search is not None
    return searched and not desk.scene.state.cart.lines and not act.items


def _item_of(search_arguments: Mapping[str, Any]) -> Item:
    words = tuple(str(search_arguments.get("query") or "").split())
    return Item(words, limits=Limits.of_arguments(dict(search_arguments)))


def _offer(result: Result, desk: Desk) -> Outcome:
    block = result.block("swaps")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    say, found = desk.phrasing.say, block["swaps"]
    note = block.get("note")
    if not found:
        return Outcome(said=[say("swaps_none", note=note or result.text)])
    outcome = Outcome(said=[*telling.swaps(block, desk), *([note] if note else [])])
    outcome.next = say("swap_one_next" if len(found) == 1 else "swaps_next")
    outcome.question = {"kind": "swaps"}
    outcome.focus = (found[0]["to"]["id"],)
    return outcome


def recommend(act: Act, desk: Desk) -> Steps:
    kind = act.choice or "for_you"
    if kind == "deals":
        return (yield from deals(act, desk))
    arguments: dict[str, Any] = {"kind": kind}
    item = act.items[0] if act.items else None
    whole = item is not None and item.reference is not None and item.reference.kind == "all"
    if kind in {"goes_with", "similar"} and item is not None and not whole:
        located = yield from locate(item, desk)
        if located.focus:
            arguments["product"] = located.focus[0]
        elif item.words:
            return located
    (result,) = yield [Call("recommend_products", arguments)]
    block = result.block("products")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    cards, note = block["products"], block.get("note")
    if not cards:
        return Outcome(said=[note or desk.phrasing.say("recommended_none")])
    said = telling.suggested(block, desk)
    if note:
        said.append(note)
    question = {"kind": "choose", "products": [card["id"] for card in cards]}
    step = desk.phrasing.say("recommended_next")
    return Outcome(said=said, next=step, focus=(), question=question)


def policy(act: Act, desk: Desk) -> Steps:
    (result,) = yield [
        Call("answer_from_policies", {"question": desk.scene.text.strip()[:500] or act.text})
    ]
    block = result.block("passages")
    if block is None:
        return Outcome(said=[problem(result, desk)])
    if not block["passages"]:
        return Outcome(said=[desk.phrasing.say("policy_none")])
    best = max(enumerate(block["passages"][:_MOST_NAMED]), key=lambda one: _speaks_to(act, *one))
    return Outcome(said=[_short(str(best[1]["text"]))])


def _speaks_to(act: Act, rank: int, passage: Block) -> float:
    """How well a passage answers; one about money when an amount was asked for."""
    asked = {stem(word) for word in act.text.split()} - CLOSED_CLASS
    heading = {stem(word) for word in words(f"{passage['policy']} {passage['section']}")}
    text = {stem(word) for word in words(str(passage["text"]))} - heading
    amount = bool(_AMOUNT_ASKED.search(act.text)) and bool(_MONEY.search(str(passage["text"])))
    return len(asked & heading) * 0.5 + len(asked & text) * 0.45 + amount - rank * 0.4


def _short(text: str) -> str:
    """The first sentences that fit."""
    kept = ""
    for part in _SENTENCE.split(" ".join(text.split())):
        if kept and len(kept) + len(part) > _LONGEST_PASSAGE:
            break
        kept = f"{kept} {part}".strip()
    return kept


def human(act: Act, desk: Desk) -> Steps:
    """Nothing is asked first: somebody who wants a person has said enough."""
    reason = " ".join(desk.scene.text.split())[:_LONGEST_REASON]
    (result,) = yield [Call("call_a_human", {"reason": reason}, changes=True)]
    notice = result.block("notice")
    if notice is None:
        outcome = yield from policy(act, desk)
        outcome.said = [desk.phrasing.say("human"), *outcome.said]
        return outcome
    passages = (result.block("passages") or {}).get("passages") or ()
    return Outcome(said=[str(notice["text"]), *_how_to_reach(passages, desk)])


def _how_to_reach(passages: Sequence[Block], desk: Desk) -> list[str]:
    """The sentences that tell when and how somebody answers, not those about this assistant."""
    says, never = (desk.phrasing.language.set_of(f"contact_{name}") for name in ("words", "never"))
    parts = [part for one in passages for part in _SENTENCE.split(str(one["text"]))]
    kept = [
        part
        for part in parts
        if (set(words(part)) & says or "@" in part) and not set(words(part)) & never
    ]
    return kept[:2]


def prefs(act: Act, desk: Desk) -> Steps:
    arguments: dict[str, Any] = {}
    if act.kind == "prefs_forget":
        named = [*act.terms, *act.allergens]
        arguments["forget"] = named or [_all_of(act)]
    else:
        if act.terms:
            arguments["diets"] = list(act.terms)
        if act.allergens:
            arguments["allergens"] = list(act.allergens)
        if act.limits.brands:
            arguments["brands"] = list(act.limits.brands)
        if act.choice == "dislike":
            arguments["dislikes"] = [act.text]
        elif act.choice in {"low", "medium", "high"}:
            arguments["sustainability"] = act.choice
    if not arguments and act.kind == "prefs":
        return Outcome(next=desk.phrasing.say("preferences_what"))
    (result,) = yield [Call("set_preferences", arguments, changes=True)]
    if not result.ok:
        return Outcome(said=[problem(result, desk)])
    text = result.text.split("\n")[0]
    key = "preferences" if act.kind == "prefs" else "preferences_shown"
    return Outcome(said=[desk.phrasing.say(key, text=text)])


def _all_of(act: Act) -> str:
    for part in ("allerg", "diet", "dislike", "brand"):
        if part in act.text:
            return {"allerg": "allergens"}.get(part, f"{part}s")
    return "everything"
