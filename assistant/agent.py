"""The agent loop: the only ``create_agent`` call, and the middleware that keeps it in order."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from datetime import datetime
from typing import Any
from uuid import uuid4

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, BaseMessage, ToolCall, ToolMessage
from langchain_core.tools import BaseTool
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command
from langsmith import set_runtime_overrides
from langsmith.utils import tracing_is_enabled

from assistant.asking import RepairAsker, Toolbox, TurnAsker
from assistant.messages import ToolCallView
from assistant.providers.call_pieces import UNREADABLE
from assistant.providers.calling import Caller, line_up
from assistant.providers.minds import Minds
from assistant.safety.taming import keepable, tamed_call
from assistant.turn_context import MAX_MODEL_CALLS, MAX_TOOL_CALLS, TurnContext
from knowledge.conversations.commands import StoredCommand
from tools.mending import no_such_tool
from tools.registry import find_tool

logger = logging.getLogger(__name__)

# Each model call and each round of tools is one step of the graph.
_STEPS = 2 * MAX_MODEL_CALLS + 4
# What is asked for beyond the bound is answered with a refusal; a flood is not even that.
_MOST_CALLS = 2 * MAX_TOOL_CALLS


def _spare_threads() -> None:
    """Have LangSmith prepare its spans in place unless somebody traces.

    LangChain wraps each middleware hook in a span, and LangSmith goes to a thread and back twice
    for each, also when tracing is off: eight waits a turn for nothing.
    """
    if not tracing_is_enabled():
        set_runtime_overrides(aio_to_thread=_in_place)


async def _in_place(
    default: Callable[..., Awaitable[Any]],
    context: Context,
    work: Callable[..., Any],
    /,
    *arguments: Any,  # noqa: ANN401 - whatever LangSmith calls
    **named: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    del default
    return context.run(work, *arguments, **named)


class ShoppingAgent:
    """Minds and tools in a loop; built once, shared by all turns."""

    def __init__(
        self,
        minds: Minds,
        tools: Sequence[BaseTool],
        *,
        now: Callable[[], datetime],
        tools_for: Callable[[int], Sequence[BaseTool]] | None = None,
    ) -> None:
        """``tools_for`` tells which of them fit a context of so many tokens."""
        _spare_threads()
        names = frozenset(tool.name for tool in tools)
        everybody = [*minds, *([minds.spare] if minds.spare else [])]
        self._toolbox = Toolbox(everybody, tools_for or (lambda _: tools))
        self._caller = Caller(minds.limits, now)
        middleware: list[AgentMiddleware[Any, TurnContext]] = [
            KeepInOrder(self._caller, self._toolbox, names)
        ]
        self._graph = create_agent(
            minds[0].model, list(tools), middleware=middleware, context_schema=TurnContext
        )

    async def run(self, context: TurnContext, message: BaseMessage) -> None:
        """Answer the message; what happens is told to the context's listener and kept in it."""
        given: Any = {"messages": [message]}
        await self._graph.ainvoke(
            given,
            context=context,
            config={"recursion_limit": _STEPS},
        )

    async def repair(self, context: TurnContext, prompt: str) -> str:
        """The answer said anew, by whoever spoke last if possible. Raises ``ModelFailed``."""
        vendors = [one for one in line_up(context.minds, context.mind) if not one.is_offline]
        said = await self._caller.ask(vendors, RepairAsker(context, self._toolbox, prompt))
        _count_usage(context, said.message)
        return said.message.text.strip()


