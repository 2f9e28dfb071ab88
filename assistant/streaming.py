"""Tells a turn as AG-UI events, in the order its clients insist on."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from ag_ui.core import (
    ActivitySnapshotEvent,
    BaseEvent,
    CustomEvent,
    EventType,
    Interrupt,
    RunErrorEvent,
    RunFinishedCancelledOutcome,
    RunFinishedEvent,
    RunFinishedInterruptOutcome,
    RunFinishedSuccessOutcome,
    RunStartedEvent,
    StateSnapshotEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
    ToolCallArgsEvent,
    ToolCallEndEvent,
    ToolCallResultEvent,
    ToolCallStartEvent,
)

from assistant.messages import Answer
from tools.blocks import Block, BudgetBlock, BudgetView, CartBlock, CartView, ConfirmationView
from tools.runner import Outcome

SUGGESTIONS = "smartcart.suggestions"
_YES_OR_NO = {
    "type": "object",
    "properties": {"approved": {"type": "boolean"}},
    "required": ["approved"],
}


class EventWriter:
    """Writes the events of one run; ``emit`` is given each as JSON."""

    def __init__(self, *, run_id: str, thread_id: str, emit: Callable[[str], None]) -> None:
        self._run_id = run_id
        self._thread_id = thread_id
        self._emit = emit
        self._texts = 0
        self._activities = 0
        self._open_text: str | None = None
        self._state: dict[str, Any] = {}
        self.ended = False

    def started(self) -> None:
        self._send(RunStartedEvent(thread_id=self._thread_id, run_id=self._run_id))

    def state(self, cart: CartView, budget: BudgetView | None) -> None:
        """Send the whole state the first time, afterwards only what changed."""
        state = {"cart": _json(cart), "budget": None if budget is None else _json(budget)}
        if not self._state:
            self._state = state
            self._send(StateSnapshotEvent(snapshot=state))
            return
        self._delta(state)

    def tool_started(self, call_id: str, name: str, arguments: dict[str, Any]) -> None:
        self.end_text()
        self._send(ToolCallStartEvent(tool_call_id=call_id, tool_call_name=name))
        self._send(ToolCallArgsEvent(tool_call_id=call_id, delta=json.dumps(arguments)))
        self._send(ToolCallEndEvent(tool_call_id=call_id))

    def tool_finished(self, call_id: str, outcome: Outcome) -> None:
        self._send(
            ToolCallResultEvent(
                message_id=f"{self._run_id}-{call_id}",
                tool_call_id=call_id,
                content=outcome.text,
                role="tool",
            )
        )
        self.blocks(outcome.blocks)

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Send what is to be shown, and the state where a block carries a newer one."""
        self.end_text()
        for block in blocks:
            self._activities += 1
            self._send(
                ActivitySnapshotEvent(
                    message_id=f"{self._run_id}-block-{self._activities}",
                    activity_type=block.type,
                    content=_json(block),
                )
            )
            if isinstance(block, CartBlock):
                self._delta({"cart": _json(block.cart)})
                if block.budget is not None:
                    self._delta({"budget": _json(block.budget)})
            elif isinstance(block, BudgetBlock):
                self._delta({"budget": None if block.budget is None else _json(block.budget)})

    def text(self, text: str) -> None:
        """Send text that passed the gate."""
        if not text:
            return
        if self._open_text is None:
            self._texts += 1
            self._open_text = f"{self._run_id}-text-{self._texts}"
            self._send(TextMessageStartEvent(message_id=self._open_text, role="assistant"))
        self._send(TextMessageContentEvent(message_id=self._open_text, delta=text))

    def end_text(self) -> None:
        if self._open_text is not None:
            self._send(TextMessageEndEvent(message_id=self._open_text))
            self._open_text = None

    def finished(self, answer: Answer, *, cancelled: bool = False) -> None:
        self.end_text()
        self.state(answer.cart, answer.budget)
        if answer.suggestions:
            self._send(CustomEvent(name=SUGGESTIONS, value=list(answer.suggestions)))
        outcome: Any = RunFinishedSuccessOutcome()
        if cancelled:
            outcome = RunFinishedCancelledOutcome()
        elif answer.confirmation is not None:
            outcome = RunFinishedInterruptOutcome(interrupts=[_interrupt(answer.confirmation)])
        self._send(
            RunFinishedEvent(
                thread_id=self._thread_id,
                run_id=self._run_id,
                result=_json(answer),
                outcome=outcome,
            )
        )
        self.ended = True

    def failed(self, message: str, code: str) -> None:
        self.end_text()
        self._send(RunErrorEvent(message=message, code=code))
        self.ended = True

    def _delta(self, state: dict[str, Any]) -> None:
        changed = {name: value for name, value in state.items() if self._state.get(name) != value}
        if changed and self._state:
            self._state = {**self._state, **changed}
            # Written by hand: leaving out nulls would take the value of "no budget" away.
            operations = [
                {"op": "replace", "path": f"/{name}", "value": value}
                for name, value in changed.items()
            ]
            self._emit(json.dumps({"type": EventType.STATE_DELTA.value, "delta": operations}))

    def _send(self, event: BaseEvent) -> None:
        self._emit(event.model_dump_json(by_alias=True, exclude_none=True))


def _json(view: Any) -> dict[str, Any]:  # noqa: ANN401 - blocks, views and answers
    shown: dict[str, Any] = view.model_dump(mode="json")
    return shown


def _interrupt(confirmation: ConfirmationView) -> Interrupt:
    return Interrupt(
        id=confirmation.id,
        reason="confirmation",
        message=confirmation.text,
        response_schema=_YES_OR_NO,
        expires_at=confirmation.expires_at,
    )
