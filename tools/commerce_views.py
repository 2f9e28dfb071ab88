"""Carts, budgets, orders and confirmations as people are shown them."""

from datetime import UTC, datetime

from knowledge.budgets.models import BudgetState
from knowledge.carts.models import Cart
from knowledge.carts.quantities import plain
from knowledge.fulfilment.models import Slot
from knowledge.fulfilment.when import slot_label
from knowledge.orders.confirmations import Confirmation
from knowledge.orders.models import Order
from knowledge.orders.placed_text import address_short
from knowledge.orders.statuses import can_cancel
from knowledge.pricing.models import Quote, QuoteLine, Total
from knowledge.profile import ShopProfile
from knowledge.work import Work
from tools.blocks import BudgetView, CartLineView, CartView, ConfirmationView
from tools.order_shapes import OrderLineView, OrderView, SlotView
from tools.view import AdjustmentView, CartTotals


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
        coupons=list(cart.coupons),
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
        substitution=line.line.substitution,
        for_members=list(line.line.for_members),
        adjustments=[
            AdjustmentView(title=one.title, amount=str(one.amount)) for one in line.adjustments
        ],
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
                unit=line.unit,
            )
            for line in order.lines
        ],
        totals=totals_view(order.totals),
        total=str(order.total),
        currency=order.currency,
        can_cancel=can_cancel(order.status),
        slot=_slot_of(order),
        address=address_short(order),
        contact=order.contact.masked or None,
        pickup_place=(order.details.get("pickup") or {}).get("place"),
        age_limit=order.age_limit,
    )


def _slot_of(order: Order) -> SlotView | None:
    stored = order.details.get("slot")
    if not stored:
        return None
    return SlotView(
        id=stored["id"],
        fulfilment="delivery" if order.fulfilment == "delivery" else "pickup",
        label=stored["label"],
        starts_at=_moment(datetime.fromisoformat(stored["starts_at"])),
        ends_at=_moment(datetime.fromisoformat(stored["ends_at"])),
        fee=stored["fee"],
    )


def slot_view(slot: Slot, profile: ShopProfile) -> SlotView:
    return SlotView(
        id=slot.id,
        fulfilment=slot.fulfilment,
        label=slot_label(slot, profile),
        starts_at=_moment(slot.starts_at),
        ends_at=_moment(slot.ends_at),
        fee=str(slot.fee),
        left=slot.left,
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
