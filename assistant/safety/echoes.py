"""Keeps what a model wrote into a call from coming back as a fact of the shop."""

import re
from collections.abc import Iterator
from typing import Any

# A link, money, a share, a stock figure: what a sentence could lean on.
_CLAIM = re.compile(
    r"https?://|www\.|\w\.(?:com|net|org|io|shop|store|xyz|info|biz|ru|cn|app|link|ly)\b"
    r"|[$€£¥]\s?\d|\d\s?(?:[$€£¥%]|dollars?|euros?|pounds?|cents?|usd|eur|gbp|percent)"
    r"|(?:usd|eur|gbp|only|just|at most)\s?\d|\b\d+\s+(?:left|in stock|available|of\s+\d|out of)"
    r"|co2|grade|stars?\b|\boff\b",
    re.IGNORECASE,
)
_LEAST = 4
_SEED = 8
_SURELY = 24
"""So many signs alike are an echo, even where it goes on otherwise."""


def claims_in(name: str, arguments: object) -> list[str]:
    """The texts of a call, names of arguments among them, that claim something."""
    texts = [name, *_texts(arguments)]
    return [text for text in texts if len(text) >= _LEAST and _CLAIM.search(text)]


def without(claims: list[str], told: Any) -> Any:  # noqa: ANN401 - any JSON
    """What a tool told, less what it only repeats of the call, also where it was cut short."""
    if not claims:
        return told
    if isinstance(told, str):
        for claim in claims:
            told = _less(told, claim)
        return told
    if isinstance(told, dict):
        return {name: without(claims, value) for name, value in told.items()}
    if isinstance(told, list):
        return [without(claims, value) for value in told]
    return told


def _less(text: str, claim: str) -> str:
    """Compared by letters and digits alone: tools write what they repeat in their own way."""
    wanted, _ = _bare(claim)
    seed = wanted[:_SEED]
    at = 0
    while seed:
        bare, places = _bare(text)
        at = bare.find(seed, at)
        if at < 0:
            break
        same = len(seed)
        while bare[at + same : at + same + 1] == wanted[same : same + 1] != "":
            same += 1
        end = places[at + same - 1] + 1
        if same == len(wanted) or same >= _SURELY or text[end : end + 1] == "\u2026":
            text = text[: places[at]] + text[end:]
        else:
            at += 1
    return text


def _bare(text: str) -> tuple[str, list[int]]:
    """Letters and digits in lower case, and where in the text each stands."""
    kept = [(sign.lower()[0], place) for place, sign in enumerate(text) if sign.isalnum()]
    return "".join(sign for sign, _ in kept), [place for _, place in kept]


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for name, value in node.items():
            yield str(name)
            yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)
