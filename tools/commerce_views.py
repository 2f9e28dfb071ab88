"""Carts, budgets, orders and confirmations as people are shown them."""

from datetime import UTC, datetime

from knowledge.budgets.models import BudgetState
from knowledge.carts.models import Cart
from knowledge.carts.quantities import plain
from knowledge.orders.confirmations import Confirmation
from knowledge.orders.models import Order
from knowledge.pricing.models import Quote, QuoteLine, Total
from knowledge.work import Work
from tools.blocks import (
    BudgetView,
    CartLineView,
    CartTotals,
    CartView,
    ConfirmationView,
    OrderLineView,
    OrderView,
)


def cart_view(work: Work, cart_id: str) -> CartView:
    """The cart at the prices of this moment."""
    cart = work.carts.get(cart_id)
    return quoted_cart_view(cart, work.pricing.quote(cart))


def quoted_cart_view(cart: Cart, quote: Quote) -> CartView:
    return CartView(
        id=cart.id,
        version=cart.version,
        lines=[line_view(line) for line in quote.lines],
        totals=totals_view(quote.totals),
        currency=quote.currency,
    )


def line_view(line: QuoteLine) -> CartLineView:
    product = line.product
    stock = product.stock
    return CartLineView(
        id=line.line.id,
        product=product.id,
        title=product.title,
        quantity=plain(line.line.quantity),
        unit_price=str(line.unit_price),
        total=str(line.total),
        unit=product.unit if product.sell_by != "each" else None,
        in_stock=product.listed and (stock is None or stock >= line.line.quantity),
        category=" > ".join(product.category) or None,
        image_url=product.image_url,
    )


def totals_view(totals: tuple[Total, ...]) -> CartTotals:
    return CartTotals.model_validate({total.kind: str(total.amount) for total in totals})


def budget_view(work: Work, shopper_id: str, cart_id: str) -> BudgetView | None:
    """The tightest active budget with this cart; None when none is set."""
    state = work.budgets.state(shopper_id, work.pricing.quote(work.carts.get(cart_id)))
    return None if state is None else budget_state_view(state)


def budget_state_view(state: BudgetState) -> BudgetView:
    return BudgetView(
        amount=str(state.budget.amount),
        period=state.budget.period,
        rule=state.budget.rule,
        spent=str(state.spent),
        in_cart=str(state.in_cart),
        left=str(state.left),
        state=state.state,
        currency=state.budget.amount.currency,
    )


def order_view(order: Order) -> OrderView:
    return OrderView(
        id=order.id,
        number=order.number,
        status=order.status,
        placed_at=_moment(order.placed_at),
        fulfilment=order.fulfilment,
        lines=[
            OrderLineView(
                product=line.product_id,
                title=line.title,
                quantity=plain(line.quantity),
                unit_price=str(line.unit_price),
                total=str(line.total),
            )
            for line in order.lines
        ],
        totals=totals_view(order.totals),
        total=str(order.total),
        currency=order.currency,
    )


def confirmation_view(confirmation: Confirmation) -> ConfirmationView:
    return ConfirmationView(
        id=confirmation.id,
        action=confirmation.action,
        text=confirmation.text,
        expires_at=_moment(confirmation.expires_at),
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
