"""Notes what happened in turns by code alone: products, searches, wishes, open questions."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.memory.ageing import products_in
from assistant.memory.summary import (
    LONGEST,
    MOST_PRODUCTS,
    Constraints,
    NotedProduct,
    Said,
    Summary,
    latest,
)
from assistant.window import Part

_SEARCHES = frozenset(
    ("search_catalog", "plan_basket", "plan_recipe", "recommend_products", "find_swaps")
)
_LATER = re.compile(
    r"\b(?:later|remind me|don'?t forget|do not forget|not sure|undecided|think about|let me think|"
    r"still (?:need|have|wonder)|come back to|ask (?:me|you) again|get back to)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_FEW = 3


def noted(before: Summary, turns: Sequence[Sequence[Part]]) -> Summary:
    """The summary with these turns added."""
    result = before
    for parts in turns:
        result = _add(result, parts)
    return result


def line_of(parts: Sequence[Part]) -> str:
    """One turn in a line: what was said, what was done, and which products it was about."""
    calls = ", ".join(dict.fromkeys(call["name"] for call in _calls(parts)))
    products = "; ".join(
        f"{one['id']} {one['title']}" for one in list(products_in(parts).values())[:_FEW]
    )
    pieces = [_short(_said(parts)), f"did: {calls}" if calls else "", products]
    return " | ".join(piece for piece in pieces if piece)


def _add(before: Summary, parts: Sequence[Part]) -> Summary:
    said = _said(parts)
    calls = list(_calls(parts))
    names = {call["name"] for call in calls}
    wishes = [_short(said)] if names & _SEARCHES and said else []
    products, decided = _products(parts)
    kept = {one.id: one for one in before.products}
    for one in products:
        if one.why or one.id not in kept:
            kept.pop(one.id, None)
            kept[one.id] = one
    return before.model_copy(
        update={
            "wishes": latest([*before.wishes, *wishes]),
            "decided": latest([*before.decided, *decided]),
            "products": _bounded(list(kept.values())),
            "constraints": _constraints(before.constraints, calls),
            "open_questions": latest([*before.open_questions, *_open(said, names)]),
        }
    )


def _said(parts: Sequence[Part]) -> str:
    return " ".join(part["text"] for part in parts if part["type"] == "user").strip()


def _calls(parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    """Those that worked."""
    fine = {part["call_id"] for part in parts if part["type"] == "tool" and part["ok"]}
    for part in parts:
        if part["type"] == "calls":
            yield from (call for call in part["calls"] if call["id"] in fine)


def _products(parts: Sequence[Part]) -> tuple[list[NotedProduct], list[str]]:
    changes = {
        change["product"]: change["kind"]
        for part in parts
        for block in part.get("blocks", ())
        for change in block.get("changes") or ()
        if isinstance(change, dict) and "product" in change
    }
    about = [(one["id"], one["title"], one.get("size")) for one in products_in(parts).values()]
    found, decided = [], []
    shown = 0
    for product_id, title, size in about:
        kind = changes.get(product_id)
        if kind is None:
            shown += 1
            if shown > _FEW:
                continue
        why = "" if kind is None else f"{kind} in the cart"
        found.append(NotedProduct(id=product_id, title=title, size=size, why=why))
        if kind == "removed":
            decided.append(_short(f"took out {title}"))
    return found, decided


def _bounded(products: list[NotedProduct]) -> list[NotedProduct]:
    """Those something was done with stay longest."""
    while len(products) > MOST_PRODUCTS:
        idle = next((one for one in products if not one.why), products[0])
        products = [one for one in products if one is not idle]
    return products


def _constraints(before: Constraints, calls: Sequence[dict[str, Any]]) -> Constraints:
    budget, diets, allergens = before.budget, list(before.diets), list(before.allergens)
    for call in calls:
        arguments = call["arguments"]
        if call["name"] == "set_budget":
            amount = arguments.get("amount")
            budget = f"{amount} per {arguments.get('period') or 'trip'}" if amount else None
        elif call["name"] == "set_preferences":
            who = arguments.get("member") or "me"
            diets += [Said(what=one, who=who) for one in arguments.get("diets") or ()]
            allergens += [Said(what=one, who=who) for one in arguments.get("allergens") or ()]
            gone = {str(one).lower() for one in arguments.get("forget") or ()}
            diets = [one for one in diets if not _is_gone(one, who, gone, "diets")]
            allergens = [one for one in allergens if not _is_gone(one, who, gone, "allergens")]
    return Constraints(budget=budget, diets=_each(diets), allergens=_each(allergens))


def _is_gone(one: Said, who: str, gone: set[str], kind: str) -> bool:
    return one.who == who and bool(gone & {one.what.lower(), kind, "everything"})


def _each(said: list[Said]) -> list[Said]:
    return list({(one.what, one.who): one for one in said}.values())


def _open(said: str, names: set[str]) -> list[str]:
    """What the shopper put off, and what was asked and nothing was looked up for."""
    sentences = _SENTENCES.split(said)
    return [
        _short(one) for one in sentences if _LATER.search(one) or (one.endswith("?") and not names)
    ]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1].rstrip()}\u2026"
