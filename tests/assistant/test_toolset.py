"""The tools as a model gets and calls them within a turn."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import StructuredTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_google_genai._function_utils import convert_to_genai_function_declarations
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from assistant.toolset import SMALL_CONTEXT, SMALL_SET, build_toolset, tools_for
from tools.definition import Tool
from tools.registry import TOOLS
from tools.runner import ToolRunner
from tools.schema import argument_schema

LINE = {"items": [{"product": "P003", "quantity": "2"}]}
WRONG: dict[str, Any] = {"items": [{"quantity": "2"}]}


def calls(*wanted: tuple[str, dict[str, Any]]) -> AIMessage:
    return AIMessage(
        "",
        tool_calls=[
            {"name": name, "args": given, "id": f"call_{place}", "type": "tool_call"}
            for place, (name, given) in enumerate(wanted)
        ],
    )


def told(model: Any) -> list[str]:
    """What tools answered, as the model saw it in its last request."""
    return [one.text for one in model.requests[-1] if isinstance(one, ToolMessage)]


@pytest.mark.parametrize("tokens", [None, SMALL_CONTEXT, 400_000])
def test_who_can_read_much_gets_all_tools(tokens: int | None) -> None:
    assert tools_for(tokens) == TOOLS


def test_a_small_context_gets_few_tools_in_few_words() -> None:
    small = tools_for(8_192)

    assert {tool.name for tool in small} == SMALL_SET
    sent = [
        json.dumps([tool.name, tool.description, argument_schema(tool)], ensure_ascii=False)
        for tool in small
    ]
    assert sum(map(len, sent)) / 4 <= 1900
    everything = [argument_schema(tool) for tool in TOOLS if tool.name in SMALL_SET]
    for tool, whole in zip(small, everything, strict=True):
        slim = argument_schema(tool)
        assert slim["properties"].keys() <= whole["properties"].keys()
        assert slim.get("required") == whole.get("required")


def test_a_small_set_can_hold_the_whole_talk() -> None:
    needed = {
        "search_catalog", "add_to_cart", "update_cart", "get_cart", "set_budget", "check_budget",
        "find_swaps", "check_diet", "recommend_products", "start_checkout", "answer_from_policies",
        "get_orders", "my_data",
    }  # fmt: skip
    assert needed <= SMALL_SET


def test_a_small_set_speaks_of_no_tool_that_is_not_in_it() -> None:
    others = {tool.name for tool in TOOLS} - SMALL_SET

    for tool in tools_for(8_192):
        said = f"{tool.description} {tool.rest} {json.dumps(argument_schema(tool))}"
        assert [name for name in others if name in said] == []


@pytest.fixture(scope="module", params=[None, 8_192], ids=["all", "small"])
def told_of(request: pytest.FixtureRequest) -> Sequence[Tool]:
    """The tools a model is told of."""
    return tools_for(request.param)


def wrapped(tools: Sequence[Tool]) -> list[StructuredTool]:
    return build_toolset(cast("ToolRunner", None), tools)


def test_openai_is_sent_the_schemas_as_they_are(told_of: Sequence[Tool]) -> None:
    """The client adds no titles or nulls again."""
    openai: Any = ChatOpenAI(model="m", api_key=SecretStr("k")).bind_tools(wrapped(told_of))
    sent: Any = {one["function"]["name"]: one["function"] for one in openai.kwargs["tools"]}

    for tool in told_of:
        assert sent[tool.name] == {
            "name": tool.name,
            "description": tool.description,
            "parameters": argument_schema(tool),
        }


def test_strict_mode_would_lose_nothing_and_refuse_nothing(told_of: Sequence[Tool]) -> None:
    def strict(schema: dict[str, Any]) -> dict[str, Any]:
        """All required and nothing else allowed; the rest stays."""
        made = dict(schema)
        if schema["type"] == "object":
            made["additionalProperties"] = False
            made["properties"] = {name: strict(one) for name, one in schema["properties"].items()}
            if made["properties"]:
                made["required"] = list(made["properties"])
        if "items" in schema:
            made["items"] = strict(schema["items"])
        return made

    for tool, made in zip(told_of, wrapped(told_of), strict=True):
        function = convert_to_openai_tool(made, strict=True)["function"]
        assert function["parameters"] == strict(argument_schema(tool))


def without_defaults(schema: dict[str, Any]) -> dict[str, Any]:
    """They say to Google's client what is optional; it passes none on."""
    left = {name: one for name, one in schema.items() if name != "default"}
    if "properties" in left:
        left["properties"] = {
            name: without_defaults(one) for name, one in left["properties"].items()
        }
    return left


def test_google_is_sent_all_that_the_schemas_say(told_of: Sequence[Tool]) -> None:
    def declared(part: Any) -> dict[str, Any]:
        """A schema of Google's as JSON schema has it."""
        found = {"type": part.type.value.lower()}
        for name in ("description", "enum", "required"):
            if getattr(part, name):
                found[name] = getattr(part, name)
        if part.items is not None:
            found["items"] = declared(part.items)
        if part.properties is not None:
            found["properties"] = {name: declared(one) for name, one in part.properties.items()}
        return found

    google: Any = convert_to_genai_function_declarations(wrapped(told_of))
    sent = {one.name: one for part in google for one in part.function_declarations}

    assert sent.keys() == {tool.name for tool in told_of}
    for tool in told_of:
        assert sent[tool.name].description == tool.description
        assert declared(sent[tool.name].parameters) == without_defaults(argument_schema(tool))


async def test_one_repair_of_arguments_and_then_no_more(
    make_assistant: Callable[..., Any], scripted: Callable[..., Any], says_on: Callable[..., Any]
) -> None:
    model = scripted(
        calls(("add_to_cart", WRONG)),
        calls(("add_to_cart", WRONG)),
        calls(("add_to_cart", LINE)),
        AIMessage("What shall I add?"),
    )
    assistant = make_assistant(model)

    answer = await asyncio.wait_for(ask(assistant, says_on("add some")), 20)

    first, second, third = told(model)
    assert "items.0.product is missing" in first
    assert "Do not call" not in first
    assert "Do not call add_to_cart again in this turn" in second
    assert "was not run" in third
    assert answer.text == "What shall I add?"


async def test_calls_of_one_message_fail_together_and_a_mended_one_counts_anew(
    make_assistant: Callable[..., Any], scripted: Callable[..., Any], says_on: Callable[..., Any]
) -> None:
    model = scripted(
        calls(("add_to_cart", WRONG), ("add_to_cart", WRONG), ("get_cart", {})),
        calls(("add_to_cart", LINE)),
        calls(("add_to_cart", WRONG)),
        calls(("add_to_cart", LINE)),
        AIMessage("Done."),
    )

    answer = await asyncio.wait_for(ask(make_assistant(model), says_on("add two")), 20)

    assert answer.text == "Done."
    assert ["is missing" in text for text in told(model)] == [
        True, True, False, False, True, False,
    ]  # fmt: skip
    assert not [text for text in told(model) if "Do not call" in text]


async def test_a_tool_that_is_not_there_is_answered_with_the_nearest(
    make_assistant: Callable[..., Any], scripted: Callable[..., Any], says_on: Callable[..., Any]
) -> None:
    model = scripted(calls(("search_catalogue", {"query": "x"})), AIMessage("Sorry."))

    await asyncio.wait_for(ask(make_assistant(model), says_on("find x")), 20)

    assert "Did you mean search_catalog" in told(model)[0]


async def ask(assistant: Any, message: Any) -> Any:
    with assistant.shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
    run = await assistant.submit(message, shopper.id)
    return await run.answer()
