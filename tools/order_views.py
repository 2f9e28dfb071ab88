"""One order with its history and returns, as people are shown it."""

from knowledge.orders.documents import moment_text
from knowledge.orders.history import OrderEvent
from knowledge.orders.models import Order
from knowledge.orders.returns import OrderReturn
from knowledge.work import Work
from tools.commerce_views import order_view
from tools.order_shapes import OrderEventView, OrderReturnView, OrderView
from tools.view import Fact


def full_order_view(work: Work, order: Order) -> OrderView:
    return order_view(order).model_copy(
        update={
            "history": [_event(one, order) for one in work.orders.history.of(order.id)],
            "returns": returns_view(work, order),
        }
    )


def returns_view(work: Work, order: Order) -> list[OrderReturnView] | None:
    """None when nothing is being returned."""
    return [_return(one, order) for one in work.returns.of_order(order.id)] or None


def _event(event: OrderEvent, order: Order) -> OrderEventView:
    by_shopper = event.actor == order.shopper_id
    return OrderEventView(
        status=event.status,
        at=moment_text(event.at),
        by="you" if by_shopper else "shop",
        # What a shopper wrote must not pass for something the shop said.
        note=None if by_shopper else event.note,
    )


def _return(one: OrderReturn, order: Order) -> OrderReturnView:
    sold = {line.number: line for line in order.lines}
    return OrderReturnView(
        status=one.status,
        requested_at=moment_text(one.created_at),
        why=one.reason,
        lines=[
            Fact(name=sold[number].title, value=sold[number].amount(many))
            for number, many in one.lines
        ],
        refund=None if one.refund is None else str(one.refund),
        note=one.note,
    )
