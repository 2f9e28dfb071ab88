"""Takes out of suppliers' texts what steers a terminal or a reader unseen, and links in names."""

import re
from dataclasses import replace
from typing import Any

from knowledge.catalog.models import Product

# Sequences of terminals, control signs, marks of direction and tags. Joiners stay: some scripts
# and emoji are written with them.
_UNSEEN = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\].*?(?:\x07|\x1b\\))"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    r"|[\U000e0000-\U000e007f]"
)
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+", re.IGNORECASE)


def readable(product: Product) -> Product:
    """The same product, as people should read it."""
    texts = {
        "title": _name(product.title),
        "brand": _name(product.brand),
        "size": _plain(product.size),
        "unit": _plain(product.unit),
        "origin": _plain(product.origin),
        "description": _plain(product.description),
        "ingredients": _plain(product.ingredients),
    }
    labels = tuple(_plain(one) or "" for one in product.labels)
    changed: dict[str, Any] = {
        name: text for name, text in texts.items() if text != getattr(product, name)
    }
    if labels != product.labels:
        changed["labels"] = labels
    return replace(product, **changed) if changed else product


def _plain(text: str | None) -> str | None:
    if text is None or (text.isascii() and text.isprintable()):
        return text
    return _UNSEEN.sub("", text)


def _name(text: str | None) -> str | None:
    plain = _plain(text)
    if plain is None or ("://" not in plain and "www." not in plain.casefold()):
        return plain
    return " ".join(_LINK.sub("", plain).split()) or "-"
