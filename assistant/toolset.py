"""Wraps the shop's tools for LangChain: same names, same arguments, run by the tool runner."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import StructuredTool
from pydantic import ValidationError

from assistant.turn_context import TurnContext
from knowledge.conversations.commands import StoredCommand
from knowledge.errors import ErrorKind
from tools.definition import Tool
from tools.reading import Unclear
from tools.registry import TOOLS
from tools.result_limit import fitting
from tools.runner import Outcome, ToolRunner, dump_blocks, load_result
from tools.schema import argument_schema

SMALL_CONTEXT = 16_000
"""Below this many tokens a model is told of few tools, in few words: the rest of the room is for
the prompt, the state, the talk and what the tools answer."""
SMALL_SET = frozenset(
    {
        "search_catalog",
        "get_product",
        "recommend_products",
        "find_swaps",
        "add_to_cart",
        "update_cart",
        "get_cart",
        "undo",
        "set_budget",
        "check_budget",
        "check_diet",
        "set_preferences",
        "my_data",
        "start_checkout",
        "get_orders",
        "answer_from_policies",
        "call_a_human",
    }
)
_REPAIRS = 1


def tools_for(context_tokens: int | None) -> tuple[Tool, ...]:
    """The tools a model is told of; None stands for a context that is large enough."""
    if context_tokens is None or context_tokens >= SMALL_CONTEXT:
        return TOOLS
    return tuple(replace(tool, brief=True) for tool in TOOLS if tool.name in SMALL_SET)


def build_toolset(runner: ToolRunner, tools: Sequence[Tool] = TOOLS) -> list[StructuredTool]:
    """One LangChain tool per shop tool. Artifacts are ``{"ok": bool, "blocks": [...]}``."""
    return [_wrap(runner, tool) for tool in tools]


def _wrap(runner: ToolRunner, tool: Tool) -> StructuredTool:
    # Context and arguments apart: the schema is given as JSON, so the framework neither parses
    # arguments (the runner does, in words a model can mend) nor sees the context in them.
    async def call(
        runtime: ToolRuntime[TurnContext, Any],
        **arguments: Any,  # noqa: ANN401 - any JSON
    ) -> tuple[str, dict[str, Any]]:
        context = runtime.context
        outcome = _used_up(context, tool) or _done_before(context, runner, tool, arguments)
        if outcome is None:
            outcome = await asyncio.to_thread(
                runner.run,
                context.caller,
                tool.name,
                arguments,
                call_id=runtime.tool_call_id,
            )
            outcome = _counted(context, outcome)
        context.blocks.extend(outcome.blocks)
        context.listener.tool_finished(runtime.tool_call_id or "", outcome)
        return outcome.text, {"ok": outcome.ok, "blocks": dump_blocks(outcome.blocks)}

    return StructuredTool(
        name=tool.name,
        description=tool.description,
        args_schema=argument_schema(tool),
        coroutine=call,
        response_format="content_and_artifact",
    )


def _counted(context: TurnContext, outcome: Outcome) -> Outcome:
    """Calls of one message fail together: only what comes after the error can be a repair."""
    name = outcome.tool
    if not outcome.unread:
        context.failed_calls.pop(name, None)
        return outcome
    if context.failed_in.get(name) != context.model_calls:
        context.failed_in[name] = context.model_calls
        context.failed_calls[name] = context.failed_calls.get(name, 0) + 1
    if context.failed_calls[name] <= _REPAIRS:
        return outcome
    return replace(outcome, text=f"{outcome.text}\n{_give_up(name)}")


def _used_up(context: TurnContext, tool: Tool) -> Outcome | None:
    failed = context.failed_calls.get(tool.name, 0)
    if failed <= _REPAIRS or context.failed_in.get(tool.name) == context.model_calls:
        return None
    text = f"{tool.name} was not run. {_give_up(tool.name)}"
    return Outcome(tool.name, text, kind=ErrorKind.INVALID, unread=True)


def _give_up(name: str) -> str:
    return (
        f"Do not call {name} again in this turn: its arguments were wrong twice. Ask the shopper "
        "for what is missing, or say what you could not do."
    )


def _done_before(
    context: TurnContext, runner: ToolRunner, tool: Tool, arguments: dict[str, Any]
) -> Outcome | None:
    """The result of the same change made by an earlier attempt at this turn."""
    if not tool.changes:
        return None
    for command in context.done:
        if command.tool == tool.name and _same(runner, tool, command, arguments):
            context.done.remove(command)
            result = load_result(command.result)
            return Outcome(tool.name, fitting(result.text, tool.rest), list(result.blocks))
    return None


def _same(
    runner: ToolRunner, tool: Tool, command: StoredCommand, arguments: dict[str, Any]
) -> bool:
    """Whether both mean the same, however they are spelled: another mind may say "2" for 2."""
    if command.arguments == arguments:
        return True
    try:
        return runner.read(tool, command.arguments) == runner.read(tool, arguments)
    except (ValidationError, Unclear):
        return False
