"""A change of the cart that the shopper is asked about, and what the yes does."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from knowledge.budgets.models import BudgetExceeded
from knowledge.carts.edits import Add, Edit, SetQuantity, SwapLine
from knowledge.carts.models import Actor
from knowledge.carts.undoing import undo_last
from knowledge.errors import InvalidInput
from knowledge.orders.confirmations import LONGEST, Confirmation
from knowledge.orders.questions import ask_to_change
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk
from tests.market import contents, fill_cart, goods, stock_shelves
from tests.orders import say_no, say_yes

BREAKFAST = (
    Add(product_id="oats", quantity=Decimal(2)),
    Add(product_id="milk", quantity=Decimal(1)),
    Add(product_id="honey", quantity=Decimal(1)),
)


@pytest.fixture
def customer(talk: Talk) -> Shopper:
    with talk.shop.read() as work:
        return work.shoppers.get(talk.caller.shopper_id)


@pytest.fixture
def market(talk: Talk) -> Shop:
    return talk.shop


def ask_change(
    shop: Shop, shopper: Shopper, edits: Sequence[Edit] = BREAKFAST, summary: str = "Breakfast"
) -> Confirmation:
    with shop.write() as work:
        return ask_to_change(
            work,
            edits,
            cart_id=shopper.cart_id,
            actor=Actor(shopper.id, "web"),
            conversation_id="v1",
            summary=summary,
        )


def test_a_yes_makes_all_of_it_and_one_undo_takes_it_back(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="1")
    asked = ask_change(market, customer)
    assert asked.text.startswith(
        "Breakfast: add 3 products for $11.20; the cart comes to $14.20. Say yes"
    )

    decision = say_yes(market, asked)

    assert decision.outcome == "done"
    assert decision.text == (
        "Added 2 x Rolled Oats 500 g, 1 x Whole Milk 1 l, 1 x Wildflower Honey 350 g. "
        "The cart has 5 items for $14.20."
    )
    assert contents(market, customer) == {"c1 tea": "1", "c2 oats": "2", "c3 milk": "1"} | {
        "c4 honey": "1"
    }
    with market.write() as work:
        undo_last(work, customer.cart_id, actor=Actor(customer.id, "web"))
    assert contents(market, customer) == {"c1 tea": "1"}


def test_a_no_leaves_the_cart(market: Shop, customer: Shopper) -> None:
    asked = ask_change(market, customer)

    assert say_no(market, asked).outcome == "declined"
    assert contents(market, customer) == {}


def test_swaps_smaller_quantities_and_drops_are_one_change(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="2", milk="3", honey="1")
    edits: list[Edit] = [
        SwapLine(line="c1", product_id="oats", quantity=Decimal(1)),
        SetQuantity(line="c2", quantity=Decimal(1)),
        SetQuantity(line="c3", quantity=Decimal(0)),
    ]
    asked = ask_change(market, customer, edits, "To fit your budget")
    assert "change 3 products; the cart comes to $3.70 instead of $14.60" in asked.text

    decision = say_yes(market, asked)

    assert "swapped Green Tea 20 bags for 1 x Rolled Oats 500 g" in decision.text
    assert "removed Wildflower Honey 350 g" in decision.text
    assert contents(market, customer) == {"c1 oats": "1", "c2 milk": "1"}


def test_the_same_yes_goes_over_a_budget_that_asks(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.budgets.set(customer.id, "10.00", "week", "ask")
    asked = ask_change(market, customer)
    assert "$1.20 over your budget of $10.00 for this week" in asked.text

    assert say_yes(market, asked).outcome == "done"
    assert len(contents(market, customer)) == len(BREAKFAST)


def test_a_budget_that_refuses_is_not_asked_about(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.budgets.set(customer.id, "10.00", "week", "refuse")

    with pytest.raises(BudgetExceeded):
        ask_change(market, customer)


def test_a_budget_set_to_refuse_afterwards_holds(market: Shop, customer: Shopper) -> None:
    asked = ask_change(market, customer)
    with market.write() as work:
        work.budgets.set(customer.id, "10.00", "week", "refuse")

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert decision.confirmation is None
    assert contents(market, customer) == {}


def test_a_dearer_product_is_asked_about_anew(market: Shop, customer: Shopper) -> None:
    asked = ask_change(market, customer)
    stock_shelves(market, goods("milk", "1.70", title="Whole Milk 1 l"))

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert "Whole Milk 1 l now costs $1.70 instead of $1.20" in decision.text
    assert "total $11.70" in decision.text
    assert contents(market, customer) == {}
    assert decision.confirmation is not None
    assert say_yes(market, decision.confirmation).outcome == "done"


def test_what_sold_out_is_left_out_of_the_new_question(market: Shop, customer: Shopper) -> None:
    asked = ask_change(market, customer)
    stock_shelves(
        market,
        goods("honey", "5.00", stock=0, title="Wildflower Honey 350 g"),
        goods("oats", "2.50", stock=1, title="Rolled Oats 500 g"),
    )

    decision = say_yes(market, asked)

    assert "Wildflower Honey 350 g is sold out" in decision.text
    assert "only 1 of Rolled Oats 500 g can still be had" in decision.text
    assert "add 2 products, total $3.70" in decision.text
    assert decision.confirmation is not None
    say_yes(market, decision.confirmation)
    assert contents(market, customer) == {"c1 oats": "1", "c2 milk": "1"}


def test_a_cart_that_changed_is_asked_about_anew(market: Shop, customer: Shopper) -> None:
    asked = ask_change(market, customer)
    fill_cart(market, customer, milk="1")

    decision = say_yes(market, asked)

    assert "the cart was changed in between" in decision.text
    assert "the cart comes to $12.40 instead of $1.20" in decision.text
    assert contents(market, customer) == {"c1 milk": "1"}
    assert decision.confirmation is not None
    say_yes(market, decision.confirmation)
    assert contents(market, customer) == {"c1 milk": "2", "c2 oats": "2", "c3 honey": "1"}


def test_nothing_is_asked_when_nothing_would_change(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, milk="1")

    with pytest.raises(InvalidInput, match="as it is"):
        ask_change(market, customer, [SetQuantity(line="c1", quantity=Decimal(1))])


def test_nothing_is_asked_anew_when_everything_sold_out(market: Shop, customer: Shopper) -> None:
    asked = ask_change(market, customer, BREAKFAST[2:])
    stock_shelves(market, goods("honey", "5.00", stock=0, title="Wildflower Honey 350 g"))

    decision = say_yes(market, asked)

    assert decision.confirmation is None
    assert "sold out" in decision.text


def test_the_question_fits_a_text_message_at_its_longest(market: Shop, customer: Shopper) -> None:
    named = "A rather long name for product number {} of the shop 1 kg"
    goods_there = [goods(f"p{n}", "1012.34", title=named.format(n)) for n in range(40)]
    stock_shelves(market, *goods_there)
    with market.write() as work:
        work.budgets.set(customer.id, "10.00", "month", "ask")
    edits = [Add(product_id=one.id, quantity=Decimal(9)) for one in goods_there]
    asked = ask_change(market, customer, edits, "Everything for a very large party " * 5)
    assert len(asked.text) <= LONGEST
    stock_shelves(market, *(goods(one.id, "1013.00", title=one.title) for one in goods_there))

    decision = say_yes(market, asked)

    assert len(decision.text) <= LONGEST
    assert "now costs" in decision.text
    assert decision.text.endswith("Say yes to do it, or no to leave the cart as it is.")
