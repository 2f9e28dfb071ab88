"""Says that an order is placed: where, when, for how much, and what to have at hand (pure)."""

from knowledge.fulfilment.models import Address, PlainAddress
from knowledge.orders.models import Order


def placed_text(order: Order) -> str:
    count = len(order.lines)
    noun = "product" if count == 1 else "products"
    slot = f" {order.details['slot']['label']}" if order.details.get("slot") else ""
    how = "for pickup" if order.fulfilment == "pickup" else "for delivery"
    total = order.total.display()
    said = [
        f"Order {order.number} is placed {how}{slot}{_where(order)}: {count} {noun}, total {total}."
    ]
    if order.age_limit:
        said.append(f"Whoever takes it shows an ID: {order.age_limit} or older.")
    pickup = order.details.get("pickup")
    if pickup:
        hours = f" ({pickup['hours']})" if pickup.get("hours") else ""
        said.append(f"Collect it at {pickup['place']}{hours}.")
        minutes = pickup.get("ready_minutes")
        if minutes and not slot:
            said.append(f"It is usually ready within {_span(minutes)}.")
    return " ".join(said)


def address_short(order: Order) -> str | None:
    """The address of an order as texts say it, without numbers; None for a pickup."""
    stored = order.details.get("address")
    if not stored:
        return None
    place = {key: value for key, value in stored.items() if key != "name"}
    place["lines"] = tuple(place["lines"])
    return Address("", stored["name"], PlainAddress(**place)).short


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"{minutes} minutes"
    return "an hour" if hours == 1 else f"{hours} hours"


def _where(order: Order) -> str:
    short = address_short(order)
    return f" to {short}" if short else ""
