"""What a saved list is, and how it is called."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from knowledge.carts.quantities import plain
from knowledge.errors import InvalidInput
from knowledge.own_words import only_a_name

USUAL = "usual"
"""The list nobody writes: it is made from past orders."""
LONGEST_NAME = 60
_LEADING = re.compile(r"^(?:my|the|our)\s+(?=\S)", re.IGNORECASE)
_TRAILING = re.compile(r"(?<=\S)\s+(?:shopping\s+)?list$", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f<>{}|`]")
_USUAL = frozenset({"usual", "usuals", "usual shop", "usual order", "usual things", "usual stuff"})


@dataclass(frozen=True, slots=True)
class ListItem:
    product_id: str
    quantity: Decimal

    def to_json(self) -> dict[str, str]:
        return {"product": self.product_id, "quantity": plain(self.quantity)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ListItem":
        return cls(stored["product"], Decimal(stored["quantity"]))


@dataclass(frozen=True, slots=True)
class SavedList:
    """A named list of products. ``id`` and ``updated_at`` are None for what was worked out."""

    name: str
    items: tuple[ListItem, ...]
    id: str | None = None
    updated_at: datetime | None = None


def list_key(name: str) -> str:
    """The same for "Weekly", "my weekly" and "the weekly shopping list"."""
    return _bare(name).casefold()


def is_usual(name: str) -> bool:
    return list_key(name) in _USUAL


def clean_list_name(name: str) -> str:
    """A name as it is kept. Raises ``InvalidInput``, also for the name of the usual."""
    kept = only_a_name(_bare(_UNSEEN.sub(" ", name)))
    if not kept or len(kept) > LONGEST_NAME:
        raise InvalidInput(f"Give the list a name of up to {LONGEST_NAME} letters.")
    if is_usual(kept):
        raise InvalidInput(
            "The usual is made from past orders and cannot be written; take another name."
        )
    return kept


def _bare(name: str) -> str:
    kept = " ".join(name.strip(" .,!?\"'").split())
    return _TRAILING.sub("", _LEADING.sub("", kept))
