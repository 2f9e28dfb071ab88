"""What a tool is given besides its arguments: identity, clock, transaction, shown lists."""

from dataclasses import dataclass
from datetime import datetime

from knowledge.errors import NotFound, ProductNotFound
from knowledge.ids import line_number
from knowledge.shop import Shop
from knowledge.work import Work
from tools.shown import ShownList


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
            if not text[1:].isdigit():
                raise ProductNotFound(reference)
            return self.shown.find(int(text[1:])).product_id
        number = line_number(text)
        if number is not None:
            for line in self.work.carts.get(self.cart_id).lines:
                if line.id == text:
                    return line.product_id
            if self.work.catalog.find(text) is None:
                raise NotFound(f"The cart has no line {text}.")
        if self.work.catalog.find(text) is None:
            raise ProductNotFound(reference)
        return text
