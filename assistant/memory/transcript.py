"""Turns as text for the model that writes notes of them: shortened, without prices and contacts."""

from collections.abc import Sequence

from assistant.memory.ageing import aged, products_in
from assistant.memory.masking import mask_turn
from assistant.memory.summary import Summary
from assistant.window import Part

_SAID = 600
_PRODUCTS = 8


def for_notes(turns: Sequence[Sequence[Part]]) -> list[list[Part]]:
    """The turns as notes may be made of them."""
    return [mask_turn(aged(parts)) for parts in turns]


def transcript(before: Summary, turns: Sequence[Sequence[Part]], *, first: int) -> str:
    told = [f"Notes so far:\n{before.written()}\n"]
    for number, parts in enumerate(turns, first):
        told.append(f"Turn {number}")
        told += [line for part in parts for line in _lines(part)]
    return "\n".join(told)


def _lines(part: Part) -> list[str]:
    match part["type"]:
        case "user":
            return [f"shopper: {part['text'][:_SAID]}"]
        case "calls":
            return [f"did: {one['name']} {one['arguments']}"[:_SAID] for one in part["calls"]]
        case "answer":
            return [f"assistant: {part['text'][:_SAID]}"]
    products = list(products_in([part]).values())[:_PRODUCTS]
    return [
        f"showed: {one['id']} | {one['title']} | {one.get('size') or 'no size'}" for one in products
    ]
