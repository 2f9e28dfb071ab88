"""Takes out of an old turn what may no longer hold: prices, stock, scores."""

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.grounding.amounts import find_amounts
from assistant.window import Part
from prompts import load_wording

_KEPT = ("brand", "size", "category")


def aged(parts: Sequence[Part]) -> list[Part]:
    """The turn with the names of what it showed, and with no figure of the shop's."""
    return [_aged(part) for part in parts]


def products_in(parts: Sequence[Part]) -> dict[str, dict[str, Any]]:
    """Products a turn showed by their ids, each with title and, where told, brand and size."""
    found: dict[str, dict[str, Any]] = {}
    for part in parts:
        for node in _products(part.get("blocks", [])):
            key = str(node.get("product") or node["id"])
            told = {name: node[name] for name in _KEPT if isinstance(node.get(name), str)}
            found[key] = {**found.get(key, {}), "id": key, "title": node["title"], **told}
    return found


def without_amounts(text: str) -> str:
    """Amounts of money become a mark that says that they were left out."""
    mark = load_wording("memory")["price_of_then"]
    for one in sorted(find_amounts(text), key=lambda amount: amount.start, reverse=True):
        text = text[: one.start] + mark + text[one.start + len(one.text) :]
    return text


def _aged(part: Part) -> Part:
    if part["type"] not in ("tool", "answer"):
        return part
    products = list(products_in([part]).values())
    # Apart from each other: these are no list that is in view.
    blocks = [{"type": "product", "product": product} for product in products]
    if part["type"] == "answer":
        return {**part, "text": without_amounts(part["text"]), "blocks": blocks}
    lines = [load_wording("memory")["of_then"]]
    lines += [f"{one['id']}: {one['title']}" for one in products]
    return {**part, "text": "\n".join(lines), "blocks": blocks}


def _products(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(node, list):
        for item in node:
            yield from _products(item)
    elif isinstance(node, dict):
        key = node.get("product") or node.get("id")
        if isinstance(node.get("title"), str) and isinstance(key, str) and "type" not in node:
            yield node
        for value in node.values():
            yield from _products(value)
