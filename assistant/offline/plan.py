"""Turns acts into rounds of tool calls, and what came of them into an answer."""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.offline.acts import Act, Item
from assistant.offline.choose import Chooser
from assistant.offline.memory import Memory
from assistant.offline.phrase import Phrasing, sentence
from assistant.offline.resolve import Resolver
from assistant.offline.scene import Call, Result, Scene
from knowledge.errors import NotFound
from tools.registry import find_tool

MOST_ROUNDS = 4
MOST_CALLS = 12
_WITH_CARDS = frozenset({"web", "api", "cli"})


@dataclass
class Outcome:
    """What one act came to: sentences, one next step, and what to remember."""

    said: list[str] = field(default_factory=list)
    next: str | None = None
    question: Mapping[str, Any] | None = None
    focus: tuple[str, ...] | None = None
    search: Mapping[str, Any] | None = None
    kind: str | None = None
    """The act to remember, when it is not the one that was asked for."""
    cart: Mapping[str, Any] | None = None
    """The cart block, so that only the last state of the cart is said."""
    plan: Mapping[str, Any] | None = None
    """What was planned, so that it can be planned anew with a change."""


Steps = Generator[list[Call], list[Result], Outcome]


@dataclass(frozen=True)
class Desk:
    """What the handlers of a turn work with."""

    scene: Scene
    resolver: Resolver
    chooser: Chooser
    phrasing: Phrasing
    can_search: Callable[[str], bool]
    """Whether words name something this shop may sell."""
    names_a_kind: Callable[[str], bool]
    """Whether products or shelves of this shop are called by this stemmed word."""
    is_department: Callable[[Sequence[str]], bool]
    """Whether words name a whole department and nothing more exact."""
    read_items: Callable[[str], Sequence[Item]]
    """The things that words name."""

    @property
    def has_cards(self) -> bool:
        """Whether the shopper sees the products beside the text, as cards or in a table."""
        return self.scene.state.channel in _WITH_CARDS

    @property
    def memory(self) -> Memory:
        return self.scene.memory


@dataclass(frozen=True)
class Decision:
    """Either calls to make, or the final text with what to remember."""

    calls: tuple[Call, ...] = ()
    text: str = ""
    memory: Memory = field(default_factory=Memory)


@dataclass
class _Running:
    act: Act
    steps: Steps
    wants: list[Call] = field(default_factory=list)
    outcome: Outcome | None = None


WAITING = frozenset(
    {"budget_check", "view", "checkout", "swaps", "diet_check", "sustainability", "done",
     "undo", "empty", "remove", "set_quantity", "recommend", "orders", "reorder", "take_swaps",
     "fit_budget", "coupon", "coupon_remove", "deliver", "deliver_slot", "deliver_contact",
     "pick_up", "list_save", "substitution_none", "substitution_ask", "substitution_similar"}
)  # fmt: skip
"""Acts that start when those before them are done, because they depend on the cart."""
_LEAVING_PLANS = frozenset(
    {"details", "diet_check", "unknown", "policy", "budget_check", "view", "sustainability",
     "plan_change", "plan_take", "thanks", "help", "yes"}
)  # fmt: skip
"""Acts after which the plan in front of the shopper can still be changed."""
_ANSWERING = frozenset(
    {"yes", "no", "unknown", "plan_take", "plan_change", "chosen", "number", "done", "thanks"}
)
"""Acts that sound as if they were about the question that waits."""


def decide(
    acts: Sequence[Act], desk: Desk, handlers: Mapping[str, Any], tools: frozenset[str]
) -> Decision:
    """Replay the turn against the results there are; emit what is missing."""
    running: list[_Running] = []
    last_round = desk.scene.rounds >= MOST_ROUNDS
    for act in acts:
        unfinished = any(one.outcome is None for one in running)
        if act.kind in WAITING and unfinished and not last_round:
            break
        one = _Running(act, handlers[act.kind](act, desk))
        _advance(one, desk, tools, give_up=last_round)
        running.append(one)
    wanted = _next_calls(running, desk.scene.calls)
    if wanted:
        return Decision(calls=wanted)
    return _answer(running, desk)


