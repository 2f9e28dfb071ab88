import json
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from tests.stand_ins.conftest import HELLO, Vendor
from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.model_server import Asked, Refused, Reply
from tests.stand_ins.responses_rules import responses_refusal
from tests.stand_ins.vendor_rules import google_refusal, openai_refusal

CALL = ("look", {"at": "apples"})
SAID: dict[str, Any] = {"type": "message", "role": "user", "content": "hi"}
CALLED = {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": "{}"}
ANSWERED = {"type": "function_call_output", "call_id": "call_1", "output": "done"}
THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"}


WRITTEN = {"id": "a", "type": "function", "function": {"name": "look", "arguments": "{}"}}


def _tool(**more: Any) -> dict[str, Any]:
    function = {"name": "look", "description": "Looks.", "parameters": {"type": "object"}}
    return {"type": "function", "function": {**function, **more}}


def test_a_talk_with_calls_results_and_thoughts_goes_back_and_forth(vendor: Vendor) -> None:
    reply = Reply("One moment.", [CALL, CALL], reasoning="Let me look.", signature="thought")
    first = vendor.stream(reply)
    results = [
        ToolMessage("two apples", tool_call_id=str(one["id"]), name=one["name"])
        for one in first.tool_calls
    ]

    said = vendor.stream(Reply("Two apples."), (*HELLO, first, *results))

    assert said.text == "Two apples."
    assert vendor.server.problems == []
    asked = vendor.server.asked[-1]
    assert [one["role"] for one in asked.messages] == ["user", "assistant", "tool", "tool"]
    assert asked.messages[1]["calls"] == [CALL, CALL]
    assert [one["text"] for one in asked.results] == ["two apples"] * 2


def test_a_call_without_its_result_is_refused(vendor: Vendor) -> None:
    first = vendor.stream(Reply(calls=[CALL], signature="thought"))

    with pytest.raises(Exception, match="400"):
        vendor.stream(Reply("Well."), (*HELLO, first, HumanMessage("And?")))
    assert len(vendor.server.problems) == 1


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        ([SAID, ANSWERED], "No tool call found"),
        ([SAID, CALLED], "No tool output found"),
        ([SAID, CALLED, SAID, ANSWERED], "No tool output found"),
        ([SAID, CALLED, ANSWERED, CALLED, ANSWERED], "Duplicate item found with call_id"),
        ([SAID, {**CALLED, "id": "call_1"}, ANSWERED], "begins with 'fc'"),
        ([SAID, {**SAID, "role": "assistant", "id": "run-1"}], "begins with 'msg'"),
        ([SAID, THOUGHT], "required following item"),
        ([SAID, THOUGHT, SAID], "required following item"),
        ([SAID, {**THOUGHT, "encrypted_content": None}, CALLED, ANSWERED], "not found"),
        ([SAID, {**CALLED, "id": "fc_1"}, ANSWERED], "required 'reasoning' item: 'rs_1'"),
        ([SAID, {**CALLED, "arguments": "[]"}, ANSWERED], "arguments"),
        ([{**SAID, "content": [{"type": "text", "text": "hi"}]}], "Invalid value: 'text'"),
        ([{**SAID, "role": "tool"}], "Invalid value: 'tool'"),
        ([], "'input'"),
    ],
)
def test_responses_refuses_what_openai_does(items: list[dict[str, Any]], problem: str) -> None:
    said = responses_refusal({"input": items, "store": False}, {"fc_1": "rs_1"})

    assert said is not None
    assert problem in said


@pytest.mark.parametrize(
    "items",
    [
        [SAID],
        [SAID, CALLED, ANSWERED, SAID],
        [SAID, THOUGHT, {**CALLED, "id": "fc_1"}, ANSWERED],
        [SAID, CALLED, {**CALLED, "call_id": "b"}, {**ANSWERED, "call_id": "b"}, ANSWERED],
    ],
)
def test_responses_takes_what_openai_does(items: list[dict[str, Any]]) -> None:
    assert responses_refusal({"input": items, "store": False}, {"fc_1": "rs_1"}) is None


@pytest.mark.parametrize("wrong", [{"messages": []}, {"stream_options": {"include_usage": True}}])
def test_responses_knows_no_parameters_of_chat_completions(wrong: dict[str, Any]) -> None:
    assert "Unknown parameter" in str(responses_refusal({"input": "hi", **wrong}, {}))


def test_responses_numbers_its_events_without_a_gap(
    open_vendor: Callable[[str], Vendor],
) -> None:
    vendor = open_vendor("responses")
    reply = Reply("Here.", [CALL], reasoning="Hm.")
    asked = Asked("", [], [], streamed=True, raw={"model": "m", "input": "hi"})
    delivery: Any = vendor.server.respond(asked, reply)

    events = [
        json.loads(piece.data.decode().partition("data: ")[2])
        for piece in delivery._pieces  # noqa: SLF001 - the wire itself is read by the real client
    ]

    assert [one["sequence_number"] for one in events] == list(range(len(events)))
    assert events[0]["type"] == "response.created"
    assert events[-1]["type"] == "response.completed"
    kinds = {one["type"] for one in events}
    assert "response.reasoning_summary_text.delta" in kinds
    assert "response.output_text.done" in kinds
    assert "response.function_call_arguments.delta" in kinds


