"""What OpenAI and Google refuse in a request, told as they tell it; None when they would answer."""

import json
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Any

_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_GOOGLE_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}")
_LONGEST_DESCRIPTION = 1024
_LONGEST_CALL_ID = 40
_CHAT_FIELDS = frozenset(
    (
        *("audio", "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens"),
        *("max_tokens", "messages", "metadata", "modalities", "model", "n", "parallel_tool_calls"),
        *("prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_retention"),
        *("reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier"),
        *("stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools"),
        *("top_logprobs", "top_p", "user", "verbosity", "web_search_options"),
    )
)
_MESSAGE_FIELDS = {
    "system": {"role", "content", "name"},
    "developer": {"role", "content", "name"},
    "user": {"role", "content", "name"},
    "assistant": {"role", "content", "name", "tool_calls", "refusal", "audio", "function_call"},
    "tool": {"role", "content", "tool_call_id", "name"},
}
_FUNCTION_FIELDS = {"name", "description", "parameters", "strict"}
_JSON_TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}
_GOOGLE_TYPES = {"OBJECT", "ARRAY", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "NULL"}
# https://ai.google.dev/api/caching#Schema; anything else is an unknown field.
_GOOGLE_KEYWORDS = frozenset(
    (
        *("type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems"),
        *("properties", "required", "minProperties", "maxProperties", "minLength", "maxLength"),
        *("pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum"),
        "maximum",
    )
)
_GOOGLE_FIELDS = {
    *("contents", "systemInstruction", "tools", "toolConfig", "generationConfig"),
    *("safetySettings", "cachedContent", "labels", "serviceTier"),
}
_GENERATION_FIELDS = {
    *("stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "topP"),
    *("responseModalities", "candidateCount", "maxOutputTokens", "temperature", "topK", "seed"),
    *("presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs", "speechConfig"),
    *("thinkingConfig", "mediaResolution", "imageConfig", "enableEnhancedCivicAnswers"),
}
_PART_FIELDS = {"text", "functionCall", "functionResponse", "thought", "thoughtSignature"}
_DECLARATION_FIELDS = {
    *("name", "description", "parameters", "parametersJsonSchema", "response"),
    *("responseJsonSchema", "behavior"),
}
_GOOGLE_FORMATS = {"enum", "date-time", "float", "double", "int32", "int64"}


def openai_refusal(body: dict[str, Any]) -> str | None:
    return next(_openai_problems(body), None)


def google_refusal(body: dict[str, Any]) -> str | None:
    return next(_google_problems(body), None)


def _openai_problems(body: dict[str, Any]) -> Iterator[str]:
    for unknown in sorted(set(body) - _CHAT_FIELDS):
        yield f"Unknown parameter: '{unknown}'."
    if body.get("stream_options") and not body.get("stream"):
        yield "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    for alone in ("tool_choice", "parallel_tool_calls"):
        if body.get(alone) is not None and "tools" not in body:
            yield f"'{alone}' is only allowed when 'tools' are specified."
    if "max_tokens" in body and "max_completion_tokens" in body:
        yield "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
    yield from _openai_tool_problems(body)
    yield from _openai_message_problems(body["messages"])


def _openai_tool_problems(body: dict[str, Any]) -> Iterator[str]:
    names: set[str] = set()
    for tool in body.get("tools", []):
        function = tool["function"]
        name = function["name"]
        for unknown in sorted(set(function) - _FUNCTION_FIELDS):
            yield f"Unknown parameter: 'tools[].function.{unknown}'."
        if tool.get("type") != "function" or not _TOOL_NAME.fullmatch(name):
            yield f"{name!r} is no name of a function"
        if name in names:
            yield f"{name} is declared twice"
        names.add(name)
        if not 0 < len(function.get("description", "")) <= _LONGEST_DESCRIPTION:
            yield f"{name}: the description is missing or too long"
        if function["parameters"].get("type") != "object":
            yield f"{name}: the schema's type is not object"
        yield from json_schema_problems(name, function["parameters"])
    if "tools" in body and not body["tools"]:
        yield "tools must not be empty"


def _openai_message_problems(messages: Sequence[dict[str, Any]]) -> Iterator[str]:
    waiting: set[str] = set()
    for message in messages:
        allowed = _MESSAGE_FIELDS.get(message["role"], set(message))
        for unknown in sorted(set(message) - allowed - {"tool_calls"}):
            yield f"Unknown parameter: 'messages[].{unknown}'."
        if message["role"] == "tool":
            if message.get("tool_call_id") not in waiting:
                yield "a tool message must answer a preceding tool call"
                return
            waiting.remove(message["tool_call_id"])
            if not isinstance(message["content"], str):
                yield "a tool's result is text"
            continue
        if waiting:
            yield "every tool call must be answered before the next message"
        yield from _openai_said_problems(message)
        waiting = {call["id"] for call in message.get("tool_calls") or []}
    if waiting:
        yield "every tool call must be answered"


def _openai_said_problems(message: dict[str, Any]) -> Iterator[str]:
    calls = message.get("tool_calls") or []
    if message["role"] not in {"system", "user", "assistant"}:
        yield f"{message['role']} is no role"
    if calls and message["role"] != "assistant":
        yield f"Unknown parameter: 'messages[].tool_calls' of the {message['role']}."
    if "tool_calls" in message and not calls:
        yield "'messages[].tool_calls' is an empty array"
    if message.get("content") is None and not calls:
        yield f"a message of the {message['role']} has neither content nor calls"
    if "function_call" in message:
        yield "function_call is out of use"
    ids = [call["id"] for call in calls]
    if len(ids) != len(set(ids)) or any(not 0 < len(one) <= _LONGEST_CALL_ID for one in ids):
        yield f"the ids of tool calls are not usable: {ids}"
    for call in calls:
        if not isinstance(json.loads(call["function"]["arguments"]), dict):
            yield "arguments are a JSON object"


def json_schema_problems(name: str, schema: dict[str, Any]) -> Iterator[str]:
    for part in _schemas(schema):
        kind = part.get("type")
        if kind is not None and kind not in _JSON_TYPES:
            yield f"{name}: {kind!r} is no type"
        if kind == "array" and "items" not in part:
            yield f"{name}: array schema missing items"
        yield from _required_problems(name, part)
        if "$ref" in part:
            yield f"{name}: some compatible servers follow no references"


def _google_problems(body: dict[str, Any]) -> Iterator[str]:
    yield from _unknown_to_google(body, _GOOGLE_FIELDS)
    yield from _unknown_to_google(body.get("generationConfig") or {}, _GENERATION_FIELDS)
    for tool in body.get("tools", []):
        for function in tool.get("functionDeclarations", []):
            yield from _declaration_problems(function)
    contents = body["contents"]
    for content in contents:
        yield from _content_problems(content)
    if contents[0]["role"] != "user":
        yield "the talk begins with the user"
    for before, after in pairwise(contents):
        if before["role"] == after["role"]:
            yield f"two turns of the {after['role']} follow each other"
        called, answered = _names(before, "functionCall"), _names(after, "functionResponse")
        if called != answered:
            yield f"the function responses {answered} do not answer the function calls {called}"
    if _names(contents[-1], "functionCall"):
        yield "every function call must be answered"
    yield from _signature_problems(contents)


def _unknown_to_google(part: dict[str, Any], known: AbstractSet[str]) -> Iterator[str]:
    for unknown in sorted(set(part) - known):
        yield f'Invalid JSON payload received. Unknown name "{unknown}": Cannot find field.'


def _content_problems(content: dict[str, Any]) -> Iterator[str]:
    yield from _unknown_to_google(content, {"role", "parts"})
    if content.get("role") not in {"user", "model"}:
        yield f"please use a valid role: user, model; not {content.get('role')!r}"
    if not content.get("parts"):
        yield "contents.parts must not be empty"
    for part in content["parts"]:
        yield from _unknown_to_google(part, _PART_FIELDS)
        yield from _unknown_to_google(part.get("functionCall", {}), {"id", "name", "args"})
        yield from _unknown_to_google(
            part.get("functionResponse", {}), {"id", "name", "response", "parts"}
        )
        if len(set(part) - {"thoughtSignature", "thought"}) != 1:
            yield f"a part holds one thing, not {sorted(part)}"
        if part.get("text") == "":
            yield "a part's text must not be empty"


def _signature_problems(contents: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Gemini 3 wants its thoughts back with each step of the turn that is going on."""
    asked = max(
        place
        for place, content in enumerate(contents)
        if content["role"] == "user" and any("text" in part for part in content["parts"])
    )
    for content in contents[asked:]:
        calls = [part for part in content["parts"] if "functionCall" in part]
        if calls and not calls[0].get("thoughtSignature"):
            yield f"{_names(content, 'functionCall')[0]} is missing a thought_signature"


def _declaration_problems(function: dict[str, Any]) -> Iterator[str]:
    name = function["name"]
    yield from _unknown_to_google(function, _DECLARATION_FIELDS)
    if not _GOOGLE_NAME.fullmatch(name):
        yield f"invalid function name {name!r}"
    if not function.get("description"):
        yield f"{name}: the description is missing"
    schema = function.get("parameters")
    if schema is None:
        return
    if schema.get("type") != "OBJECT" or not schema.get("properties"):
        yield f"{name}: parameters.properties should be non-empty for OBJECT type"
    for part in _schemas(schema):
        yield from _google_schema_problems(name, part)


def _google_schema_problems(name: str, schema: dict[str, Any]) -> Iterator[str]:
    if unknown := set(schema) - _GOOGLE_KEYWORDS:
        yield f"{name}: unknown names {sorted(unknown)} in the schema"
    kind = schema.get("type")
    if kind not in _GOOGLE_TYPES and not schema.get("anyOf"):
        yield f"{name}: {kind!r} is no type"
    if kind == "ARRAY" and not schema.get("items"):
        yield f"{name}: items: missing field"
    if kind == "OBJECT" and not schema.get("properties"):
        yield f"{name}: properties should be non-empty for OBJECT type"
    if "enum" in schema and (kind != "STRING" or not all(schema["enum"])):
        yield f"{name}: an enum is of texts, none empty"
    if schema.get("format", "enum") not in _GOOGLE_FORMATS:
        yield f"{name}: format {schema['format']!r} is not supported"
    yield from _required_problems(name, schema)


def _required_problems(name: str, schema: dict[str, Any]) -> Iterator[str]:
    for required in schema.get("required", []):
        if required not in schema.get("properties", {}):
            yield f"{name}: required {required!r} is not among the properties"


def _schemas(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and every schema within it."""
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    if isinstance(schema.get("items"), dict):
        inner.append(schema["items"])
    for one in inner:
        yield from _schemas(one)


def _names(content: dict[str, Any], kind: str) -> list[str]:
    return [part[kind]["name"] for part in content["parts"] if kind in part]
