from decimal import Decimal

import pytest
from sqlalchemy import func, select

from knowledge.budgets.models import BudgetConsentRequired, BudgetExceeded
from knowledge.carts.edits import Add
from knowledge.carts.models import Actor
from knowledge.carts.undoing import undo_last
from knowledge.db.rows.learning import EventRow
from knowledge.db.rows.orders import OrderEventRow, OrderRow
from knowledge.errors import Conflict, InvalidInput, NotFound
from knowledge.orders.confirmations import LONGEST, Confirmation
from knowledge.orders.decisions import carry_out
from knowledge.orders.questions import ask_over_budget, ask_to_empty
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.fixed_clock import FixedClock
from tests.market import contents, fill_cart, goods, stock_of, stock_shelves
from tests.orders import ask, place_order, say_no, say_yes


def orders_placed(shop: Shop) -> int:
    with shop.read() as work:
        return work.session.scalar(select(func.count()).select_from(OrderRow)) or 0


def ask_emptying(shop: Shop, shopper: Shopper) -> Confirmation:
    with shop.write() as work:
        return ask_to_empty(
            work, cart_id=shopper.cart_id, actor=Actor(shopper.id, "web"), conversation_id="v1"
        )


def test_a_yes_places_the_order_that_was_shown(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2", apples="0.5")
    asked = ask(market, customer)

    decision = say_yes(market, asked)

    with market.read() as work:
        (order,) = work.orders.of_shopper(customer.id)
        events = work.session.execute(select(EventRow.name, EventRow.payload)).all()
        history = work.session.scalars(select(OrderEventRow.status)).all()
    assert decision.outcome == "done"
    assert decision.order_id == order.id
    assert order.number in decision.text
    assert [(line.title, str(line.quantity), str(line.total)) for line in order.lines] == [
        ("Rolled Oats 500 g", "2", "5.00"),
        ("Apples by Weight", "0.5", "1.50"),
    ]
    assert str(order.total) == "6.50"
    assert order.status == "placed"
    assert history == ["placed"]
    assert "order_placed" in [name for name, _ in events]
    assert stock_of(market, "oats") == 38
    assert stock_of(market, "apples") == Decimal("49.5")
    assert contents(market, customer) == {}


def test_the_cart_can_be_filled_again_under_new_line_ids(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    place_order(market, customer)
    fill_cart(market, customer, oats="1")

    assert contents(market, customer) == {"c2 oats": "1"}


def test_an_order_keeps_the_price_of_its_day(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="1")
    order = place_order(market, customer)
    stock_shelves(market, goods("tea", "9.99", title="Dear Tea"))

    with market.read() as work:
        kept = work.orders.get(order.number.lower(), shopper_id=customer.id)
    assert (kept.lines[0].title, str(kept.total)) == ("Green Tea 20 bags", "3.00")


def test_saying_yes_again_gets_the_first_result(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    asked = ask(market, customer)
    first = say_yes(market, asked)

    again = say_yes(market, asked)

    assert again.outcome == "already"
    assert (again.text, again.order_id) == (first.text, first.order_id)
    assert orders_placed(market) == 1
    assert stock_of(market, "oats") == 38


def test_a_no_is_final(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    asked = ask(market, customer)

    assert say_no(market, asked).outcome == "declined"
    assert say_yes(market, asked).outcome == "already"
    assert orders_placed(market) == 0
    assert contents(market, customer) == {"c1 oats": "2"}


def test_a_question_expires(market: Shop, customer: Shopper, clock: FixedClock) -> None:
    fill_cart(market, customer, oats="2")
    asked = ask(market, customer)
    clock.advance(15 * 60)

    assert say_yes(market, asked).outcome == "expired"
    assert say_yes(market, asked).outcome == "expired"
    assert orders_placed(market) == 0


def test_somebody_elses_question_is_not_found(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    asked = ask(market, customer)
    with market.write() as work:
        stranger = work.shoppers.create_anonymous("web")

    with market.write() as work, pytest.raises(NotFound):
        carry_out(work, asked, "yes", "web", shopper_id=stranger.id)
    with market.read() as work, pytest.raises(NotFound):
        work.confirmations.get(asked.id, shopper_id=stranger.id)


def test_a_new_question_takes_the_place_of_the_pending_one(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    first = ask(market, customer, conversation_id="v1")
    second = ask(market, customer, conversation_id="v1")

    with market.read() as work:
        assert work.confirmations.pending("v1") == second
    decision = say_yes(market, first)
    assert decision.outcome == "expired"
    assert decision.confirmation == second
    assert say_yes(market, second).outcome == "done"


def test_a_changed_price_asks_anew_and_says_so(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="2")
    asked = ask(market, customer, conversation_id="v1")
    stock_shelves(market, goods("tea", "3.50", title="Green Tea 20 bags"))

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert "now costs $3.50 instead of $3.00" in decision.text
    assert "$7.00" in decision.text
    assert decision.confirmation is not None
    assert contents(market, customer) == {"c1 tea": "2"}
    assert say_yes(market, asked).confirmation == decision.confirmation
    assert say_yes(market, decision.confirmation).outcome == "done"


def test_a_changed_cart_asks_anew_and_says_so(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="2", milk="1")
    asked = ask(market, customer)
    with market.write() as work:
        work.carts.remove(customer.cart_id, "c2", actor=Actor(customer.id, "web"))
    fill_cart(market, customer, oats="1", tea="1")

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert "Rolled Oats 500 g is new in the cart" in decision.text
    assert "Whole Milk 1 l is no longer in the cart" in decision.text
    assert "Green Tea 20 bags is now 3 instead of 2" in decision.text
    assert orders_placed(market) == 0


def test_a_cart_changed_back_asks_anew_all_the_same(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="2")
    asked = ask(market, customer)
    fill_cart(market, customer, oats="1")
    with market.write() as work:
        undo_last(work, customer.cart_id, actor=Actor(customer.id, "web"))

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert "changed in between" in decision.text


def test_lacking_stock_is_named_and_what_is_left_is_offered(
    market: Shop, customer: Shopper
) -> None:
    fill_cart(market, customer, milk="5", tea="1")
    asked = ask(market, customer)
    stock_shelves(market, goods("milk", "1.20", stock=3, title="Whole Milk 1 l"))

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert "Only 3 of Whole Milk 1 l left" in decision.text
    assert stock_of(market, "milk") == 3
    assert decision.confirmation is not None
    assert say_yes(market, decision.confirmation).outcome == "done"
    assert stock_of(market, "milk") == 0


def test_when_nothing_is_left_nothing_is_asked(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, honey="1")
    asked = ask(market, customer)
    stock_shelves(market, goods("honey", "5.00", stock=0))

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert "sold out" in decision.text
    assert decision.confirmation is None


def test_an_empty_cart_cannot_be_ordered(market: Shop, customer: Shopper) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        ask(market, customer)


def test_delivery_has_a_minimum_and_a_fee(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="8")
    with pytest.raises(Conflict, match=r"starts at \$25.00"):
        ask(market, customer, fulfilment="delivery")
    fill_cart(market, customer, tea="1")

    asked = ask(market, customer, fulfilment="delivery")

    assert "total $32.95, with delivery ($5.95)" in asked.text
    assert say_yes(market, asked).outcome == "done"


def test_a_budget_that_refuses_stops_the_order_too(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="3")
    asked = ask(market, customer)
    with market.write() as work:
        work.budgets.set(customer.id, "5.00", "week", "refuse")

    with pytest.raises(BudgetExceeded):
        ask(market, customer)
    decision = say_yes(market, asked)
    assert decision.outcome == "changed"
    assert "over your budget" in decision.text
    assert orders_placed(market) == 0


def test_after_an_order_nothing_can_be_undone(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="3")
    place_order(market, customer)

    with market.write() as work, pytest.raises(NotFound, match="nothing to undo"):
        undo_last(work, customer.cart_id, actor=Actor(customer.id, "web"))


def test_the_cart_is_emptied_only_by_a_yes(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="3", oats="1")
    asked = ask_emptying(market, customer)
    assert "$11.50" in asked.text
    assert contents(market, customer) == {"c1 tea": "3", "c2 oats": "1"}

    assert say_yes(market, asked).outcome == "done"
    assert contents(market, customer) == {}


def test_a_cart_that_changed_is_not_emptied_unasked(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="3")
    asked = ask_emptying(market, customer)
    fill_cart(market, customer, oats="1")

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert contents(market, customer) == {"c1 tea": "3", "c2 oats": "1"}
    assert decision.confirmation is not None
    assert say_yes(market, decision.confirmation).outcome == "done"


def ask_going_over(shop: Shop, shopper: Shopper, quantity: int) -> Confirmation:
    actor = Actor(shopper.id, "web")
    with shop.write() as work:
        edits = [Add(product_id="tea", quantity=Decimal(quantity))]
        with pytest.raises(BudgetConsentRequired) as required:
            work.carts.apply(shopper.cart_id, edits, actor=actor)
        return ask_over_budget(
            work,
            required.value,
            cart_id=shopper.cart_id,
            actor=actor,
            conversation_id="v1",
        )


def test_a_yes_goes_over_the_budget_once(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.budgets.set(customer.id, "5.00", "week", "ask")
    asked = ask_going_over(market, customer, 2)
    assert "$1.00 over your budget of $5.00 for this week" in asked.text

    assert say_yes(market, asked).outcome == "done"
    assert say_yes(market, asked).outcome == "already"
    assert contents(market, customer) == {"c1 tea": "2"}
    with market.write() as work, pytest.raises(BudgetConsentRequired):
        work.carts.add(
            customer.cart_id,
            "tea",
            Decimal(1),
            actor=Actor(customer.id, "web"),
            consent=asked.id,
        )


def test_going_over_is_asked_anew_when_the_price_rose(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.budgets.set(customer.id, "5.00", "week", "ask")
    asked = ask_going_over(market, customer, 2)
    stock_shelves(market, goods("tea", "4.00", title="Green Tea 20 bags"))

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert "$3.00 over" in decision.text
    assert contents(market, customer) == {}


@pytest.mark.parametrize("count", [1, 3, 12, 30])
def test_the_question_fits_a_text_message(market: Shop, customer: Shopper, count: int) -> None:
    products = [
        goods(f"p{n}", "12.34", title=f"A rather long name for product number {n} of the shop 1 kg")
        for n in range(count)
    ]
    stock_shelves(market, *products)
    fill_cart(market, customer, **{one.id: "2" for one in products})

    asked = ask(market, customer)

    assert len(asked.text) <= LONGEST
    assert "Say yes" in asked.text
    assert "no" in asked.text
    assert "pickup" in asked.text
    assert f"${Decimal('24.68') * count}" in asked.text


def test_orders_are_seen_by_their_shopper_alone(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="1")
    order = place_order(market, customer)
    with market.write() as work:
        stranger = work.shoppers.create_anonymous("web")

    with market.read() as work:
        assert work.orders.of_shopper(stranger.id) == []
        with pytest.raises(NotFound):
            work.orders.get(order.id, shopper_id=stranger.id)
