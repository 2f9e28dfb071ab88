"""What can be ordered of a cart right now, and how that is put to the shopper (pure)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from knowledge.carts.models import Cart
from knowledge.carts.quantities import counted, most_available, plain, quantity_text
from knowledge.catalog.models import Product
from knowledge.fulfilment.destinations import Destination
from knowledge.orders.confirmations import LONGEST
from knowledge.orders.wording import fitting, short_title, shortened
from knowledge.pricing.models import Quote, QuoteLine
from knowledge.pricing.pricing import Pricing

_CROWDED = 240
"""Characters of the question besides its lines; beyond it the tax is left to the card."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line the shop cannot fill; ``left`` zero means it is left out."""

    product: Product
    wanted: Decimal
    left: Decimal

    @property
    def text(self) -> str:
        if self.left:
            left = quantity_text(self.left, self.product)
            return f"only {left} of {short_title(self.product.title)} left"
        reason = "sold out" if self.product.listed else "no longer sold"
        return f"{short_title(self.product.title)} is {reason}"


@dataclass(frozen=True, slots=True)
class Offer:
    """A cart cut down to what there is, priced."""

    cart: Cart
    quote: Quote
    destination: Destination
    shortages: tuple[Shortage, ...] = ()

    @property
    def age_limit(self) -> int | None:
        """How old whoever takes it must be; None when that does not matter."""
        limits = (line.product.age_limit for line in self.quote.lines)
        return max((limit for limit in limits if limit), default=None)

    def shown(self) -> dict[str, Any]:
        """Exactly what the shopper is asked to say yes to; its hash is compared on the yes."""
        aged = {"age_limit": self.age_limit} if self.age_limit else {}
        return {
            "fulfilment": self.quote.fulfilment,
            "currency": self.quote.currency,
            "lines": [_shown_line(line) for line in self.quote.lines],
            "totals": [total.to_json() for total in self.quote.totals],
            "short": [[one.product.id, plain(one.left)] for one in self.shortages],
            **self.destination.shown(),
            **aged,
        }


def make_offer(cart: Cart, pricing: Pricing, quote: Quote, destination: Destination) -> Offer:
    """``quote`` is of the whole cart; what cannot be had is cut and priced again."""
    shortages, kept = [], []
    for line in quote.lines:
        left = most_available(line.product, line.line.quantity)
        if left < line.line.quantity:
            shortages.append(Shortage(line.product, line.line.quantity, left))
        if left:
            kept.append(replace(line.line, quantity=left))
    if not shortages:
        return Offer(cart, quote, destination)
    cut = replace(cart, lines=tuple(kept))
    again = pricing.quote(cut, quote.fulfilment, charges=quote.charges)
    return Offer(cut, again, destination, tuple(shortages))


def _shown_line(line: QuoteLine) -> dict[str, Any]:
    return {
        "line": line.line.id,
        "product": line.product.id,
        "title": line.product.title,
        "quantity": plain(line.line.quantity),
        "unit_price": str(line.unit_price),
        "total": str(line.total),
        "to_pay": str(line.to_pay),
    }


def line_text(line: QuoteLine) -> str:
    """Write "2 x Oat Drink 1 l" or "0.5 kg Bananas"."""
    product = line.product
    unit = None if product.sell_by == "each" else product.unit
    return counted(line.line.quantity, unit, short_title(product.title))


def list_lines(lines: tuple[QuoteLine, ...], room: int) -> str:
    """As many lines as fit, and how many more there are."""
    return fitting([line_text(line) for line in lines], room)


def offer_text(offer: Offer, *, lead: str = "", note: str = "") -> str:
    """The question itself, within what one text message holds."""
    quote = offer.quote
    pieces = plain(quote.pieces)
    noun = "item" if pieces == "1" else "items"
    total, how = quote.total.display(), _how(offer)
    head = f"Order {pieces} {noun}, total {total}{_tax_text(quote)}, {how}"
    tail = "Say yes to place the order, or no to keep shopping."
    if offer.age_limit:
        tail = f"ID for {offer.age_limit}+ at hand-over. {tail}"
    if len(head) + len(tail) > _CROWDED:
        head = f"Order {pieces} {noun}, total {total}, {how}"
    said = " ".join(part for part in (lead, _short_text(offer.shortages), note) if part)
    room = LONGEST - len(head) - len(tail) - 6
    if said:
        most = max(room - 30, 20)
        said = shortened(said, most)
        room -= len(said) + 1
    question = f"{head}: {list_lines(quote.lines, room)}. {tail}"
    return f"{said} {question}" if said else question


def _how(offer: Offer) -> str:
    """How it gets there, when and where to: "with delivery ($5.95) Tue Nov 24, 10 am-12 pm"."""
    quote, destination = offer.quote, offer.destination
    delivery, slot_fee = quote.amount("delivery"), quote.amount("fee")
    extra = f"slot {slot_fee.display()}" if slot_fee.amount else ""
    if quote.fulfilment == "pickup":
        how = f"for pickup ({extra})" if extra else "for pickup"
    elif delivery.amount:
        how = f"with delivery ({', '.join(part for part in (delivery.display(), extra) if part)})"
    else:
        how = f"with free delivery ({extra})" if extra else "with free delivery"
    when = f" {destination.slot_label}" if destination.slot_label else ""
    where = f" to {destination.address.short}" if destination.address else ""
    return f"{how}{when}{where}"


def _tax_text(quote: Quote) -> str:
    for total in quote.totals:
        if total.kind in {"tax", "included_tax"}:
            return f" incl. {total.amount.display()} {total.title.removeprefix('Includes ')}"
    return ""


def _short_text(shortages: tuple[Shortage, ...]) -> str:
    if not shortages:
        return ""
    text = "; ".join(one.text for one in shortages)
    return f"{text[0].upper()}{text[1:]}."
