"""Reads arguments as models really send them, by the schema; what could mean two is refused."""

import json
import re
from collections.abc import Mapping
from typing import Any

from knowledge.errors import InvalidInput
from tools.amount_reading import money_said, read_money, read_number, read_quantity
from tools.argument_names import gathered, joined, renamed
from tools.definition import Arguments
from tools.schema import Schema, full_schema

Json = Any
"""Whatever JSON can hold."""
NOTHING = object()
"""Stands for an argument that was sent but says nothing: null, "", {} where it is optional."""
_WRAPPERS = frozenset({"arguments", "args", "parameters", "params", "input", "kwargs"})
_NO_VALUE = frozenset({"null", "none", "undefined", "n/a"})
_LISTED = re.compile(r"\s*[,;]\s*")
_BRACKETED = re.compile(r"^(?:#\s*\d+\s*)?\[([^\[\]\s]{1,64})\](?:\s.*)?$", re.DOTALL)
_NUMBERED = re.compile(r"^#\s+(\d+)$")


class Unclear(InvalidInput):
    """A value that could mean two things. ``path`` is where it stands."""

    def __init__(self, path: tuple[str | int, ...], value: object, why: str) -> None:
        super().__init__(why)
        self.path, self.value = path, value


def read_arguments(
    arguments: type[Arguments], given: Mapping[str, Any], *, currency: str
) -> dict[str, Any]:
    """The same call in the shape the schema asks for; what cannot be read stays as it is.

    Raises ``Unclear``. Nothing is made up: a value becomes what it says in another spelling, or
    validation refuses it.
    """
    schema = full_schema(arguments)
    read: dict[str, Any] = _Reader(currency).object(schema, _unwrapped(schema, given), ())
    return read


