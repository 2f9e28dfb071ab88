"""The arguments of a tool as JSON schema: whole for reading and errors, slim for models."""

from functools import cache
from typing import Any

from tools.definition import Arguments, Tool

Schema = dict[str, Any]
_SHOWN = ("type", "description", "enum", "items", "required")
"""Limits and defaults are left out: they change no call that makes sense, errors tell them, and
strict mode refuses some of them."""


def argument_schema(tool: Tool) -> Schema:
    """What vendors get: without titles, nulls, references and checks that models ignore."""
    shown = _shown(full_schema(tool.arguments), brief=tool.brief)
    return {"type": "object", "properties": {}, **shown}


@cache
def full_schema(arguments: type[Arguments]) -> Schema:
    """All that is known of the arguments. Optional means not in ``required``; there is no null.

    ``x-`` keys are the hints of ``tools.argument_kinds``.
    """
    schema = arguments.model_json_schema()
    return _flat(schema, schema.pop("$defs", {}))


def _flat(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """With references followed, and one choice left of "this or null"."""
    outer = {key: value for key, value in schema.items() if key not in ("$ref", "anyOf", "title")}
    inner: Schema = {}
    if "$ref" in schema:
        inner = _flat(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if choices:
        inner = _flat(choices[0], definitions)
    found = {**inner, **outer}
    if "items" in found:
        found["items"] = _flat(found["items"], definitions)
    if "properties" in found:
        found["properties"] = {
            name: _flat(value, definitions) for name, value in found["properties"].items()
        }
    if found.get("x-kind") == "money":
        found["type"] = "number"
    return found


def _shown(schema: Schema, *, brief: bool, nested: bool = False) -> Schema:
    shown = {key: schema[key] for key in _SHOWN if key in schema}
    if schema.get("type") == "object":
        shown.pop("description", None)
    if "x-told" in schema:
        return {"type": schema["x-told"], "description": schema["description"]}
    if "x-values" in schema:
        target = shown["items"] = dict(schema["items"]) if "items" in schema else shown
        target["enum"] = list(schema["x-values"])
    if "items" in shown:
        shown["items"] = _shown(shown["items"], brief=brief)
        if "description" in shown and "properties" not in shown["items"]:
            # A list says itself what is on it.
            shown["items"].pop("description", None)
    if "properties" in schema:
        shown["properties"] = {
            name: _shown(value, brief=brief, nested=True)
            for name, value in schema["properties"].items()
            if not (brief and value.get("x-rare"))
        }
    if nested and "properties" in shown:
        # Google's client takes what has no default for required here, and only here.
        for name in shown["properties"].keys() - set(shown.get("required", ())):
            shown["properties"][name]["default"] = ""
    return shown
