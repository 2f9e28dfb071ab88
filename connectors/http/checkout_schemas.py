"""What requests and answers of checkout, addresses, slots and coupons are made of."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from connectors.http.schemas import Request, Response
from tools.blocks import CartView, Option
from tools.order_shapes import SlotView
from tools.view import CartTotals

_LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_TYPED = r"^[^\x00]*[^\s\x00][^\x00]*$"
Line = Annotated[str, Field(min_length=1, max_length=100, pattern=_LINE)]


class AddressRequest(Request):
    """Either ``text`` as people type it, or its parts. ``country`` left out is the shop's."""

    text: Annotated[str, Field(max_length=300, pattern=_TYPED)] | None = None
    lines: Annotated[list[Line], Field(min_length=1, max_length=4)] | None = None
    postal_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{1,9}$")] | None = None
    city: Line | None = None
    region: Line | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    phone: Annotated[str, Field(min_length=5, max_length=32, pattern=_LINE)] | None = None

    @model_validator(mode="after")
    def _one_way_or_the_other(self) -> Self:
        parts = (self.lines, self.postal_code, self.city)
        if self.text is None and None in parts:
            message = "give text, or lines, postal_code and city"
            raise ValueError(message)
        if self.text is not None and any(part is not None for part in (*parts, self.region)):
            message = "give text or the parts of the address, not both"
            raise ValueError(message)
        return self


class SavedAddress(Response):
    """``short`` is how texts name it; ``delivered`` whether the shop comes there."""

    name: str
    lines: list[str]
    postal_code: str
    city: str
    region: str | None
    country: str
    phone: str | None
    short: str
    delivered: bool


class SavedAddresses(Response):
    items: list[SavedAddress]


class OpenSlots(Response):
    """``zone`` is where the postal code lies; null without one, or where there are no zones."""

    zone: str | None
    items: list[SlotView]


class CheckoutRequest(Request):
    """What is left out stays as it was said before."""

    fulfilment: Literal["pickup", "delivery"] | None = None
    address: Annotated[str, Field(max_length=300, pattern=_TYPED)] | None = None
    """As typed, or the name of a saved one."""
    slot: Annotated[str, Field(max_length=120, pattern=_TYPED)] | None = None
    """An id, or words such as "tomorrow evening"."""
    contact: Annotated[str, Field(max_length=254, pattern=_TYPED)] | None = None


class Checkout(Response):
    """How far a checkout is. ``question`` asks for what is ``missing``; null when nothing is."""

    fulfilment: Literal["pickup", "delivery"]
    address: str | None
    address_short: str | None
    zone: str | None
    slot: SlotView | None
    contact: str | None
    missing: Literal["address", "minimum", "slot", "contact"] | None
    question: str | None
    choices: list[Option]
    totals: CartTotals
    currency: str


class CouponResult(Response):
    """``text`` says what it does, or what it still wants."""

    text: str
    cart: CartView
