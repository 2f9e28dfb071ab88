"""Orders, and the questions only a shopper can answer."""

from decimal import Decimal

from fastapi import APIRouter, Request

from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import (
    CancelRequest,
    ConfirmationDecision,
    ConfirmationState,
    Decision,
    Orders,
    PathId,
    ReturnRequest,
)
from connectors.http.security import SignedIn
from knowledge.carts.models import Actor
from knowledge.errors import NotFound
from knowledge.orders.cancelling import ask_to_cancel
from knowledge.orders.decisions import carry_out
from knowledge.orders.models import Order
from knowledge.orders.returning import ask_to_return, returnable
from knowledge.work import Work
from tools.blocks import ConfirmationView, Option
from tools.commerce_views import confirmation_view, order_view
from tools.order_shapes import OrderView
from tools.order_views import full_order_view

router = APIRouter(tags=["orders"], responses=SHOPPER_FAILURE)
MOST_ORDERS = 100


@router.get("/orders")
async def list_orders(request: Request, shopper: SignedIn) -> Orders:
    """The shopper's own orders, the newest first."""
    shop = parts_of(request).shop

    def read() -> Orders:
        with shop.read() as work:
            orders = work.orders.of_shopper(shopper.id, limit=MOST_ORDERS)
            return Orders(items=[order_view(order) for order in orders])

    return await in_thread(read)


@router.get("/orders/{order}")
async def read_order(request: Request, order: PathId, shopper: SignedIn) -> OrderView:
    """One order by its id or number, with its history and returns."""
    shop = parts_of(request).shop

    def read() -> OrderView:
        with shop.read() as work:
            return full_order_view(work, work.orders.get(order, shopper_id=shopper.id))

    return await in_thread(read)


@router.post("/orders/{order}/cancel")
async def cancel_order(
    request: Request, order: PathId, shopper: SignedIn, wanted: CancelRequest | None = None
) -> ConfirmationView:
    """Ask to cancel an order that is not picked yet. The yes to the answer cancels it."""
    shop = parts_of(request).shop
    asked = wanted or CancelRequest()

    def ask(work: Work) -> ConfirmationView:
        confirmation = ask_to_cancel(
            work,
            work.orders.get(order, shopper_id=shopper.id),
            cart_id=shopper.cart_id,
            actor=Actor(shopper.id, "web"),
            conversation_id=None,
            change=asked.change,
            reason=asked.reason,
        )
        return confirmation_view(confirmation)

    return await in_thread(lambda: shop.change(ask))


@router.post("/orders/{order}/returns")
async def return_order(
    request: Request, order: PathId, wanted: ReturnRequest, shopper: SignedIn
) -> ConfirmationView:
    """Ask to return what was handed over. The yes to the answer requests it of the shop."""
    shop = parts_of(request).shop

    def ask(work: Work) -> ConfirmationView:
        found = work.orders.get(order, shopper_id=shopper.id)
        confirmation = ask_to_return(
            work,
            found,
            returnable(work, found, _lines(found, wanted)),
            cart_id=shopper.cart_id,
            actor=Actor(shopper.id, "web"),
            conversation_id=None,
            reason=wanted.reason,
        )
        return confirmation_view(confirmation)

    return await in_thread(lambda: shop.change(ask))


def _lines(order: Order, wanted: ReturnRequest) -> list[tuple[int, Decimal | None]] | None:
    if wanted.items is None:
        return None
    numbers = {line.product_id: line.number for line in order.lines}
    lines = []
    for item in wanted.items:
        if item.product not in numbers:
            raise NotFound(f"Order {order.number} holds no product {item.product!r}.")
        lines.append((numbers[item.product], item.quantity))
    return lines


@router.get("/confirmations/{confirmation}")
async def read_confirmation(
    request: Request, confirmation: PathId, shopper: SignedIn
) -> ConfirmationState:
    """What was asked, and whether it still waits for an answer."""
    shop = parts_of(request).shop

    def read() -> ConfirmationState:
        with shop.read() as work:
            asked = work.confirmations.get(confirmation, shopper_id=shopper.id)
            status = asked.status
            if status == "pending" and asked.expires_at <= shop.clock.now():
                status = "expired"
            view = confirmation_view(asked)
            return ConfirmationState(
                id=view.id,
                action=view.action,
                text=view.text,
                expires_at=view.expires_at,
                status=status,
            )

    return await in_thread(read)


@router.post("/confirmations/{confirmation}")
async def answer_confirmation(
    request: Request, confirmation: PathId, decision: ConfirmationDecision, shopper: SignedIn
) -> Decision:
    """Say yes or no to exactly what was shown. A repeat gets the first result."""
    shop = parts_of(request).shop

    def decide(work: Work) -> Decision:
        asked = work.confirmations.get(confirmation, shopper_id=shopper.id)
        made = carry_out(work, asked, decision.answer, "web", shopper_id=shopper.id)
        order = None
        if made.order_id is not None:
            order = order_view(work.orders.get(made.order_id, shopper_id=shopper.id))
        again = made.confirmation
        return Decision(
            outcome=made.outcome,
            text=made.text,
            order=order,
            confirmation=confirmation_view(again) if again else None,
            choices=[Option(label=one.label, value=one.value) for one in made.choices],
        )

    # A rival change that came first makes it start again, and then it finds what changed.
    return await in_thread(lambda: shop.change(decide))
