"""What OpenAI's Responses API refuses in a request, told as it tells it; None when it would not."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.stand_ins.vendor_rules import json_schema_problems

_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LONGEST_CALL_ID = 64
_PREFIXES = {"message": "msg", "function_call": "fc", "reasoning": "rs"}
_ROLES = {"user", "assistant", "system", "developer"}
_FIELDS = frozenset(
    (
        *("background", "conversation", "include", "input", "instructions", "max_output_tokens"),
        *("max_tool_calls", "metadata", "model", "parallel_tool_calls", "previous_response_id"),
        *("prompt", "prompt_cache_key", "reasoning", "safety_identifier", "service_tier", "store"),
        *("stream", "stream_options", "temperature", "text", "tool_choice", "tools"),
        *("top_logprobs", "top_p", "truncation", "user"),
    )
)


def responses_refusal(body: dict[str, Any], issued: Mapping[str, str | None]) -> str | None:
    """``issued`` are the ids of items this server made, with the reasoning that led to each."""
    return next(_problems(body, issued), None)


def items_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The input as items; a message may leave its type out."""
    given = body["input"]
    if isinstance(given, str):
        return [{"type": "message", "role": "user", "content": given}]
    return [{"type": "message", **item} for item in given]


def _problems(body: dict[str, Any], issued: Mapping[str, str | None]) -> Iterator[str]:
    for name in sorted(set(body) - _FIELDS):
        yield f"Unknown parameter: '{name}'."
    if "include_usage" in (body.get("stream_options") or {}):
        yield "Unknown parameter: 'stream_options.include_usage'."
    yield from _tool_problems(body.get("tools", []))
    items = items_of(body)
    if not items:
        yield "Missing required parameter: 'input'."
    for place, item in enumerate(items):
        yield from _item_problems(place, item)
    yield from _call_problems(items)
    yield from _id_problems(items, issued, stored=body.get("store") is not False)


def _tool_problems(tools: Sequence[dict[str, Any]]) -> Iterator[str]:
    names: set[str] = set()
    for place, tool in enumerate(tools):
        if tool.get("type") != "function" or "function" in tool:
            yield f"Missing required parameter: 'tools[{place}].name'."
            return
        name = tool["name"]
        if not _TOOL_NAME.fullmatch(name):
            yield f"Invalid 'tools[{place}].name': {name!r}"
        if name in names:
            yield f"{name} is declared twice"
        names.add(name)
        if tool["parameters"].get("type") != "object":
            yield f"{name}: the schema's type is not object"
        yield from json_schema_problems(name, tool["parameters"])


def _item_problems(place: int, item: dict[str, Any]) -> Iterator[str]:
    kind = item["type"]
    match kind:
        case "message":
            if item.get("role") not in _ROLES:
                yield f"Invalid value: {item.get('role')!r}. 'input[{place}].role'"
            yield from _content_problems(place, item)
        case "function_call":
            yield from _written_problems(place, item)
        case "function_call_output":
            if not isinstance(item.get("output"), str | list):
                yield f"Missing required parameter: 'input[{place}].output'."
        case "reasoning":
            if "summary" not in item:
                yield f"Missing required parameter: 'input[{place}].summary'."
        case _:
            yield f"Invalid value: {kind!r}. 'input[{place}].type'"
    prefix = _PREFIXES.get(kind)
    if prefix is not None and item.get("id") and not item["id"].startswith(prefix):
        yield (
            f"Invalid 'input[{place}].id': '{item['id']}'. Expected an ID that begins with"
            f" '{prefix}'."
        )


def _written_problems(place: int, item: dict[str, Any]) -> Iterator[str]:
    if not {"call_id", "name", "arguments"} <= set(item):
        yield f"Missing required parameter: 'input[{place}].call_id'."
    elif not isinstance(json.loads(item["arguments"]), dict):
        yield f"Invalid type for 'input[{place}].arguments'"


def _content_problems(place: int, item: dict[str, Any]) -> Iterator[str]:
    content = item.get("content")
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        yield f"Missing required parameter: 'input[{place}].content'."
        return
    allowed = {"output_text", "refusal"} if item["role"] == "assistant" else {"input_text"}
    for number, part in enumerate(content):
        if part.get("type") not in allowed:
            yield f"Invalid value: {part.get('type')!r}. 'input[{place}].content[{number}].type'"


def _call_problems(items: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Every output follows its call, every call has one output, before anybody speaks again."""
    waiting: set[str] = set()
    seen: set[str] = set()
    for item in items:
        match item["type"]:
            case "function_call":
                call_id = item.get("call_id") or ""
                if not 0 < len(call_id) <= _LONGEST_CALL_ID:
                    yield f"Invalid 'call_id': {call_id!r}"
                if call_id in seen:
                    yield f"Duplicate item found with call_id {call_id}."
                seen.add(call_id)
                waiting.add(call_id)
            case "function_call_output":
                if item["call_id"] not in waiting:
                    yield (
                        "No tool call found for function call output with call_id"
                        f" {item['call_id']}."
                    )
                waiting.discard(item["call_id"])
            case "message" if waiting:
                break
    for call_id in sorted(waiting):
        yield f"No tool output found for function call {call_id}."


def _id_problems(
    items: Sequence[dict[str, Any]], issued: Mapping[str, str | None], *, stored: bool
) -> Iterator[str]:
    ids = [item["id"] for item in items if item.get("id")]
    for one in ids:
        if ids.count(one) > 1:
            yield f"Duplicate item found with id {one}. Remove duplicate items and try again."
    for place, item in enumerate(items):
        own = item.get("id")
        if item["type"] == "reasoning":
            follower = items[place + 1] if place + 1 < len(items) else {"type": "nothing"}
            if not item.get("encrypted_content") and (not stored or own not in issued):
                yield f"Item with id '{own}' not found."
            if follower["type"] not in {"function_call", "message"} or (
                follower["type"] == "message" and follower["role"] != "assistant"
            ):
                yield (
                    f"Item '{own}' of type 'reasoning' was provided without its required"
                    " following item."
                )
        elif own and (needed := issued.get(own)) is not None and needed not in ids:
            yield (
                f"Item '{own}' of type '{item['type']}' was provided without its required"
                f" 'reasoning' item: '{needed}'."
            )