def _advance(one: _Running, desk: Desk, tools: frozenset[str], *, give_up: bool) -> None:
    """Run an act until it needs a result that is not there yet."""
    try:
        wants = next(one.steps)
        while True:
            results = [_result(call, desk.scene, tools, give_up=give_up) for call in wants]
            if any(result is None for result in results):
                answered = zip(wants, results, strict=True)
                one.wants = [call for call, result in answered if result is None]
                return
            wants = one.steps.send([result for result in results if result is not None])
    except StopIteration as finished:
        one.outcome = finished.value


def _result(call: Call, scene: Scene, tools: frozenset[str], *, give_up: bool) -> Result | None:
    found = scene.results.get(call.key)
    if found is not None:
        return found
    if call.name not in tools:
        return Result(ok=False, text="", missing=True)
    wrong = invalid(call)
    if wrong:
        return Result(ok=False, text=wrong)
    if give_up or scene.calls >= MOST_CALLS:
        return Result(ok=False, text="", missing=True)
    return None


def invalid(call: Call) -> str | None:
    """Why the tool would refuse the arguments; None when it takes them."""
    try:
        tool = find_tool(call.name)
        tool.arguments.model_validate(dict(call.arguments))
    except NotFound:
        return None  # a tool of another house; it judges for itself
    except ValueError as error:
        return str(error).splitlines()[0]
    return None


def _next_calls(running: Sequence[_Running], made: int) -> tuple[Call, ...]:
    """Reads of all acts at once; a change only when nothing before it is still being read."""
    calls: dict[str, Call] = {}
    reading = False
    for one in running:
        for call in one.wants:
            if call.changes and reading:
                continue
            calls.setdefault(call.key, call)
        reading = reading or any(not call.changes for call in one.wants)
    return tuple(calls.values())[: max(MOST_CALLS - made, 0)]


def _answer(running: Sequence[_Running], desk: Desk) -> Decision:
    outcomes = [(one.act, one.outcome) for one in running if one.outcome is not None]
    said: list[str] = []
    for _, outcome in outcomes:
        said += outcome.said
    carts = [outcome.cart for _, outcome in outcomes if outcome.cart is not None]
    if carts:
        said.append(desk.phrasing.cart_sentence(carts[-1]))
    last = outcomes[-1][1] if outcomes else Outcome()
    if len(outcomes) < len(running):
        said.append(desk.phrasing.say("too_much"))
    pending = desk.scene.state.pending
    if pending is not None and _reminds(pending.action, outcomes):
        said.append(desk.phrasing.say("pending", text=pending.text))
    elif last.next:
        said.append(last.next)
    memory = replace(_remembered(outcomes, desk.memory), asked=_asked(desk))
    sentences = dict.fromkeys(sentence(one) for one in said if one)
    text = " ".join(sentences) or desk.phrasing.say("unknown")
    return Decision(text=text, memory=memory)


def _reminds(waits: str, outcomes: Sequence[tuple[Act, Outcome]]) -> bool:
    """Whether the question that waits is put again: an order always, a plan when it is answered."""
    if any(outcome.kind == "asked" for _, outcome in outcomes):
        return False
    if waits != "change_cart":
        return True
    return all(act.kind in _ANSWERING and not outcome.next for act, outcome in outcomes)


def _asked(desk: Desk) -> Mapping[str, Any] | None:
    """The call whose confirmation waits: of this turn, else the one before."""
    for key, result in reversed(list(desk.scene.results.items())):
        if result.block("confirmation") is not None:
            name, _, arguments = key.partition(" ")
            return {"name": name, "arguments": json.loads(arguments)}
    return desk.memory.asked if desk.scene.state.pending is not None else None


def _remembered(outcomes: Sequence[tuple[Act, Outcome]], before: Memory) -> Memory:
    focus, search, question, plan = before.focus, before.search, None, None
    if all(act.kind in _LEAVING_PLANS for act, _ in outcomes):
        plan = before.plan
    for _, outcome in outcomes:
        plan = outcome.plan or plan
        focus = before.focus if outcome.focus is None else outcome.focus
        search = outcome.search or search
        question = outcome.question or question
    acts = tuple(outcome.kind or act.kind for act, outcome in outcomes)
    return Memory(acts=acts, search=search, focus=focus, question=question, plan=plan)
