"""get_orders: the shopper's own orders; buying again, cancelling, changing, giving back."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.errors import InvalidInput, NotFound
from knowledge.orders.again import edits_again
from knowledge.orders.models import Order
from knowledge.orders.statuses import status_words
from tools.argument_kinds import Reads
from tools.blocks import OrderBlock
from tools.commerce_views import order_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.list_into_cart import put_into_cart
from tools.marking import harmless, marked
from tools.order_actions import ReturnItem, cancel_order, return_order
from tools.order_views import full_order_view

_ROOM, _LEAST = 3000, 60
_NEWEST = {"last", "latest", "newest", "most recent", "#1"}


class GetOrders(Arguments):
    order: Annotated[
        str | None,
        Reads("whole", also=("order_id", "order_number", "id", "number")),
        Field(max_length=64, description="Number, id or last; left out: all"),
    ] = None
    reorder: bool = False
    action: Annotated[
        Literal["cancel", "change", "return"] | None,
        Field(description="change: cancel and put its products back into the cart"),
    ] = None
    reason: Annotated[str | None, Reads("whole", rare=True), Field(max_length=500)] = None
    items: Annotated[
        list[ReturnItem] | None,
        Reads(rare=True),
        Field(min_length=1, max_length=40, description="To return; left out: all"),
    ] = None


def get_orders(context: ToolContext, arguments: GetOrders) -> ToolResult:
    """Show the shopper's orders and their status, or buy one again, cancel, change or return it.

    It asks for their yes to cancel, change and return.
    """
    if arguments.action is None:
        if arguments.items is not None:
            raise InvalidInput("Items are only for action return; say which action is meant.")
        return _show(context, arguments)
    if arguments.reorder:
        raise InvalidInput("Either reorder or an action, not both.")
    named = None if arguments.order is None else _wanted(context, arguments)[0]
    if arguments.action == "return":
        return return_order(context, named, arguments.items, arguments.reason)
    if arguments.items is not None:
        raise InvalidInput(
            "An order is cancelled or changed as a whole; after action change its products are in "
            "the cart and can be changed there."
        )
    return cancel_order(
        context, named, change=arguments.action == "change", reason=arguments.reason
    )


def _show(context: ToolContext, arguments: GetOrders) -> ToolResult:
    orders = _wanted(context, arguments)
    if arguments.reorder:
        order = orders[0]
        return put_into_cart(context, edits_again(order), source=f"order {order.number}")
    if not orders:
        return ToolResult("There are no orders yet.", (OrderBlock(orders=[]),))
    if arguments.order is not None:
        view = full_order_view(context.work, orders[0])
        said = [_order_said(orders[0], _ROOM)]
        said += [f"{one.at} {one.status}" for one in view.history or []]
        said += [f"return {one.status}" for one in view.returns or []]
        return ToolResult("; ".join(said), (OrderBlock(orders=[view]),))
    return ToolResult(
        "\n".join(_order_said(order, max(_LEAST, _ROOM // len(orders))) for order in orders),
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


def _order_said(order: Order, room: int) -> str:
    lines = ", ".join(line.text(title=harmless(line.title, 60)) for line in order.lines)
    placed = order.placed_at.date().isoformat()
    status = status_words(order.status, order.fulfilment)
    return (
        f"{order.number} ({status}, {placed}, {order.fulfilment}), "
        f"total {order.total.display()}: {marked(lines, room)}"
    )


TOOL = Tool(
    "get_orders",
    GetOrders,
    get_orders,
    changes=True,
    example={"order": "last"},
    rest="call it for one order",
)
