"""The schemas that models are given: small, flat, without noise, and what they say is true."""

import json
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tests.calls import Talk
from tools.definition import Tool
from tools.reading import read_arguments
from tools.registry import TOOLS
from tools.schema import argument_schema

BY_NAME = {tool.name: tool for tool in TOOLS}
MOST = {"search_catalog": 1150, "set_preferences": 1150, "update_cart": 1050}
"""Characters of a tool, four of which are about a token of a schema; 830 for the others."""
MOST_IN_ALL = 13_200
"""Whoever needs more takes it from somewhere else."""


def as_sent(tool: Tool) -> str:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": argument_schema(tool),
    }
    return json.dumps({"type": "function", "function": function}, ensure_ascii=False)


def parts_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*schema.get("properties", {}).values()]
    inner += [schema["items"]] if "items" in schema else []
    return [schema, *(part for one in inner for part in parts_of(one))]


@pytest.mark.parametrize("tool", TOOLS, ids=BY_NAME)
def test_a_tool_keeps_to_its_tokens(tool: Tool) -> None:
    assert len(as_sent(tool)) <= MOST.get(tool.name, 830)


def test_all_tools_together_keep_to_theirs() -> None:
    assert sum(len(as_sent(tool)) for tool in TOOLS) <= MOST_IN_ALL


@pytest.mark.parametrize("tool", TOOLS, ids=BY_NAME)
def test_a_schema_holds_nothing_but_what_helps(tool: Tool) -> None:
    known = {"type", "description", "enum", "items", "required", "properties", "default"}
    for part in parts_of(argument_schema(tool)):
        assert part.keys() <= known
        assert isinstance(part["type"], str)
        assert len(part.get("description", "")) <= 150


def test_closed_sets_are_enums() -> None:
    search = argument_schema(BY_NAME["search_catalog"])["properties"]
    assert "gluten_free" in search["diets"]["items"]["enum"]
    assert search["sort"]["enum"][0] == "relevance"
    remembered = argument_schema(BY_NAME["set_preferences"])["properties"]
    assert "molluscs" in remembered["allergens"]["items"]["enum"]
    assert remembered["sustainability"]["enum"] == ["low", "medium", "high"]


def test_money_is_a_number_and_a_quantity_a_text_with_its_unit() -> None:
    assert argument_schema(BY_NAME["set_budget"])["properties"]["amount"]["type"] == "number"
    items = argument_schema(BY_NAME["add_to_cart"])["properties"]["items"]["items"]
    assert items["properties"]["quantity"]["type"] == "string"
    assert items["required"] == ["product"]


def test_names_of_tools_and_arguments_are_a_contract() -> None:
    def names(tool: Tool) -> str:
        schema = argument_schema(tool)
        needed = schema.get("required", ())
        return " ".join(one if one in needed else f"{one}?" for one in schema["properties"])

    told = {tool.name: names(tool) for tool in TOOLS}
    assert told["search_catalog"] == (
        "query? category? brands? min_price? max_price? diets? exclude? min_rating? sort? limit? "
        "for?"
    )
    assert told["add_to_cart"] == "items for?"
    assert told["update_cart"] == "changes? replace? substitution? coupon? remove_coupon?"
    assert told["set_budget"] == "amount? period? rule?"
    assert told["fit_budget"] == "amount? keep?"
    assert told["plan_recipe"] == "recipe servings? budget? diets? exclude? staples? for?"
    assert told["start_checkout"] == "fulfilment? address? slot? contact?"
    assert told["get_cart"] == told["undo"] == told["empty_cart"] == ""


def problems(tool: Tool, given: dict[str, Any]) -> list[ErrorDetails]:
    try:
        tool.arguments.model_validate(given)
    except ValidationError as error:
        return error.errors()
    return []


@pytest.mark.parametrize("tool", TOOLS, ids=BY_NAME)
def test_what_models_are_told_is_read_as_it_is(tool: Tool) -> None:
    """What an argument takes by its schema for models, it takes in the reading, too."""

    def sample(part: dict[str, Any]) -> Any:
        match part["type"]:
            case "object":
                return {name: sample(one) for name, one in part["properties"].items()}
            case "array":
                return [sample(part["items"])] * 2
            case "string":
                return part.get("enum", ["2"])[-1]
            case kind:
                return {"number": 4, "integer": 4, "boolean": True}[kind]

    for name, part in argument_schema(tool)["properties"].items():
        given = {**(tool.example or {}), name: sample(part)}
        found = read_arguments(tool.arguments, given, currency="USD")
        # What may not stand together is said of no single argument.
        assert [one for one in problems(tool, found) if one["loc"]] == []


@pytest.mark.parametrize("tool", TOOLS, ids=BY_NAME)
def test_every_example_is_a_right_call(tool: Tool) -> None:
    assert tool.example is not None
    read = read_arguments(tool.arguments, tool.example, currency="USD")
    assert tool.arguments.model_validate(read)
    assert tool.example.keys() <= argument_schema(tool)["properties"].keys()


def test_an_example_is_what_an_error_shows(talk: Talk) -> None:
    text = talk.call("add_to_cart", items=[]).text

    assert 'A right call: add_to_cart {"items": [{"product": "#1", "quantity": "2"}]}' in text
