"""Keeps what is said of carts and orders within its room (pure)."""

from collections.abc import Sequence

_TITLE = 48


def short_title(title: str) -> str:
    return shortened(title, _TITLE)


def shortened(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}\u2026"


def fitting(texts: Sequence[str], room: int) -> str:
    """As many texts as fit, and how many more there are."""
    for count in range(len(texts), 0, -1):
        rest = len(texts) - count
        text = ", ".join(texts[:count]) + (f" and {rest} more" if rest else "")
        if len(text) <= room:
            return text
    return f"{len(texts)} products"
