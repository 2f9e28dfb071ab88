"""Orders as people are shown them: lines, slot, history, returns."""

from typing import Annotated, Literal

from pydantic import Field

from tools.view import CartTotals, Fact, LeftOut, View


class OrderLineView(View):
    product: str
    title: str
    quantity: str
    unit_price: str
    total: str
    unit: LeftOut = None
    """What the quantity is in, such as kg; left out for pieces."""


class OrderEventView(View):
    """A step of an order, who made it, and what the shop noted."""

    status: str
    at: str
    by: Literal["you", "shop"]
    note: str | None = None


class OrderReturnView(View):
    """``why`` is the shopper's word; ``refund`` is what the shop says it paid back."""

    status: Literal["requested", "approved", "refused", "refunded"]
    requested_at: str
    why: str
    lines: list[Fact]
    """Title and quantity."""
    refund: str | None = None
    note: str | None = None


class SlotView(View):
    """A window in which an order is handed over; ``fee`` is on top of delivery."""

    id: str
    fulfilment: Literal["pickup", "delivery"]
    label: str
    starts_at: str
    ends_at: str
    fee: str
    left: Annotated[int | None, Field(exclude_if=lambda left: left is None)] = None


class OrderView(View):
    """``history`` is given where one order is asked for, ``returns`` where there are any."""

    id: str
    number: str
    status: str
    placed_at: str
    fulfilment: str
    lines: list[OrderLineView]
    totals: CartTotals
    total: str
    currency: str
    can_cancel: bool = False
    """Whether the shopper may still cancel or change it."""
    slot: Annotated[SlotView | None, Field(exclude_if=lambda slot: slot is None)] = None
    address: LeftOut = None
    """In short, without house numbers."""
    contact: LeftOut = None
    """Masked: "..89"."""
    pickup_place: LeftOut = None
    age_limit: Annotated[int | None, Field(exclude_if=lambda age: age is None)] = None
    """How old whoever takes it must be, shown by an ID."""
    history: Annotated[
        list[OrderEventView] | None, Field(exclude_if=lambda value: value is None)
    ] = None
    returns: Annotated[list[OrderReturnView] | None, Field(exclude_if=lambda value: not value)] = (
        None
    )
