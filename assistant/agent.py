"""The agent loop: the only ``create_agent`` call, and the middleware that keeps it in order."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Any
from uuid import uuid4

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ToolCall,
    ToolCallChunk,
    ToolMessage,
    message_chunk_to_message,
)
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command
from langsmith import set_runtime_overrides
from langsmith.utils import tracing_is_enabled

from assistant.messages import ToolCallView
from assistant.turn_context import MAX_MODEL_CALLS, MAX_TOOL_CALLS, TurnContext
from knowledge.errors import Unavailable

logger = logging.getLogger(__name__)

# Each model call and each round of tools is one step of the graph.
_STEPS = 2 * MAX_MODEL_CALLS + 4


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


class ModelFailed(Unavailable):
    """The model could not be reached, or answered with something unusable."""


class ShoppingAgent:
    """Model and tools in a loop; built once, shared by all turns."""

    def __init__(self, model: BaseChatModel, tools: Sequence[BaseTool]) -> None:
        _spare_threads()
        middleware: list[AgentMiddleware[Any, TurnContext]] = [KeepInOrder(model, tools)]
        self._graph = create_agent(
            model, list(tools), middleware=middleware, context_schema=TurnContext
        )

    async def run(self, context: TurnContext, messages: Sequence[BaseMessage]) -> None:
        """Answer the messages; what happens is told to the context's listener and kept in it."""
        given: Any = {"messages": list(messages)}
        await self._graph.ainvoke(
            given,
            context=context,
            config={"recursion_limit": _STEPS},
        )


class KeepInOrder(AgentMiddleware[AgentState[Any], TurnContext]):
    """Streams the model, bounds the turn, and runs tool calls one after the other."""

    def __init__(self, model: BaseChatModel, tools: Sequence[BaseTool]) -> None:
        super().__init__()
        self._with_tools: Runnable[Any, Any] = model.bind_tools(list(tools)) if tools else model
        self._without_tools: Runnable[Any, Any] = model
        # The offline model has its answer whole; taking it word by word goes to a thread for each.
        self._speak = _at_once if model._llm_type == "offline" else _stream  # noqa: SLF001

    async def awrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], Awaitable[ModelResponse[Any]]],
    ) -> AIMessage:
        """Call the model here instead of through the handler, which would not stream."""
        del handler
        context = request.runtime.context
        context.model_calls += 1
        last = context.out_of_calls
        model = self._without_tools if last else self._with_tools
        messages = request.messages
        message = await self._speak(model, messages, context)
        message = _in_order(message, context, allow_calls=not last)
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
            context.calls.append(ToolCallView(name=call["name"], arguments=call["args"], ok=ok))
            if result.artifact is None:
                # The framework answered by itself: there is no such tool.
                result.artifact = {"ok": False, "blocks": []}
            return result


def _refused(call_id: str, name: str) -> ToolMessage:
    text = f"{name} was not run: this turn has used up its tool calls. Answer with what you have."
    return ToolMessage(text, tool_call_id=call_id, name=name, artifact={"ok": False, "blocks": []})


async def _at_once(
    model: Runnable[Any, Any], messages: Sequence[BaseMessage], context: TurnContext
) -> AIMessage:
    try:
        message = await model.ainvoke(list(messages))
    except Exception as error:
        raise ModelFailed("The model did not answer.") from error
    assert isinstance(message, AIMessage)
    if message.text:
        context.listener.text(message.text)
    return message


async def _stream(
    model: Runnable[Any, Any], messages: Sequence[BaseMessage], context: TurnContext
) -> AIMessage:
    whole: AIMessageChunk | None = None
    try:
        async for chunk in model.astream(list(messages)):
            if not isinstance(chunk, AIMessageChunk):
                chunk = AIMessageChunk(**chunk.model_dump(exclude={"type"}))  # noqa: PLW2901
            if chunk.text:
                context.listener.text(chunk.text)
            whole = chunk if whole is None else whole + chunk
    except Exception as error:
        # Whatever a vendor's client raises; our own tools are not called from here.
        raise ModelFailed("The model did not answer.") from error
    if whole is None:
        raise ModelFailed("The model said nothing.")
    message = message_chunk_to_message(whole)
    assert isinstance(message, AIMessage)
    if whole.tool_call_chunks:
        message.tool_calls = [_strictly(chunk) for chunk in whole.tool_call_chunks]
        message.invalid_tool_calls = []
    return message


def _strictly(chunk: ToolCallChunk) -> ToolCall:
    """Read a streamed call without mending it: what was cut off may have said something else."""
    try:
        arguments: Any = json.loads(chunk["args"] or "{}")
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        # The runner refuses this argument and says so, and the model can mend its call.
        arguments = {"unreadable_arguments": chunk["args"]}
    name = chunk["name"] or "unknown"
    return ToolCall(name=name, args=arguments, id=chunk["id"], type="tool_call")


def _in_order(message: AIMessage, context: TurnContext, *, allow_calls: bool) -> AIMessage:
    """Give each call an id of its own and announce the order; drop calls that come too late."""
    calls = list(message.tool_calls) if allow_calls else []
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
    if not calls:
        # Vendors' clients keep a call here, too, and would send it back with no answer to it.
        update["additional_kwargs"] = {
            name: value
            for name, value in message.additional_kwargs.items()
            if name not in ("function_call", "tool_calls")
        }
    return message.model_copy(update=update)


def _count_usage(context: TurnContext, message: AIMessage) -> None:
    used = message.usage_metadata
    if used is not None:
        for name in ("input_tokens", "output_tokens"):
            context.usage[name] = context.usage.get(name, 0) + int(used[name])
