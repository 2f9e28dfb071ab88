"""Wraps the shop's tools for LangChain: same names, same arguments, run by the tool runner."""

import asyncio
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import StructuredTool
from langchain_core.utils.json_schema import dereference_refs

from assistant.turn_context import TurnContext
from knowledge.conversations.commands import StoredCommand
from tools.definition import Tool
from tools.registry import TOOLS
from tools.runner import Outcome, ToolRunner, dump_blocks, load_result


def build_toolset(runner: ToolRunner, tools: tuple[Tool, ...] = TOOLS) -> list[StructuredTool]:
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
        outcome = _done_before(context, tool, arguments)
        if outcome is None:
            outcome = await asyncio.to_thread(
                runner.run,
                context.caller,
                tool.name,
                arguments,
                call_id=runtime.tool_call_id,
            )
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


def argument_schema(tool: Tool) -> dict[str, Any]:
    """The arguments as JSON schema without references, which some providers do not follow."""
    schema = dereference_refs(tool.arguments.model_json_schema())
    schema.pop("$defs", None)
    schema.pop("description", None)
    cleaned: dict[str, Any] = _plainly(schema)
    cleaned["title"] = tool.name
    return cleaned


def _plainly(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out what Gemini refuses or warns of; the runner checks it anyway."""
    if isinstance(schema, dict):
        return {
            key: _plainly(value)
            for key, value in schema.items()
            if not (key == "pattern" and isinstance(value, str))
            and not (key == "additionalProperties" and isinstance(value, bool))
        }
    if isinstance(schema, list):
        return [_plainly(value) for value in schema]
    return schema


def _done_before(context: TurnContext, tool: Tool, arguments: dict[str, Any]) -> Outcome | None:
    """The result of the same change made by an earlier attempt at this turn."""
    if not tool.changes:
        return None
    for command in context.done:
        if command.tool == tool.name and _same(command, arguments):
            context.done.remove(command)
            result = load_result(command.result)
            return Outcome(tool.name, result.text, list(result.blocks))
    return None


def _same(command: StoredCommand, arguments: dict[str, Any]) -> bool:
    return command.arguments == arguments