@pytest.mark.parametrize(
    ("messages", "problem"),
    [
        ([{"role": "tool", "tool_call_id": "a", "content": "x"}], "must answer a preceding"),
        ([{"role": "assistant", "content": None}], "neither content nor calls"),
        ([{"role": "somebody", "content": "x"}], "no role"),
        ([{"role": "user", "content": "x", "artifact": {}}], "messages[].artifact"),
        ([{"role": "assistant", "content": "x", "tool_calls": []}], "empty array"),
        ([{"role": "user", "content": "x", "tool_calls": [WRITTEN]}], "tool_calls"),
        ([{"role": "assistant", "content": "", "tool_calls": [WRITTEN]}], "must be answered"),
    ],
)
def test_chat_completions_refuses_what_openai_does(
    messages: list[dict[str, Any]], problem: str
) -> None:
    assert problem in str(openai_refusal({"messages": messages}))


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"max_retries": 3}, "Unknown parameter: 'max_retries'"),
        ({"stream_options": {"include_usage": True}}, "only allowed when 'stream'"),
        ({"tool_choice": "auto"}, "only allowed when 'tools'"),
        ({"tools": []}, "must not be empty"),
        ({"max_tokens": 1, "max_completion_tokens": 1}, "at the same time"),
        ({"tools": [_tool(examples=[])]}, "function.examples"),
        ({"tools": [_tool(name="a b")]}, "no name of a function"),
        ({"tools": [_tool(description="")]}, "description"),
        ({"tools": [_tool(), _tool()]}, "twice"),
        ({"tools": [_tool(parameters={"type": "object", "required": ["x"]})]}, "required"),
        ({"tools": [_tool(parameters={"type": "object", "properties": {"a": {"type": "array"}}})]},
         "missing items"),
    ],
)  # fmt: skip
def test_chat_completions_refuses_parameters_as_openai_does(
    wrong: dict[str, Any], problem: str
) -> None:
    messages = [{"role": "user", "content": "hi"}]

    assert problem in str(openai_refusal({"messages": messages, **wrong}))


def _content(role: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "parts": list(parts)}


LOOKED = {"functionCall": {"name": "look", "args": {}}, "thoughtSignature": "eA=="}
SEEN = {"functionResponse": {"name": "look", "response": {"output": "x"}}}
HI = {"text": "hi"}


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        ([_content("model", HI)], "begins with the user"),
        ([_content("user", HI), _content("user", HI)], "follow each other"),
        ([_content("user", HI), _content("model", LOOKED)], "must be answered"),
        ([_content("user", HI), _content("model", LOOKED), _content("user", HI)], "do not answer"),
        (
            [_content("user", HI), _content("model", LOOKED), _content("user", SEEN, SEEN)],
            "do not answer",
        ),
        (
            [
                _content("user", HI),
                _content("model", {"functionCall": LOOKED["functionCall"]}),
                _content("user", SEEN),
            ],
            "thought_signature",
        ),
        ([_content("tool", HI)], "valid role"),
        ([_content("user", {"text": ""})], "must not be empty"),
    ],
)
def test_gemini_refuses_what_google_does(contents: list[dict[str, Any]], problem: str) -> None:
    assert problem in str(google_refusal({"contents": contents}))


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"system": "You sell."}, "system"),
        ({"generationConfig": {"max_tokens": 1}}, "max_tokens"),
        ({"contents": [_content("user", {"text": "hi", "name": "x"})]}, "name"),
        ({"contents": [{**_content("user", HI), "name": "x"}]}, "name"),
        ({"tools": [{"functionDeclarations": [{"name": "look", "description": "x", "strict": 1}]}]},
         "strict"),
    ],
)  # fmt: skip
def test_gemini_refuses_names_it_does_not_know(wrong: dict[str, Any], name: str) -> None:
    said = google_refusal({"contents": [_content("user", HI)], **wrong})

    assert f'Unknown name "{name}"' in str(said)


def test_gemini_takes_only_thoughts_it_had() -> None:
    server = GeminiServer()
    forged: list[dict[str, Any]] = [
        _content("user", HI),
        _content("model", LOOKED),
        _content("user", SEEN),
    ]
    assert google_refusal({"contents": forged}) is None

    with pytest.raises(Refused, match="Corrupted"):
        server.check_signatures(forged)


def test_gemini_takes_calls_that_another_vendors_model_made(
    open_vendor: Callable[[str], Vendor],
) -> None:
    vendor = open_vendor("gemini")
    vendor.forget()
    call = AIMessage("", tool_calls=[{"name": "look", "args": {}, "id": "a", "type": "tool_call"}])
    talk: tuple[BaseMessage, ...] = (*HELLO, call, ToolMessage("x", tool_call_id="a", name="look"))

    assert vendor.stream(Reply("Yes."), talk).text == "Yes."
    assert vendor.server.problems == []
