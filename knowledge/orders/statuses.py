"""The life of an order: which status follows which, and in which words (pure)."""

from typing import Literal, get_args

from knowledge.errors import Conflict, InvalidInput

OrderStatus = Literal[
    "placed", "accepted", "picking", "ready", "out_for_delivery", "handed_over", "cancelled"
]
STATUSES: tuple[OrderStatus, ...] = get_args(OrderStatus)
BEFORE_PICKING: frozenset[OrderStatus] = frozenset({"placed", "accepted"})
"""While an order has one of these the shopper may cancel or change it."""
BEFORE_HANDOVER: frozenset[OrderStatus] = frozenset(STATUSES) - {"handed_over", "cancelled"}
"""While an order has one of these the owner may cancel it."""

_NEXT: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    "placed": ("accepted", "picking"),
    "accepted": ("picking",),
    "picking": ("ready", "out_for_delivery"),
    "ready": ("handed_over",),
    "out_for_delivery": ("handed_over",),
    "handed_over": (),
    "cancelled": (),
}
_ONLY_FOR: dict[OrderStatus, str] = {"ready": "pickup", "out_for_delivery": "delivery"}
_WORDS: dict[OrderStatus, str] = {
    "placed": "placed",
    "accepted": "accepted by the shop",
    "picking": "being picked",
    "ready": "ready for pickup",
    "out_for_delivery": "out for delivery",
    "cancelled": "cancelled",
}


class StatusRefused(Conflict):
    """An order cannot go from the status it has to the one that was asked for."""

    def __init__(self, number: str, status: str, fulfilment: str, wanted: str) -> None:
        steps = next_statuses(status, fulfilment)
        after = f"What can follow is {' or '.join(steps)}." if steps else "Nothing can follow."
        super().__init__(
            f"Order {number} is {status}, so it cannot become {wanted} ({fulfilment}). {after}"
        )


def read_status(text: str) -> OrderStatus:
    """Read "out for delivery" or "out-for-delivery". Raises ``InvalidInput``."""
    name = text.strip().lower().replace(" ", "_").replace("-", "_")
    if name not in STATUSES:
        raise InvalidInput(f"{text!r} is no status of an order; it is one of {list_statuses()}.")
    return name


def list_statuses() -> str:
    return ", ".join(STATUSES)


def next_statuses(status: str, fulfilment: str) -> tuple[OrderStatus, ...]:
    """What an owner can make of an order, besides cancelling it."""
    following = _NEXT[read_status(status)]
    return tuple(one for one in following if _ONLY_FOR.get(one, fulfilment) == fulfilment)


def previous_statuses(wanted: OrderStatus, fulfilment: str) -> frozenset[OrderStatus]:
    """From which an order can become ``wanted``."""
    return frozenset(one for one in STATUSES if wanted in next_statuses(one, fulfilment))


def can_cancel(status: str) -> bool:
    """Whether the shopper may still cancel or change an order."""
    return status in BEFORE_PICKING


def status_words(status: str, fulfilment: str) -> str:
    """For people: "ready for pickup", "delivered"."""
    if status == "handed_over":
        return "collected" if fulfilment == "pickup" else "delivered"
    return _WORDS[read_status(status)]
