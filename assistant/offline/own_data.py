"""Handlers of acts about what the shop keeps of the shopper."""

from typing import Any

from assistant.offline.acts import Act
from assistant.offline.carting import confirmed
from assistant.offline.finding import problem
from assistant.offline.plan import Desk, Outcome, Steps
from assistant.offline.scene import Call
from assistant.offline.whole_message import OWN_DATA

_KINDS = {
    "talks": ("talk", "conversation", "chat", "history", "message"),
    "lists": ("list",),
    "addresses": ("address",),
    "household": ("household", "family", "people"),
    "preferences": ("preference", "diet", "allerg", "taste"),
}


def tell(act: Act, desk: Desk) -> Steps:
    del act
    return (yield from _ask({"action": "tell"}, desk))


def export(act: Act, desk: Desk) -> Steps:
    del act
    return (yield from _ask({"action": "export"}, desk))


def stop(act: Act, desk: Desk) -> Steps:
    del act
    return (yield from _ask({"remember": False}, desk))


def again(act: Act, desk: Desk) -> Steps:
    del act
    return (yield from _ask({"remember": True}, desk))


def forget(act: Act, desk: Desk) -> Steps:
    named = act.named.get("what", "").lower()
    found = (kind for kind, words in _KINDS.items() if any(word in named for word in words))
    what = next(found, "everything")
    if act.named.get("known"):
        what = "preferences"
    return (yield from _ask({"action": "forget", "what": what}, desk))


def _ask(arguments: dict[str, Any], desk: Desk) -> Steps:
    (result,) = yield [Call("my_data", arguments, changes=True)]
    if not result.ok:
        return Outcome(said=[problem(result, desk)])
    if result.block("confirmation") is not None:
        return confirmed(result, desk)
    # Behind this "forget it" means what was told, not "never mind".
    question = {"kind": OWN_DATA} if arguments.get("action") == "tell" else None
    return Outcome(said=[result.text], question=question)
