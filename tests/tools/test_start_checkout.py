import pytest

from knowledge.errors import ErrorKind
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk, block_of
from tests.delivering import HOME, PHONE, TOWN, coupon, delivering
from tests.orders import say_yes
from tools.blocks import CartBlock, ChoicesBlock, ConfirmationBlock, NoticeBlock
from tools.commerce_views import order_view


@pytest.fixture
def talking(talk: Talk) -> Talk:
    """A shopper with tea in the cart of a shop that delivers."""
    made = Talk(delivering(talk.shop), _shopper(talk))
    made.done("add_to_cart", items=[{"product": "tea", "quantity": 3}])
    return made


def _shopper(talk: Talk) -> Shopper:
    with talk.shop.read() as work:
        return work.shoppers.get(talk.caller.shopper_id)


def test_delivery_is_asked_for_step_by_step(talking: Talk) -> None:
    where = talking.done("start_checkout", fulfilment="delivery")
    when = talking.done("start_checkout", address=HOME)
    whom = talking.done("start_checkout", slot="slot 2")
    asked = talking.done("start_checkout", contact=PHONE)

    assert "address is needed" in where.text
    assert block_of(where, NoticeBlock).text.startswith("Where should it be delivered?")
    choices = block_of(when, ChoicesBlock)
    assert choices.question == "When should it come? Some cost $2.00 extra."
    assert (choices.options[1].label, choices.options[1].value) == (
        "Tue Nov 24, 10 am-12 pm", "slot 2"
    )  # fmt: skip
    assert '"slot 2": Tue Nov 24, 10 am-12 pm' in when.text
    assert "contact is needed" in whom.text
    question = block_of(asked, ConfirmationBlock).confirmation
    assert "Tue Nov 24, 10 am-12 pm to home (Elm Street, 98266 Maple Falls)" in question.text
    assert PHONE not in asked.text


def test_pickup_is_one_step(talking: Talk) -> None:
    question = block_of(talking.done("start_checkout"), ConfirmationBlock).confirmation

    assert question.text.startswith("Order 3 items, total $9.00, for pickup: 3 x Green Tea")


def test_nobody_is_asked_where_to_for_an_empty_cart(talking: Talk) -> None:
    talking.done("update_cart", changes=[{"product": "tea", "quantity": "0"}])

    outcome = talking.call("start_checkout", fulfilment="delivery")

    assert outcome.kind == ErrorKind.INVALID
    assert "empty" in outcome.text


def test_an_order_is_shown_with_masked_contact_and_short_address(talking: Talk) -> None:
    said = {"address": HOME, "slot": "tonight", "contact": "anna@example.com"}
    asked = block_of(talking.done("start_checkout", **said), ConfirmationBlock).confirmation
    with talking.shop.read() as work:
        confirmation = work.confirmations.get(asked.id)
    decision = say_yes(talking.shop, confirmation)

    with talking.shop.read() as work:
        (order,) = work.orders.of_shopper(talking.caller.shopper_id)
    view = order_view(order)
    assert decision.order_id == view.id
    shown = view.model_dump(mode="json")
    assert shown["address"] == "home (Elm Street, 98266 Maple Falls)"
    assert shown["contact"] == "a..@example.com"
    assert shown["slot"]["label"] == "Mon Nov 23, 6 pm-8 pm"
    assert shown["totals"]["fee"] == "2.00"
    assert {"age_limit", "pickup_place"} & set(shown) == set()


def test_a_coupon_is_entered_with_the_cart(talking: Talk) -> None:
    with talking.shop.write() as work:
        work.session.add(coupon("SAVE", percent="10"))

    entered = talking.done("update_cart", coupon="save")

    cart = block_of(entered, CartBlock).cart
    assert "Coupon SAVE is entered: 10% off, $0.90 off." in entered.text
    assert (cart.coupons, cart.totals.discount, cart.totals.total) == (["SAVE"], "-0.90", "8.10")
    assert [one.title for one in cart.lines[0].adjustments] == ["10% off"]
    both = talking.done(
        "update_cart", remove_coupon="SAVE", changes=[{"product": "tea", "quantity": "1"}]
    )
    assert "Coupon SAVE is taken out." in both.text
    assert block_of(both, CartBlock).cart.totals.total == "3.00"
    assert block_of(talking.done("undo"), CartBlock).cart.totals.total == "8.10"


def test_a_wrong_code_is_told_and_counted(talking: Talk) -> None:
    for number in range(10):
        outcome = talking.done("update_cart", coupon=f"guess{number}")
        assert "There is no coupon" in block_of(outcome, NoticeBlock).text

    assert talking.call("update_cart", coupon="guess").kind == ErrorKind.LIMITED


def test_outside_the_zones_pickup_is_offered(talking: Talk) -> None:
    outcome = talking.done("start_checkout", address="1 Far Street, Elsewhere, NY 10001")

    choices = block_of(outcome, ChoicesBlock)
    assert [one.value for one in choices.options] == ["pickup"]
    assert TOWN.name in outcome.text
    picked = talking.done("start_checkout", fulfilment="pickup")
    assert "for pickup" in block_of(picked, ConfirmationBlock).confirmation.text
