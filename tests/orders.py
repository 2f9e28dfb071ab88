"""Places orders the only way there is: a question, and a yes to it."""

from knowledge.carts.models import Actor
from knowledge.orders.confirmations import Confirmation
from knowledge.orders.decisions import Decision, carry_out
from knowledge.orders.models import Order
from knowledge.orders.questions import ask_to_order
from knowledge.pricing.models import Fulfilment
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper


def ask(
    shop: Shop,
    shopper: Shopper,
    *,
    fulfilment: Fulfilment = "pickup",
    conversation_id: str | None = None,
) -> Confirmation:
    with shop.write() as work:
        return ask_to_order(
            work,
            cart_id=shopper.cart_id,
            actor=Actor(shopper.id, "web"),
            conversation_id=conversation_id,
            fulfilment=fulfilment,
        )


def say_yes(shop: Shop, confirmation: Confirmation) -> Decision:
    return shop.change(lambda work: carry_out(work, confirmation, "yes", "web"))


def say_no(shop: Shop, confirmation: Confirmation) -> Decision:
    return shop.change(lambda work: carry_out(work, confirmation, "no", "web"))


def place_order(shop: Shop, shopper: Shopper) -> Order:
    decision = say_yes(shop, ask(shop, shopper))
    assert decision.order_id is not None, decision
    with shop.read() as work:
        return work.orders.get(decision.order_id, shopper_id=shopper.id)