def _unwrapped(schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    """``{"arguments": {...}}`` is its content, unless the tool knows that argument."""
    if len(given) == 1:
        ((name, value),) = given.items()
        inner = _from_json(value) if isinstance(value, str) else value
        if name in _WRAPPERS - schema.get("properties", {}).keys() and isinstance(inner, dict):
            return inner
    return dict(given)


class _Reader:
    def __init__(self, currency: str) -> None:
        self._currency = currency

    def object(
        self, schema: Schema, given: dict[str, Any], path: tuple[str | int, ...]
    ) -> dict[str, Any]:
        properties: dict[str, Schema] = schema.get("properties", {})
        alone = len(given) == 1
        named = joined(schema, gathered(schema, renamed(schema, given)), self._currency)
        read = {}
        for name, value in named.items():
            part = properties.get(name)
            if part is None:
                # Another argument that says nothing does no harm; one that does is refused later.
                if not _says_nothing(value):
                    read[name] = value
                continue
            if value == "" and part.get("x-alone") and alone:
                read[name] = value
                continue
            optional = name not in schema.get("required", ())
            one = self.value(part, value, (*path, name), optional=optional)
            if one is not NOTHING:
                read[name] = one
        return read

    def value(
        self, schema: Schema, value: Json, path: tuple[str | int, ...], *, optional: bool
    ) -> Json:
        if optional and _says_nothing(value):
            return NOTHING
        match schema.get("type"):
            case "array":
                return self._list(schema, value, path, optional=optional)
            case "object":
                return self._inner(schema, value, path, optional=optional)
            case "number" | "integer":
                return self._number(schema, _only(value), path, optional=optional)
            case "string":
                return self._text(schema, _only(value), path, optional=optional)
        return _only(value)

    def _list(
        self, schema: Schema, value: Json, path: tuple[str | int, ...], *, optional: bool
    ) -> Json:
        inner = schema["items"]
        if isinstance(value, str):
            value = _listed(value, schema)
        elif isinstance(value, Mapping) or _is_number(value):
            value = [value]
        if not isinstance(value, list):
            return value
        read = [
            self.value(inner, _as_object(inner, one), (*path, place), optional=optional)
            for place, one in enumerate(value)
        ]
        kept = [one for one in read if one is not NOTHING]
        return kept if kept or not value else NOTHING

    def _inner(
        self, schema: Schema, value: Json, path: tuple[str | int, ...], *, optional: bool
    ) -> Json:
        value = _only(value)
        if isinstance(value, str):
            value = _from_json(value)
        if not isinstance(value, dict):
            return value
        read = self.object(schema, value, path)
        return read if read or not optional else NOTHING

    def _number(
        self, schema: Schema, value: Json, path: tuple[str | int, ...], *, optional: bool
    ) -> Json:
        if schema.get("x-kind") == "money":
            value = money_said(value)
        if not isinstance(value, str):
            return value
        if optional and value.strip().lower() in _NO_VALUE:
            return NOTHING
        try:
            if schema.get("x-kind") == "money":
                return read_money(value, self._currency)
            return read_number(value)
        except ValueError as error:
            raise Unclear(path, value, str(error)) from error

    def _text(
        self, schema: Schema, value: Json, path: tuple[str | int, ...], *, optional: bool
    ) -> Json:
        kind = schema.get("x-kind")
        if kind == "reference":
            value = _reference(value)
        if _is_number(value):
            value = f"{value:.4f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))
        if not isinstance(value, str):
            return value
        said = value.strip().lower()
        closed = "enum" in schema or kind in ("reference", "quantity")
        if optional and (said == "null" or (closed and said in _NO_VALUE)):
            # "none" may be one of the values.
            return value if said in schema.get("enum", ()) else NOTHING
        if "enum" in schema:
            return _one_of(schema["enum"], value)
        if kind != "quantity":
            return value
        try:
            return read_quantity(value)
        except ValueError as error:
            raise Unclear(path, value, str(error)) from error


def _reference(value: Json) -> Json:
    """``[P003]``, ``#2 [P003] ...`` and ``{"id": "P003"}`` name a product; ``# 2`` is ``#2``."""
    if isinstance(value, Mapping):
        ids = [value[name] for name in ("id", "product", "product_id") if name in value]
        if len(ids) == 1 and value.keys() <= {"id", "product", "product_id", "name", "title"}:
            value = ids[0]
    if not isinstance(value, str):
        return value
    if match := _BRACKETED.match(value.strip()):
        return match[1]
    match = _NUMBERED.match(value.strip())
    return f"#{match[1]}" if match else value


def _one_of(values: list[str], value: str) -> str:
    """The one that was meant, written in other case or with other joints between its words."""
    bare = _bare(value)
    return next((one for one in values if _bare(one) == bare), value)


def _bare(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", text).casefold()


def _listed(value: str, schema: Schema) -> Json:
    """A list that came as text: as JSON, or its entries with commas between them."""
    read = _from_json(value)
    if isinstance(read, list | dict):
        return read if isinstance(read, list) else [read]
    texts = schema["items"].get("type") == "string"
    if texts and schema.get("x-kind") != "whole":
        return [one for one in _LISTED.split(value.strip()) if one]
    return [value]


def _as_object(schema: Schema, value: Json) -> Json:
    """``"#1"`` where ``{"product": "#1"}`` is wanted and nothing else is needed."""
    if schema.get("type") != "object" or not isinstance(value, str):
        return value
    read = _from_json(value)
    if isinstance(read, dict):
        return read
    needed = schema.get("required", ())
    broken = value.lstrip()[:1] in ("{", "[") and not _BRACKETED.match(value.strip())
    # "2 milk" has a quantity in it that would be lost.
    if broken or len(needed) != 1 or re.search(r"(?<!#)\b\d+\b", value):
        return value
    return {needed[0]: value}


def _only(value: Json) -> Json:
    """The one entry of a list where no list is wanted."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _from_json(text: str) -> Json:
    if text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _is_number(value: object) -> bool:
    finite = isinstance(value, int) or (isinstance(value, float) and abs(value) < 10**15)
    return finite and not isinstance(value, bool)


def _says_nothing(value: object) -> bool:
    return value is None or value == {} or (isinstance(value, str) and not value.strip())
