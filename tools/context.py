"""What a tool is given besides its arguments: identity, clock, transaction, shown lists."""

from dataclasses import dataclass
from datetime import datetime

from knowledge.errors import NotFound, ProductNotFound
from knowledge.ids import line_number
from knowledge.shop import Shop
from knowledge.work import Work
from tools.shown import ShownList

_MOST = 12


@dataclass(frozen=True, slots=True)
class ToolContext:
    """Identity comes from the session, never from arguments.

    ``consent`` is the id of a confirmation that code has consumed; no tool can make one.
    """

    shop: Shop
    work: Work
    shopper_id: str
    cart_id: str
    channel: str
    shown: ShownList
    now: datetime
    conversation_id: str | None = None
    turn_id: str | None = None
    locale: str = "en-US"
    consent: str | None = None

    def product_id(self, reference: str) -> str:
        """The product meant by an id, ``#n`` or ``cN``. Raises ``NotFound``."""
        text = reference.strip()
        if text.startswith("#"):
            if not text[1:].isdecimal():
                raise self.unknown(reference)
            return self.shown.find(int(text[1:])).product_id
        if self.work.catalog.find(text) is not None and line_number(text) is None:
            return text
        number = line_number(text.lower())
        if number is not None:
            lines = self.work.carts.get(self.cart_id).lines
            for line in lines:
                if line.id == text.lower():
                    return line.product_id
            if self.work.catalog.find(text) is None:
                known = ", ".join(line.id for line in lines[:_MOST]) or "it is empty"
                raise NotFound(f"The cart has no line {text}: {known}.")
            return text
        titled = self.shown.titled(text)
        if len(titled) != 1:
            raise self.unknown(reference)
        return titled.pop()

    def unknown(self, reference: str) -> ProductNotFound:
        """Name what was shown and comes nearest, or say to search for it."""
        error = ProductNotFound(reference)
        near = self.shown.nearest(reference)
        rest = "Search for it first."
        if near is not None:
            rest = f"Nearest shown: #{near.number} {near.title}. If that is not it, search first."
        error.args = (f"{error} {rest}",)
        return error
