"""What belongs to one turn and travels with it through agent, middleware and tools."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from assistant.messages import ToolCallView
from assistant.model_calls import ModelCall
from assistant.providers.minds import Mind
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

    def broke_off(self) -> str:
        """The message will not end: forget what nobody has read of it; returns what was read."""
        ...

    def tool_started(self, call_id: str, name: str, arguments: dict[str, Any]) -> None: ...

    def tool_finished(self, call_id: str, outcome: Outcome) -> None: ...


def _nothing(mind: Mind) -> Sequence[BaseMessage]:
    del mind
    return ()


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
    model_log: list[ModelCall] = field(default_factory=list)
    """Every call of a vendor's model in this turn, in order."""
    minds: Sequence[Mind] = ()
    """Who may be asked in this turn."""
    opening: Callable[[Mind], Sequence[BaseMessage]] = field(default=_nothing)
    """What a mind is told before the messages of this turn."""
    failed_calls: dict[str, int] = field(default_factory=dict)
    """How often a tool could not read its arguments; one repair is allowed."""
    failed_in: dict[str, int] = field(default_factory=dict)
    """In which model call that happened last."""
    variant: str | None = None
    """Which prompts this turn is held with."""
    mind: Mind | None = None
    """Who spoke last."""
    said_by: dict[str, Mind] = field(default_factory=dict)
    """Who said which message, by the message's id."""
    made: list[StoredCommand] = field(default_factory=list)
    """Changes made since this mind began to speak; another may ask for them again."""
    cut_off: dict[int, str] = field(default_factory=dict)
    """What was read of answers that broke off, by how many messages came before."""
    anew_from: int | None = None
    """From which message on the offline mind plans by itself, where it took over."""
    plainly: bool = False
    """Whether the answer is to be given from the blocks alone."""

    def spoke(self, mind: Mind, message_id: str) -> None:
        """A mind said a message. Another one than before must not repeat what is done."""
        if self.mind is not None and self.mind is not mind:
            self.done += self.made
            self.made.clear()
        self.mind = mind
        self.said_by[message_id] = mind

    @property
    def out_of_calls(self) -> bool:
        """True when the model has to answer now, with what it has."""
        return self.model_calls >= MAX_MODEL_CALLS or self.tool_calls >= MAX_TOOL_CALLS
