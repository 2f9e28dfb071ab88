"""Orders, and the questions only a shopper can answer."""

from fastapi import APIRouter, Request

from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import (
    ConfirmationDecision,
    ConfirmationState,
    Decision,
    Orders,
    PathId,
)
from connectors.http.security import SignedIn
from knowledge.orders.decisions import carry_out
from knowledge.work import Work
from tools.blocks import OrderView
from tools.commerce_views import confirmation_view, order_view

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
    """One order by its id or number."""
    shop = parts_of(request).shop

    def read() -> OrderView:
        with shop.read() as work:
            return order_view(work.orders.get(order, shopper_id=shopper.id))

    return await in_thread(read)


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
        )

    # A rival change that came first makes it start again, and then it finds what changed.
    return await in_thread(lambda: shop.change(decide))
