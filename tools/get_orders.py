"""get_orders: the shopper's own orders, and buying one again."""

from typing import Annotated

from pydantic import Field

from knowledge.budgets.models import BudgetConsentRequired
from knowledge.carts.edits import Add
from knowledge.carts.quantities import most_available, plain, quantity_text
from knowledge.errors import Conflict, NotFound, SmartCartError
from knowledge.orders.models import Order, OrderLine
from tools.blocks import OrderBlock
from tools.cart_changes import actor_of, change_cart
from tools.commerce_views import order_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.suitability import suitability_warnings

_NEWEST = {"last", "latest", "newest", "most recent", "#1"}


class GetOrders(Arguments):
    order: Annotated[
        str | None,
        Field(max_length=64, description='An order number or id, or "last"; left out: all.'),
    ] = None
    reorder: Annotated[bool, Field(description="Put what that order held into the cart again.")] = (
        False
    )


def get_orders(context: ToolContext, arguments: GetOrders) -> ToolResult:
    """Show the shopper's orders and their status, or put one into the cart again."""
    orders = _wanted(context, arguments)
    if arguments.reorder:
        return _reorder(context, orders[0])
    if not orders:
        return ToolResult("There are no orders yet.", (OrderBlock(orders=[]),))
    return ToolResult(
        "\n".join(_order_said(order) for order in orders),
        (OrderBlock(orders=[order_view(order) for order in orders]),),
    )


def _wanted(context: ToolContext, arguments: GetOrders) -> list[Order]:
    orders = context.work.orders
    if arguments.order is not None and arguments.order.lower() not in _NEWEST:
        return [orders.get(arguments.order, shopper_id=context.shopper_id)]
    if arguments.order is None and not arguments.reorder:
        return orders.of_shopper(context.shopper_id)
    newest = orders.of_shopper(context.shopper_id, limit=1)
    if not newest:
        raise NotFound("There are no orders yet.")
    return newest


def _order_said(order: Order) -> str:
    lines = ", ".join(f"{plain(line.quantity)} x {line.title}" for line in order.lines)
    placed = order.placed_at.date().isoformat()
    return (
        f"{order.number} ({order.status}, {placed}, {order.fulfilment}), "
        f"total {order.total.display()}: {lines}"
    )


def _reorder(context: ToolContext, order: Order) -> ToolResult:
    preferences = context.work.preferences.of(context.shopper_id)
    edits: list[Add] = []
    missing: list[str] = []
    warnings: list[str] = []
    for line in order.lines:
        try:
            edit = _again(context, line, missing)
            context.work.carts.check(context.cart_id, [*edits, edit], actor=actor_of(context))
        except BudgetConsentRequired:
            pass  # asked about once, with everything else
        except SmartCartError as error:
            missing.append(f"Not added: {error}")
            continue
        edits.append(edit)
        product = context.work.catalog.get(edit.product_id)
        warnings += suitability_warnings(product, preferences)
    if not edits:
        raise Conflict(f"Nothing of order {order.number} could be added. {' '.join(missing)}")
    return change_cart(context, edits, warnings=[*missing, *warnings])


def _again(context: ToolContext, line: OrderLine, missing: list[str]) -> Add:
    """As much of a sold line as there is now."""
    product = context.work.catalog.find(line.product_id)
    if product is None:
        raise Conflict(f"{line.title} is no longer sold.")
    quantity = most_available(product, line.quantity)
    if not quantity:
        raise Conflict(f"{line.title} is sold out.")
    if quantity < line.quantity:
        missing.append(f"Only {quantity_text(quantity, product)} of {line.title} left.")
    return Add(product_id=product.id, quantity=quantity)


TOOL = Tool("get_orders", GetOrders, get_orders, changes=True)
