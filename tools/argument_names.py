"""Other names that models give arguments, and arguments they leave one level too high."""

import re
from typing import Any

from tools.schema import Schema


def renamed(schema: Schema, given: dict[str, Any]) -> dict[str, Any]:
    """With the names of the schema where another name can only mean one of them.

    Two names for the same argument stay as they are, unless they say the same.
    """
    properties = schema.get("properties", {})
    read = {name: value for name, value in given.items() if name in properties}
    others = {name: value for name, value in given.items() if name not in properties}
    meant = {name: _meant(properties, name) for name in others}
    for name, value in others.items():
        target = meant[name]
        rivals = [one for one in others if meant[one] == target]
        same = all(others[one] == value for one in rivals)
        free = target not in read or _empty(read[target]) or read[target] == value
        if target is not None and same and free:
            read[target] = value
        else:
            read[name] = value
    return read


def gathered(schema: Schema, given: dict[str, Any]) -> dict[str, Any]:
    """``{"product": "#1", "quantity": 2}`` becomes the one item it describes.

    Only where all strange names belong to the same argument, which was not given otherwise.
    """
    properties: dict[str, Schema] = schema.get("properties", {})
    strays = {name: one for name, one in given.items() if name not in properties and one != ""}
    if not strays:
        return given
    fitting = []
    for name, part in properties.items():
        inner = part.get("items", {}) if part.get("type") == "array" else part
        if not _empty(given.get(name)) or inner.get("type") != "object":
            continue
        entry = renamed(inner, strays)
        if entry.keys() <= inner["properties"].keys() >= set(inner.get("required", ())) and set(
            inner.get("required", ())
        ) <= {key for key, value in entry.items() if not _empty(value)}:
            fitting.append((name, [entry] if part.get("type") == "array" else entry))
    if len(fitting) != 1:
        return given
    kept = {name: one for name, one in given.items() if name in properties}
    return {**kept, fitting[0][0]: fitting[0][1]}


def joined(schema: Schema, given: dict[str, Any], currency: str) -> dict[str, Any]:
    """``{"quantity": 2, "unit": "kg"}`` as "2 kg"; the shop's own currency is not said twice."""
    properties: dict[str, Schema] = schema.get("properties", {})
    strays = given.keys() - properties
    if "currency" in strays and str(given["currency"]).upper() == currency:
        money = any(properties.get(name, {}).get("x-kind") == "money" for name in given)
        given = {name: one for name, one in given.items() if name != "currency" or not money}
    if "unit" in strays and properties.get("quantity", {}).get("x-kind") == "quantity":
        said = f"{given.get('quantity')} {given['unit']}"
        if re.fullmatch(r"\d+(?:\.\d+)? [A-Za-z]+", said):
            given = {name: one for name, one in given.items() if name != "unit"}
            given["quantity"] = said
    return given


def _meant(properties: dict[str, Schema], name: str) -> str | None:
    bare = _bare(name)
    for one in properties:
        if _bare(one) in (bare, f"{bare}s", bare.removesuffix("s")):
            return one
    for one, part in properties.items():
        if any(_bare(also) == bare for also in _also(part)):
            return one
    return None


def _also(part: Schema) -> tuple[str, ...]:
    return tuple(part.get("x-also", ()))


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _empty(value: object) -> bool:
    return value in (None, "", [], {})
