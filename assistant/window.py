"""Finished turns as JSON parts, and parts as the messages a model reads."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from tools.blocks import Block
from tools.runner import dump_blocks, load_blocks

SCHEMA_VERSION = 1
TURNS = 12
"""How many turns are kept at hand; how many of them a model is given is a matter of tokens."""

MEMORY = "smartcart"
"""Where the offline model's memory of its own questions rides in ``additional_kwargs``."""

Part = dict[str, Any]


def turn_parts(
    said: str,
    messages: Sequence[AIMessage | ToolMessage],
    answer: str,
    *,
    blocks: Sequence[Block] = (),
) -> list[Part]:
    """What is kept of a turn: the shopper's words, the calls with their results, the answer.

    The answer is what the shopper was shown, which need not be what the model wrote. ``blocks``
    are those no tool returned, of a confirmation decided by code.
    """
    parts: list[Part] = [{"type": "user", "text": said}]
    memory: Any = None
    for message in messages:
        if isinstance(message, ToolMessage):
            parts.append(_tool_part(message))
            continue
        memory = message.additional_kwargs.get(MEMORY, memory)
        if message.tool_calls:
            calls = [
                {"id": call["id"], "name": call["name"], "arguments": call["args"]}
                for call in message.tool_calls
            ]
            part: Part = {"type": "calls", "text": "", "calls": calls}
            _remember(part, message.additional_kwargs.get(MEMORY))
            parts.append(part)
    final: Part = {"type": "answer", "text": answer, "blocks": dump_blocks(blocks)}
    _remember(final, memory)
    parts.append(final)
    return json.loads(json.dumps(parts))  # type: ignore[no-any-return]


def window_messages(turns: Iterable[Sequence[Part]]) -> list[BaseMessage]:
    """The messages of earlier turns, oldest first."""
    return [message for parts in turns for message in _messages(parts)]


def window_blocks(turns: Iterable[Sequence[Part]]) -> list[Block]:
    """Everything earlier turns showed or were told by tools."""
    return [
        block for parts in turns for part in parts for block in load_blocks(part.get("blocks", []))
    ]


def last_blocks(parts: Sequence[Part]) -> list[Block]:
    return window_blocks([parts])


def _messages(parts: Sequence[Part]) -> list[BaseMessage]:
    messages: list[BaseMessage] = []
    answered = {part["call_id"] for part in parts if part["type"] == "tool"}
    for part in parts:
        match part["type"]:
            case "user":
                messages.append(HumanMessage(part["text"]))
            case "calls":
                # A call without a result, of a turn that was cut off, is refused by vendors.
                calls = [call for call in part["calls"] if call["id"] in answered]
                if calls:
                    messages.append(_calling(part, calls))
            case "tool":
                messages.append(_tool_message(part))
            case "answer":
                messages.append(AIMessage(part["text"], additional_kwargs=_memory(part)))
    return messages


def _calling(part: Part, calls: list[dict[str, Any]]) -> AIMessage:
    return AIMessage(
        part["text"],
        tool_calls=[
            {"id": call["id"], "name": call["name"], "args": call["arguments"], "type": "tool_call"}
            for call in calls
        ],
        additional_kwargs=_memory(part),
    )


def _tool_part(message: ToolMessage) -> Part:
    artifact = message.artifact or {}
    return {
        "type": "tool",
        "call_id": message.tool_call_id,
        "name": message.name,
        "text": message.text,
        "ok": bool(artifact.get("ok")),
        "blocks": artifact.get("blocks", []),
    }


def _tool_message(part: Part) -> ToolMessage:
    return ToolMessage(
        part["text"],
        tool_call_id=part["call_id"],
        name=part["name"],
        status="success" if part["ok"] else "error",
        artifact={"ok": part["ok"], "blocks": part["blocks"]},
    )


def _remember(part: Part, memory: Any) -> None:  # noqa: ANN401 - any JSON
    if memory is not None:
        part[MEMORY] = memory


def _memory(part: Part) -> dict[str, Any]:
    return {MEMORY: part[MEMORY]} if MEMORY in part else {}
