"""Carts and orders in a terminal: lines, what makes up the total, and what happened so far."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from connectors.cli.tables import table
from tools.blocks import CartBlock, CartLineView, OrderBlock
from tools.order_shapes import OrderView
from tools.view import CartTotals

_RULES = {"similar": "similar if sold out", "none": "nothing instead if sold out"}


def cart(block: CartBlock) -> RenderableType | None:
    """The whole cart; nothing when the text already tells what changed in it."""
    if block.changes or not block.cart.lines:
        return None
    drawn = table("", "In the cart", "Each", "Total", "")
    for line in block.cart.lines:
        unit = f" {line.unit}" if line.unit and line.unit != "piece" else ""
        drawn.add_row(
            f"{line.quantity}{unit}",
            escape(line.title),
            line.unit_price,
            line.total,
            escape(_remarks(line)),
        )
    _add_totals(drawn, block.cart.totals, block.cart.coupons)
    return drawn


def _remarks(line: CartLineView) -> str:
    parts = [
        "" if line.in_stock else "sold out",
        f"for {', '.join(line.for_members)}" if line.for_members else "",
        _RULES.get(line.substitution, ""),
        *(f"{one.title} {one.amount}" for one in line.adjustments),
    ]
    return ", ".join(filter(None, parts))


def _add_totals(drawn: Table, totals: CartTotals, coupons: Sequence[str] = ()) -> None:
    drawn.add_section()
    parts = ["discount", "delivery", "deposit", "tax", "fee"]
    amounts = [(name, getattr(totals, name)) for name in parts]
    shown = [("items", totals.items)] if totals.items != totals.total else []
    for name, amount in [*shown, *((name, one) for name, one in amounts if one is not None)]:
        drawn.add_row("", f"[dim]{name}[/]", "", amount)
    drawn.add_row("", "[bold]total[/]", "", f"[bold]{totals.total}[/]")
    if totals.included_tax is not None:
        drawn.add_row("", "[dim]tax included[/]", "", f"[dim]{totals.included_tax}[/]")
    if coupons:
        drawn.caption = f"coupon {escape(', '.join(coupons))}"


def orders(block: OrderBlock) -> RenderableType:
    if not block.orders:
        return "[dim]no orders yet[/]"
    return Group(*(_order(order) for order in block.orders))


def _order(order: OrderView) -> Table:
    drawn = table("", "", "Each", "Total", title=f"Order {order.number}: {order.status}")
    drawn.show_header = False
    for line in order.lines:
        drawn.add_row(line.quantity, escape(line.title), line.unit_price, line.total)
    _add_totals(drawn, order.totals)
    drawn.caption = "\n".join(escape(text) for text in _about(order))
    return drawn


def _about(order: OrderView) -> list[str]:
    """How it is handed over, then its history and returns, a line for each."""
    where = order.address or order.pickup_place
    when = order.slot.label if order.slot else None
    handed = [order.fulfilment, when, where, f"contact {order.contact}" if order.contact else None]
    lines = [", ".join(filter(None, handed))]
    if order.age_limit:
        lines.append(f"bring an ID: {order.age_limit} or older")
    for event in order.history or []:
        by = ", by you" if event.by == "you" else ""
        note = f": {event.note}" if event.note else ""
        lines.append(f"{event.at[:16].replace('T', ' ')} {event.status}{by}{note}")
    for one in order.returns or []:
        what = ", ".join(f"{line.value} x {line.name}" for line in one.lines)
        refund = f", {one.refund} {order.currency} back" if one.refund else ""
        lines.append(f"return {one.status}: {what}{refund}")
    if order.can_cancel:
        lines.append(f'say "cancel order {order.number}" to take it back')
    return lines
