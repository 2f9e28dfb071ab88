"""Takes house numbers, phone numbers and mail addresses out of turns that need them no more."""

import re
from collections.abc import Sequence
from typing import Any

from assistant.window import Part

CHECKOUT = "start_checkout"
_MAIL = re.compile(r"[^\s@<>(),;:\"']+@[^\s@<>(),;:\"']+\.\w+")
_PHONE = re.compile(r"(?<![\w@#.$\u20ac\u00a3-])\+?[\d(][\d\s().\-/]{5,24}\d(?![\w@])")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\b")
_FEWEST = 7
_STREET = re.compile(
    r"\b\d+[a-z]?(?=,?\s+(?:[\w.'-]+\s+){0,3}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|way|place|pl|square|sq|boulevard|"
    r"blvd|terrace|close|crescent|highway|parkway)\b)",
    re.IGNORECASE,
)
_FLAT = re.compile(r"\b(?:apartment|apt|flat|unit|suite|floor)\.?\s*#?\d+\w*", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\w/-]*")
_GONE = ".."


def mask_window(window: Sequence[Sequence[Part]], *, checking_out: bool) -> list[list[Part]]:
    """While a checkout is under way, what was typed for it since the last order stays."""
    if not checking_out:
        return [mask_turn(parts) for parts in window]
    ordered = max((place for place, one in enumerate(window) if _is_order(one)), default=-1)
    return [
        mask_turn(parts) if place <= ordered else list(parts) for place, parts in enumerate(window)
    ]


def mask_turn(parts: Sequence[Part]) -> list[Part]:
    typed = any(_gives_details(call) for part in parts for call in part.get("calls", ()))
    return [_masked(part, typed=typed) for part in parts]


def mask_text(text: str, *, typed: bool = False) -> str:
    """``typed``: it was said to answer a checkout, so any number in it may be a house's."""
    text = _MAIL.sub(_GONE, text)
    text = _PHONE.sub(_without_phone, text)
    text = _FLAT.sub(_GONE, _STREET.sub(_GONE, text))
    return _NUMBER.sub(_GONE, text) if typed else text


def _masked(part: Part, *, typed: bool) -> Part:
    if part["type"] == "calls":
        return {**part, "calls": [_masked_call(call) for call in part["calls"]]}
    if part["type"] == "tool":
        return part  # the shop's own words hold short forms only
    return {**part, "text": mask_text(part["text"], typed=typed and part["type"] == "user")}


def _masked_call(call: dict[str, Any]) -> dict[str, Any]:
    typed = call["name"] == CHECKOUT
    arguments = {
        name: mask_text(value, typed=typed and name in ("address", "contact"))
        if isinstance(value, str)
        else value
        for name, value in call["arguments"].items()
    }
    return {**call, "arguments": arguments}


def _gives_details(call: dict[str, Any]) -> bool:
    told = [call["arguments"].get(name) for name in ("address", "contact")]
    return call["name"] == CHECKOUT and any(told)


def _is_order(parts: Sequence[Part]) -> bool:
    blocks = [block for part in parts for block in part.get("blocks", ())]
    return any(block.get("type") == "order" for block in blocks) and not any(
        part["type"] == "calls" for part in parts
    )


def _without_phone(found: re.Match[str]) -> str:
    digits = sum(one.isdecimal() for one in found[0])
    return found[0] if digits < _FEWEST or _DATE.match(found[0]) else _GONE