class KeepInOrder(AgentMiddleware[AgentState[Any], TurnContext]):
    """Asks the minds, bounds the turn, and runs tool calls one after the other."""

    def __init__(self, caller: Caller, toolbox: Toolbox, names: frozenset[str]) -> None:
        super().__init__()
        self._caller = caller
        self._toolbox = toolbox
        self._names = names

    async def awrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], Awaitable[ModelResponse[Any]]],
    ) -> AIMessage:
        """Ask here instead of through the handler, which knows one model and would not stream.

        The messages are our own, too: what a mind is told depends on which one it is.
        """
        del handler
        context = request.runtime.context
        context.model_calls += 1
        last = context.out_of_calls
        asker = TurnAsker(context, self._toolbox, self._names, tools=not last)
        said = await self._caller.ask(line_up(context.minds, context.mind), asker)
        message = _in_order(said.message, context, allow_calls=not last)
        context.spoke(said.mind, str(message.id))
        _count_usage(context, message)
        context.messages.append(message)
        context.listener.message_ended(message)
        return message

    async def awrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]],
    ) -> ToolMessage | Command[Any]:
        context: Any = request.runtime.context
        assert isinstance(context, TurnContext)
        call = request.tool_call
        call_id = str(call["id"])
        async with context.turnstile.place(call_id):
            context.tool_calls += 1
            context.listener.tool_started(call_id, call["name"], call["args"])
            if context.tool_calls > MAX_TOOL_CALLS:
                result = _refused(call_id, call["name"])
            else:
                answered = await handler(request)
                assert isinstance(answered, ToolMessage)
                result = answered
            if not (result.artifact or {}).get("ok", False):
                result.status = "error"
            context.messages.append(result)
            ok = result.status != "error"
            if ok and find_tool(call["name"]).changes:
                context.made.append(_command(context, call, result))
            context.calls.append(ToolCallView(name=call["name"], arguments=call["args"], ok=ok))
            if result.artifact is None:
                # The framework answered by itself: there is no such tool.
                result.content = no_such_tool(call["name"], list(self._names))
                result.artifact = {"ok": False, "blocks": []}
            return result


def _refused(call_id: str, name: str) -> ToolMessage:
    text = f"{name} was not run: this turn has used up its tool calls. Answer with what you have."
    return ToolMessage(text, tool_call_id=call_id, name=name, artifact={"ok": False, "blocks": []})


def _command(context: TurnContext, call: ToolCall, result: ToolMessage) -> StoredCommand:
    return StoredCommand(
        turn_id=context.caller.turn_id,
        ordinal=context.caller.ordinal,
        tool=call["name"],
        arguments=call["args"],
        result={"text": result.text, "blocks": result.artifact["blocks"]},
        call_id=result.tool_call_id,
    )


def _in_order(message: AIMessage, context: TurnContext, *, allow_calls: bool) -> AIMessage:
    """Give each call an id of its own and announce the order; drop calls that come too late."""
    calls = [tamed_call(call) for call in message.tool_calls[:_MOST_CALLS]] if allow_calls else []
    for call in calls:
        call_id = call["id"]
        if not call_id or call_id in context.used_ids:
            call_id = call["id"] = f"call_{uuid4().hex[:20]}"
        context.used_ids.add(call_id)
    context.turnstile.expect([str(call["id"]) for call in calls])
    update: dict[str, Any] = {
        "tool_calls": calls,
        "invalid_tool_calls": [],
        "id": message.id or uuid4().hex,
    }
    if isinstance(message.content, str) or not _tells_its_calls(message, calls):
        update["content"] = keepable(message.text)
    if not calls:
        # Vendors' clients keep a call here, too, and would send it back with no answer to it.
        update["additional_kwargs"] = {
            name: value
            for name, value in message.additional_kwargs.items()
            if name not in ("function_call", "tool_calls")
        }
    return message.model_copy(update=update)


def _tells_its_calls(message: AIMessage, calls: Sequence[ToolCall]) -> bool:
    """Whether the calls that stand in the vendor's blocks, if any do, are those that are made."""
    told = [
        block.get("call_id")
        for block in message.content
        if isinstance(block, dict) and block.get("type") == "function_call"
    ]
    if not told:
        return True
    made = [call["id"] for call in calls if UNREADABLE not in call["args"]]
    return told == made


def _count_usage(context: TurnContext, message: AIMessage) -> None:
    used = message.usage_metadata
    if used is not None:
        for name in ("input_tokens", "output_tokens"):
            context.usage[name] = context.usage.get(name, 0) + int(used[name])
