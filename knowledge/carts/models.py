"""What a cart is: numbered lines, a version, and what a change to it says."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from knowledge.errors import NotFound
from knowledge.ids import line_id

Substitution = Literal["similar", "ask", "none"]
"""What the shop does when a line has run out: take something similar, ask, or leave it out."""
ChangeKind = Literal["added", "changed", "removed", "swapped", "restored", "substitution"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something, and through which channel."""

    shopper_id: str
    channel: str


@dataclass(frozen=True, slots=True)
class CartLine:
    """One product in a cart. ``number`` is never given to another line of the cart."""

    number: int
    product_id: str
    quantity: Decimal
    added_at: datetime
    added_by: str | None = None
    substitution: Substitution = "ask"
    note: str | None = None
    for_members: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return line_id(self.number)

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "product_id": self.product_id,
            "quantity": f"{self.quantity:f}",
            "added_at": self.added_at.isoformat(),
            "added_by": self.added_by,
            "substitution": self.substitution,
            "note": self.note,
            "for_members": list(self.for_members),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "CartLine":
        return cls(
            number=stored["number"],
            product_id=stored["product_id"],
            quantity=Decimal(stored["quantity"]),
            added_at=datetime.fromisoformat(stored["added_at"]),
            added_by=stored["added_by"],
            substitution=stored["substitution"],
            note=stored["note"],
            for_members=tuple(stored["for_members"]),
        )


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart as it stands at ``version``."""

    id: str
    version: int
    lines: tuple[CartLine, ...] = ()
    coupons: tuple[str, ...] = ()
    next_line: int = 1

    def holding(self, product_id: str) -> CartLine | None:
        """The line of a product; a product has at most one."""
        return next((line for line in self.lines if line.product_id == product_id), None)

    def line(self, reference: str) -> CartLine:
        """The line with an id such as ``c1``. Raises ``NotFound``."""
        for line in self.lines:
            if line.id == reference:
                return line
        raise NotFound(f"The cart has no line {reference}.")


@dataclass(frozen=True, slots=True)
class LineChanged:
    """What happened to one line; ``replaced`` is the product a swap took out.

    ``substitution`` is the new rule when it is that which changed.
    """

    kind: ChangeKind
    line: str
    product_id: str
    before: Decimal | None
    quantity: Decimal | None
    replaced: str | None = None
    substitution: str | None = None
