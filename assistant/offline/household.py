"""Handlers of acts about the people somebody buys for."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.offline import advising
from assistant.offline.acts import Act
from assistant.offline.finding import reason
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call
from assistant.state import MemberInState
from knowledge.shoppers.names import name_key

_DETERMINER = re.compile(r"(?i)^(?:my|our|the)\s+")


def prefs(act: Act, desk: Desk) -> Steps:
    if act.kind == "prefs" and act.members:
        return (yield from member(act, desk))
    return (yield from advising.prefs(act, desk))


def member(act: Act, desk: Desk) -> Steps:
    """What somebody needs is remembered of them; whether it holds for all is asked."""
    name = _name(act.members[0])
    arguments: dict[str, Any] = {"member": name}
    if act.terms:
        arguments["diets"] = list(act.terms)
    if act.allergens:
        arguments["allergens"] = list(act.allergens)
    (result,) = yield [Call("set_preferences", arguments, changes=True)]
    if not result.ok:
        return Outcome(said=[reason(result, desk)])
    noted = MemberInState(name=name, diets=list(act.terms), allergens=list(act.allergens))
    outcome = Outcome(said=[desk.phrasing.say("member_noted", what=_described(noted, desk))])
    own = desk.scene.state.preferences.allergens
    new = [one for one in act.allergens if one not in own]
    if new:
        listed = desk.phrasing.joined(new)
        outcome.next = desk.phrasing.say("member_for_all", list=listed, name=name)
        outcome.question = {"kind": "member_allergens", "allergens": new}
    else:
        outcome.next = desk.phrasing.say("member_next", name=_called(name))
    return outcome


def _name(who: str) -> str:
    """As in "my kids" is kids, "anna" is Anna."""
    bare = _DETERMINER.sub("", who.strip())
    return bare if bare != who.strip() or not bare.islower() else bare.capitalize()


def _called(name: str) -> str:
    return name if name[:1].isupper() else f"the {name}"


def member_forget(act: Act, desk: Desk) -> Steps:
    name = _known(act.named["who"], desk)
    arguments = {"member": name, "forget": ["everything"]}
    (result,) = yield [Call("set_preferences", arguments, changes=True)]
    if not result.ok:
        return Outcome(said=[reason(result, desk)])
    return Outcome(said=[desk.phrasing.say("member_forgotten", name=name)])


def member_not(act: Act, desk: Desk) -> Steps:
    """As in "Anna is not vegan any more"."""
    name = _known(act.named["who"], desk)
    needs = [word.strip() for word in re.split(r",|\band\b|\bto\b", act.named["need"]) if word]
    known = next(one for one in desk.scene.state.household if one.name == name)
    has = {*known.diets, *known.allergens}
    gone = [one.replace(" ", "_") for one in needs if one.replace(" ", "_") in has]
    (result,) = yield [
        Call("set_preferences", {"member": name, "forget": gone or needs[:1]}, changes=True)
    ]
    if not result.ok:
        return Outcome(said=[reason(result, desk)])
    left = MemberInState(
        name=name,
        diets=[one for one in known.diets if one not in gone],
        allergens=[one for one in known.allergens if one not in gone],
    )
    return Outcome(said=[desk.phrasing.say("member_noted", what=_described(left, desk))])


def _known(who: str, desk: Desk) -> str:

    members = desk.scene.state.household
    return next((one.name for one in members if name_key(one.name) == name_key(who)), _name(who))


def household(act: Act, desk: Desk) -> Steps:
    """Who is known, as the state has it."""
    yield from ()
    members = desk.scene.state.household
    if not members:
        return Outcome(said=[desk.phrasing.say("household_none")])
    named = act.named.get("who")
    if named:
        members = [one for one in members if one.name == _known(named, desk)]
    listed = desk.phrasing.joined([_described(one, desk) for one in members])
    key = "member_is" if named else "household"
    return Outcome(said=[desk.phrasing.say(key, list=listed)])


def _described(one: MemberInState, desk: Desk) -> str:
    parts: Sequence[str] = [
        *(desk.phrasing.diet(diet) for diet in one.diets),
        *(desk.phrasing.say("member_avoids", allergen=name) for name in one.allergens),
    ]
    if not parts:
        return one.name
    facts: Mapping[str, str] = {"name": one.name, "list": desk.phrasing.joined(parts)}
    return desk.phrasing.say("member_described", **facts)


def member_unknown(act: Act, desk: Desk) -> Steps:
    yield from ()
    name = _name(act.named["who"])
    return Outcome(next=desk.phrasing.say("member_unknown", name=name))
