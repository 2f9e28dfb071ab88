"""What a shopper can ask for after ordering: cancel, change, give back. Each opens a question."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from knowledge.carts.quantities import parse_quantity
from knowledge.errors import NotFound
from knowledge.orders.cancelling import TooLateToCancel, ask_to_cancel
from knowledge.orders.confirmations import Confirmation
from knowledge.orders.models import Order, OrderLine
from knowledge.orders.returning import ask_to_return, returnable
from knowledge.orders.statuses import can_cancel
from tools.argument_kinds import Reads
from tools.blocks import (
    ChoicesBlock,
    ConfirmationBlock,
    NoticeBlock,
    Option,
    OrderBlock,
)
from tools.cart_changes import actor_of, sentences
from tools.commerce_views import confirmation_view, order_view
from tools.context import ToolContext
from tools.definition import Arguments, ToolResult
from tools.marking import marked
from tools.quantity_argument import Quantity

_LOOK_BACK = 50
_LONGEST = 2000


class ReturnItem(Arguments):
    product: Annotated[
        str,
        Reads("whole", also=("id", "product_id", "item", "name", "title")),
        Field(min_length=1, max_length=128, description="Id, #n or words of its title"),
    ]
    quantity: Quantity | None = None


def cancel_order(
    context: ToolContext, named: Order | None, *, change: bool, reason: str | None
) -> ToolResult:
    """Ask whether to cancel the order meant; offers a person where it is too late."""
    orders = context.work.orders.of_shopper(context.shopper_id, limit=_LOOK_BACK)
    if not orders:
        raise NotFound("There are no orders yet.")
    open_orders = [order for order in orders if can_cancel(order.status)]
    if named is None and len(open_orders) > 1:
        return _which(open_orders, "change" if change else "cancel")
    order = named or (open_orders or orders)[0]
    try:
        confirmation = ask_to_cancel(
            context.work,
            order,
            cart_id=context.cart_id,
            actor=actor_of(context),
            conversation_id=context.conversation_id,
            change=change,
            reason=reason,
        )
    except TooLateToCancel as late:
        return _offer_a_person(str(late), order)
    return _asked(confirmation)


def return_order(
    context: ToolContext,
    named: Order | None,
    items: Sequence[ReturnItem] | None,
    reason: str | None,
) -> ToolResult:
    """Ask whether to request a return. Raises ``Conflict`` for what cannot be returned."""
    order = named or _last_handed_over(context)
    wanted: list[tuple[int, Decimal | None]] | None = None
    if items is not None:
        wanted = [_line_wanted(context, order, one) for one in items]
    confirmation = ask_to_return(
        context.work,
        order,
        returnable(context.work, order, wanted),
        cart_id=context.cart_id,
        actor=actor_of(context),
        conversation_id=context.conversation_id,
        reason=reason,
    )
    return _asked(confirmation)


def _last_handed_over(context: ToolContext) -> Order:
    orders = context.work.orders.of_shopper(context.shopper_id, limit=_LOOK_BACK)
    if not orders:
        raise NotFound("There are no orders yet.")
    return next((order for order in orders if order.status == "handed_over"), orders[0])


def _line_wanted(
    context: ToolContext, order: Order, item: ReturnItem
) -> tuple[int, Decimal | None]:
    line = _line_meant(context, order, item.product)
    if item.quantity is None:
        return line.number, None
    (product,) = context.work.catalog.get_many([line.product_id], include_delisted=True).values()
    return line.number, parse_quantity(item.quantity, product)


def _line_meant(context: ToolContext, order: Order, reference: str) -> OrderLine:
    """The line of an order by product, by ``#n`` of what is in view, or by words of its title."""
    product_id = reference
    if reference.startswith("#"):
        try:
            product_id = context.product_id(reference)
        except NotFound:
            product_id = ""
    for line in order.lines:
        if line.product_id == product_id:
            return line
    if reference.startswith("#") and reference[1:].isdigit():
        position = int(reference[1:])
        if 0 < position <= len(order.lines):
            return order.lines[position - 1]
    words = reference.casefold().split()
    found = [line for line in order.lines if all(word in line.title.casefold() for word in words)]
    if len(found) == 1:
        return found[0]
    titles = ", ".join(line.title for line in order.lines)
    problem = "fits several" if found else "is not"
    raise NotFound(f"{reference!r} {problem} in order {order.number}; it held {titles}.")


def _which(orders: Sequence[Order], what: str) -> ToolResult:
    question = f"Which order do you want to {what}?"
    options = [
        Option(
            label=f"{order.number}, total {order.total.display()}",
            value=f"{what} order {order.number}",
        )
        for order in orders
    ]
    labels = "; ".join(one.label for one in options)
    return ToolResult(
        f"{question} {marked(labels, _LONGEST)}.",
        (
            OrderBlock(orders=[order_view(order) for order in orders]),
            ChoicesBlock(question=question, options=options),
        ),
    )


def _offer_a_person(text: str, order: Order) -> ToolResult:
    options = [Option(label="Call a human", value="call a human")]
    return ToolResult(
        f"Nothing was changed. {sentences([text])}",
        (
            OrderBlock(orders=[order_view(order)]),
            NoticeBlock(level="warning", text=text),
            ChoicesBlock(question="What now?", options=options),
        ),
    )


def _asked(confirmation: Confirmation) -> ToolResult:
    view = confirmation_view(confirmation)
    return ToolResult(
        f"Nothing was changed yet; the shopper has to say yes. {sentences([view.text])}",
        (ConfirmationBlock(confirmation=view),),
    )
