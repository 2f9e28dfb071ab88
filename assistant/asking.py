"""What each mind is asked in a turn: the talk so far in a form that this mind can read."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

from assistant.model_calls import ModelCall, Purpose
from assistant.providers.minds import Mind
from assistant.turn_context import TurnContext
from prompts import load


class Toolbox:
    """The tools as each mind is told of them: those that fit its context, bound once."""

    def __init__(
        self, minds: Sequence[Mind], tools_for: Callable[[int], Sequence[BaseTool]]
    ) -> None:
        self._bound: dict[Mind, Runnable[Any, Any]] = {}
        for mind in minds:
            tools = list(tools_for(mind.context_tokens))
            self._bound[mind] = _bound(mind, tools) if tools else mind.model

    def model(self, mind: Mind) -> Runnable[Any, Any]:
        return self._bound[mind]


def _bound(mind: Mind, tools: list[BaseTool]) -> Runnable[Any, Any]:
    if mind.provider == "openai-responses":
        # Unless told otherwise, this protocol has the model fill in what is optional, too.
        return mind.model.bind_tools(tools, strict=False)
    return mind.model.bind_tools(tools)


class TurnAsker:
    """Asks for the next message of a turn, with tools unless the turn has used them up."""

    purpose: Purpose = "answer"

    def __init__(
        self, context: TurnContext, toolbox: Toolbox, tool_names: Collection[str], *, tools: bool
    ) -> None:
        self._context = context
        self._toolbox = toolbox
        self._tools = tools
        self.tool_names = tool_names
        self.hear: Callable[[str], None] | None = context.listener.text

    @property
    def seconds_left(self) -> float:
        return self._context.guard.seconds_left

    def model(self, mind: Mind) -> Runnable[Any, Any]:
        return self._toolbox.model(mind) if self._tools else mind.model

    def messages(self, mind: Mind) -> Sequence[BaseMessage] | None:
        """All that was said, in a form of its own for each mind; see the decision on the chain."""
        context = self._context
        if mind.is_offline and not context.minds[0].is_offline:
            if context.anew_from is None:
                if context.caller.ordinal:
                    context.plainly = True
                    return None
                context.anew_from = len(context.messages)
            return [*context.opening(mind), *context.messages[context.anew_from :]]
        return [*context.opening(mind), *said_so_far(context, mind)]

    def broke_off(self) -> str:
        return self._context.listener.broke_off()

    def go_on_from(self, read: str) -> None:
        self._context.cut_off[len(self._context.messages)] = read

    def note(self, call: ModelCall) -> None:
        self._context.model_log.append(call)


class RepairAsker(TurnAsker):
    """Asks once more for the whole answer, without tools; nobody hears it before it is checked."""

    purpose: Purpose = "repair"

    def __init__(self, context: TurnContext, toolbox: Toolbox, prompt: str) -> None:
        super().__init__(context, toolbox, (), tools=False)
        self._prompt = HumanMessage(prompt)
        self.hear = None

    def messages(self, mind: Mind) -> Sequence[BaseMessage]:
        return [
            *self._context.opening(mind),
            *said_so_far(self._context, mind),
            self._prompt,
        ]

    def broke_off(self) -> str:
        return ""


def said_so_far(context: TurnContext, mind: Mind) -> Sequence[BaseMessage]:
    """The messages of this turn as this mind can read them."""
    messages: Sequence[BaseMessage] = context.messages
    if any(one is not mind for one in context.said_by.values()):
        messages = [_as_read_by(message, mind, context) for message in context.messages]
    if not context.cut_off:
        return messages
    cut_off = load("cut_off", context.variant).text
    told: list[BaseMessage] = []
    for place in range(len(messages) + 1):
        if place in context.cut_off:
            told += [AIMessage(context.cut_off[place]), HumanMessage(cut_off)]
        told += messages[place : place + 1]
    return told


def _as_read_by(
    message: AIMessage | ToolMessage, mind: Mind, context: TurnContext
) -> AIMessage | ToolMessage:
    """What another mind said goes without its vendor's blocks, ids, thoughts and signatures."""
    if isinstance(message, ToolMessage):
        return message
    if context.said_by.get(message.id or "", mind) is mind:
        return message
    return AIMessage(message.text, tool_calls=message.tool_calls)
