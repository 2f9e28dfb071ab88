"""Words errors so that a model can mend its call: what is wrong, what is allowed, an example."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from tools.definition import Tool
from tools.marking import marked
from tools.reading import Unclear
from tools.schema import Schema, full_schema

UNREADABLE = "unreadable_arguments"
"""The argument that stands for a call whose arguments were no JSON object."""
_KINDS = {
    "quantity": 'a quantity such as "2" or "0.5 kg"',
    "reference": 'a product as "#1", "c1" or its id',
}
_TYPES = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}
_IDENTIFIER = re.compile(r"[A-Za-z0-9_]{1,30}")
_MOST = 4
_SHOWN = 60


def explain(
    tool: Tool, error: ValidationError | Unclear, given: Mapping[str, Any], *, currency: str
) -> str:
    """Why the tool was not run."""
    schema = full_schema(tool.arguments)
    if UNREADABLE in given:
        problems = [f"the arguments were no JSON object: {_came(given[UNREADABLE])}"]
    elif isinstance(error, Unclear):
        wanted = _allowed(_part(schema, error.path), currency)
        problems = [f"{_place(error.path)} was {_came(error.value)}; {error}; give {wanted}"]
    else:
        found = error.errors(include_url=False, include_context=False)
        problems = list(dict.fromkeys(_problem(schema, one, currency) for one in found))[:_MOST]
    said = f"{tool.name} was not run: {'. '.join(problems)}."
    return f"{said}\n{example_of(tool)}".strip()


def example_of(tool: Tool) -> str:
    """A call as it should be."""
    if tool.example is None:
        return ""
    return f"A right call: {tool.name} {json.dumps(tool.example, ensure_ascii=False)}"


def no_such_tool(name: str, names: Sequence[str]) -> str:
    """Name the nearest tools there are."""
    near = [one[0] for one in process.extract(name[:_SHOWN], names, limit=3, score_cutoff=55)]
    known = f"There are: {', '.join(sorted(names))}."
    if near:
        known = f"Did you mean {' or '.join(near)}?"
    return f"There is no tool {_came(name)}. {known}"


def _problem(schema: Schema, problem: ErrorDetails, currency: str) -> str:
    path = tuple(one for one in problem["loc"] if one != "function-before")
    part = _part(schema, path)
    if problem["type"] == "extra_forbidden":
        names = _part(schema, path[:-1]).get("properties", {})
        known = f"there are {', '.join(names)}" if names else "it takes none"
        return f"{_place(path)} is no argument; {known}"
    if problem["type"] == "missing":
        return f"{_place(path)} is missing; give {_allowed(part, currency)}"
    if problem["type"] == "value_error":
        where = f"{_place(path)}: " if path else ""
        return where + problem["msg"].removeprefix("Value error, ")
    return f"{_place(path)} was {_came(problem['input'])}; give {_allowed(part, currency)}"


def _part(schema: Schema, path: Sequence[str | int]) -> Schema:
    for step in path:
        if isinstance(step, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(step, schema)
    return schema


def _allowed(part: Schema, currency: str) -> str:
    """What may stand there, in words."""
    said = _KINDS.get(part.get("x-kind", "")) or _TYPES.get(part.get("type", ""), "text")
    between = _range(part, "minimum", "maximum")
    if "enum" in part:
        said = f"one of {', '.join(part['enum'])}"
    elif part.get("type") == "array":
        said = (
            f"a list of {_range(part, 'minItems', 'maxItems')}{_allowed(part['items'], currency)}"
        )
    elif part.get("type") == "object":
        said = f"an object with {', '.join(part.get('required') or part['properties'])}"
    elif "maxLength" in part and "x-kind" not in part:
        said = f"text of up to {part['maxLength']} characters"
    elif part.get("x-kind") == "money":
        said = f"an amount in {currency} as a plain number, such as 40 or 2.50"
    elif between:
        said = f"{said} {between}".strip()
    return said


def _range(part: Schema, low: str, high: str) -> str:
    least, most = part.get(low), part.get(high)
    if most is None:
        return f"{least:g} or more " if least else ""
    return f"{least or 0:g} to {most:g} "


def _place(path: Sequence[str | int]) -> str:
    named = [one if _IDENTIFIER.fullmatch(one) else marked(one, 40) for one in map(str, path)]
    return ".".join(named) or "the arguments"


def _came(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    return marked(text, _SHOWN)
