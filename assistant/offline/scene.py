"""What a turn starts from, read from nothing but the messages."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from assistant.offline.memory import KEY, Memory
from assistant.state import TurnState, read_state
from tools.blocks import CartView
from tools.marking import unmarked
from tools.view import CartTotals

Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call we want answered. ``changes`` ones write."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    changes: bool = False

    @property
    def key(self) -> str:
        return f"{self.name} {json.dumps(self.arguments, sort_keys=True, default=str)}"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a call. ``missing``: there is no such tool here."""

    ok: bool
    text: str
    blocks: tuple[Block, ...] = ()
    missing: bool = False

    def block(self, kind: str) -> Block | None:
        return next((block for block in self.blocks if block.get("type") == kind), None)


@dataclass(frozen=True)
class Scene:
    """One turn so far: the state it began with, what was said, what tools have answered."""

    text: str
    state: TurnState
    memory: Memory
    results: Mapping[str, Result]
    rounds: int
    calls: int
    seed: int
    said: str = ""
    """Our answers so far, so that no sentence comes twice."""

    @property
    def currency(self) -> str:
        return self.state.currency


def read_scene(messages: Sequence[BaseMessage]) -> Scene:
    system = "\n".join(message.text for message in messages if isinstance(message, SystemMessage))
    state = read_state(system) or _no_state()
    last = _last_human(messages)
    text = messages[last].text if last >= 0 else ""
    after = messages[last + 1 :]
    results, rounds = _results(after)
    return Scene(
        text=text,
        state=state,
        memory=_memory(messages[: max(last, 0)], state),
        results=results,
        rounds=rounds,
        calls=len(results),
        seed=zlib.crc32(f"{last}{text}".encode()),
        said=" ".join(one.text for one in messages[: max(last, 0)] if isinstance(one, AIMessage)),
    )


def _last_human(messages: Sequence[BaseMessage]) -> int:
    for place in range(len(messages) - 1, -1, -1):
        if isinstance(messages[place], HumanMessage):
            return place
    return -1


def _memory(messages: Sequence[BaseMessage], state: TurnState) -> Memory:
    """Of the answer before this message. When another model gave it, only what it showed."""
    for message in reversed(messages):
        if isinstance(message, AIMessage):
            record = message.additional_kwargs.get(KEY)
            if record is None:
                return _guessed(state)
            return Memory.of_record(record)
    return _guessed(state)


def _guessed(state: TurnState) -> Memory:
    """Swaps stand in the state, whoever offered them."""
    if any(entry.kind == "swap" and entry.replaces for entry in state.shown):
        return Memory(acts=("swaps",), question={"kind": "swaps"})
    if state.checkout is not None and state.checkout.missing and state.pending is None:
        return Memory(acts=("checkout",), question={"kind": "checkout_detail"})
    return Memory(focus=tuple(entry.id for entry in state.shown if len(state.shown) == 1))


def _results(after: Sequence[BaseMessage]) -> tuple[dict[str, Result], int]:
    calls: dict[str, Call] = {}
    found: dict[str, Result] = {}
    rounds = 0
    for message in after:
        if isinstance(message, AIMessage) and message.tool_calls:
            rounds += 1
            for call in message.tool_calls:
                if call["id"]:
                    calls[call["id"]] = Call(call["name"], call["args"])
        elif isinstance(message, ToolMessage) and message.tool_call_id in calls:
            found[calls[message.tool_call_id].key] = _result(message)
    return found, rounds


def _result(message: ToolMessage) -> Result:
    artifact = message.artifact if isinstance(message.artifact, Mapping) else {}
    ok = bool(artifact.get("ok", message.status != "error"))
    blocks = tuple(block for block in artifact.get("blocks") or () if isinstance(block, Mapping))
    return Result(ok, unmarked(message.text), blocks)


def _no_state() -> TurnState:
    """Of a call without a state message: an empty cart and nothing shown."""
    cart = CartView(
        id="", version=0, lines=[], totals=CartTotals(items="0", total="0"), currency="USD"
    )
    return TurnState(now="", shop="", channel="", locale="en", currency="USD", cart=cart)
