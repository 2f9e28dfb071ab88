"""What belongs to one turn and travels with it through agent, middleware and tools."""

from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from langchain_core.messages import AIMessage, ToolMessage

from assistant.messages import ToolCallView
from assistant.turnstile import Turnstile
from knowledge.conversations.commands import StoredCommand
from knowledge.conversations.guard import TurnGuard
from tools.blocks import Block
from tools.runner import Caller, Outcome

MAX_MODEL_CALLS = 6
MAX_TOOL_CALLS = 12


@runtime_checkable
class TurnListener(Protocol):
    """Told what happens in a turn while it happens."""

    def text(self, text: str) -> None:
        """A piece of what the model writes, not checked yet."""
        ...

    def message_ended(self, message: AIMessage) -> None: ...

    def tool_started(self, call_id: str, name: str, arguments: dict[str, Any]) -> None: ...

    def tool_finished(self, call_id: str, outcome: Outcome) -> None: ...


@dataclass(slots=True)
class TurnContext:
    """``done`` holds changes an earlier attempt at this turn made and nobody asked for again."""

    caller: Caller
    guard: TurnGuard
    listener: TurnListener
    turnstile: Turnstile = field(default_factory=Turnstile)
    done: list[StoredCommand] = field(default_factory=list)
    model_calls: int = 0
    tool_calls: int = 0
    messages: list[AIMessage | ToolMessage] = field(default_factory=list)
    """What the model and the tools said in this turn, in order."""
    blocks: list[Block] = field(default_factory=list)
    calls: list[ToolCallView] = field(default_factory=list)
    used_ids: set[str] = field(default_factory=set)
    usage: dict[str, int] = field(default_factory=dict)

    @property
    def out_of_calls(self) -> bool:
        """True when the model has to answer now, with what it has."""
        return self.model_calls >= MAX_MODEL_CALLS or self.tool_calls >= MAX_TOOL_CALLS
