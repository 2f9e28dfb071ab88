import threading
from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import select

from knowledge.carts.coupon_entry import enter_coupon
from knowledge.carts.edits import SetSubstitution
from knowledge.carts.models import Actor
from knowledge.carts.undoing import undo_last
from knowledge.db.rows.carts import BudgetEntryRow
from knowledge.db.rows.orders import CouponUseRow
from knowledge.db.rows.shop import JobRow
from knowledge.errors import Conflict, NotFound
from knowledge.orders.cancelling import TooLateToCancel, ask_to_cancel, cancel_for_owner
from knowledge.orders.confirmations import Confirmation
from knowledge.orders.decisions import Decision
from knowledge.orders.models import Order
from knowledge.orders.statuses import StatusRefused
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk
from tests.delivering import ask_delivery, coupon, delivering
from tests.market import contents, fill_cart, stock_of
from tests.orders import place_order, say_no, say_yes


def ask_cancelling(
    shop: Shop, shopper: Shopper, order: Order, *, change: bool = False
) -> Confirmation:
    with shop.write() as work:
        return ask_to_cancel(
            work,
            order,
            cart_id=shopper.cart_id,
            actor=Actor(shopper.id, "web"),
            conversation_id=None,
            change=change,
            reason="plans changed",
        )


def order_now(shop: Shop, shopper: Shopper, order: Order) -> Order:
    with shop.read() as work:
        return work.orders.get(order.id, shopper_id=shopper.id)


@pytest.fixture
def small(talk: Talk) -> Shop:
    return talk.shop


@pytest.fixture
def buyer(talk: Talk) -> Shopper:
    with talk.shop.write() as work:
        return work.shoppers.create_anonymous("web")


def test_a_yes_cancels_and_gives_everything_back(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.budgets.set(customer.id, "20.00", "week")
        work.budgets.set(customer.id, "30.00", "trip")
    fill_cart(market, customer, oats="2", tea="1", apples="0.5")
    order = place_order(market, customer)
    asked = ask_cancelling(market, customer, order)
    assert asked.text == (
        f"Cancel order {order.number} (3 products, total $9.50)? "
        "Say yes to cancel it, or no to keep it."
    )

    decision = say_yes(market, asked)

    assert (decision.outcome, decision.order_id) == ("done", order.id)
    assert order_now(market, customer, order).status == "cancelled"
    assert stock_of(market, "oats") == 40
    assert stock_of(market, "apples") == 50
    with market.read() as work:
        cart = work.carts.get(customer.cart_id)
        states = work.budgets.states(customer.id, work.pricing.quote(cart))
        history = work.orders.history.of(order.id)
    assert {state.budget.period: str(state.left) for state in states} == {
        "week": "20.00",
        "trip": "30.00",
    }
    assert [(one.status, one.actor, one.note) for one in history] == [
        ("placed", customer.id, None),
        ("cancelled", customer.id, "plans changed"),
    ]
    assert say_yes(market, asked).outcome == "already"
    assert stock_of(market, "oats") == 40


def test_a_no_keeps_the_order(small: Shop, buyer: Shopper) -> None:
    fill_cart(small, buyer, oats="2")
    order = place_order(small, buyer)

    decision = say_no(small, ask_cancelling(small, buyer, order))

    assert decision.text == "The order stays as it is."
    assert order_now(small, buyer, order).status == "placed"


def test_an_order_cancelled_twice_at_once_gives_back_once(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    order = place_order(market, customer)
    questions = [ask_cancelling(market, customer, order)]
    with market.write() as work:
        questions.append(
            ask_to_cancel(
                work,
                order,
                cart_id=customer.cart_id,
                actor=Actor(customer.id, "web"),
                conversation_id="v2",
            )
        )
    decisions: list[Decision] = []
    threads = [
        threading.Thread(target=lambda asked=asked: decisions.append(say_yes(market, asked)))
        for asked in questions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(one.outcome for one in decisions) == {"done": 1, "changed": 1}
    assert stock_of(market, "oats") == 40
    with market.read() as work:
        entries = work.session.scalars(select(BudgetEntryRow.amount)).all()
    assert sum(entries) == 0


def test_picking_begun_meanwhile_stops_it_and_says_who_can_help(
    small: Shop, buyer: Shopper
) -> None:
    fill_cart(small, buyer, oats="2")
    order = place_order(small, buyer)
    asked = ask_cancelling(small, buyer, order)
    with small.write() as work:
        work.orders.advance(order.number, "picking", actor="owner", note="shelf 3")

    decision = say_yes(small, asked)

    assert decision.outcome == "changed"
    assert "being picked already" in decision.text
    assert "call a human" in decision.text
    assert order_now(small, buyer, order).status == "picking"
    assert stock_of(small, "oats") == 38
    with pytest.raises(TooLateToCancel):
        ask_cancelling(small, buyer, order_now(small, buyer, order))


def test_a_change_puts_back_into_the_cart_what_is_still_sold(small: Shop, buyer: Shopper) -> None:
    fill_cart(small, buyer, oats="2", tea="1", honey="1")
    order = place_order(small, buyer)
    fill_cart(small, buyer, milk="1")
    with small.write() as work:
        work.catalog.delist(["tea"])
    asked = ask_cancelling(small, buyer, order, change=True)
    assert "back into the cart" in asked.text

    decision = say_yes(small, asked)

    assert decision.outcome == "done"
    assert "Green Tea 20 bags is no longer sold" in decision.text
    assert sorted(contents(small, buyer).values()) == ["1", "1", "2"]
    assert {key.split()[1] for key in contents(small, buyer)} == {"milk", "oats", "honey"}
    assert stock_of(small, "honey") == 1


def test_a_change_asks_once_more_where_a_budget_wants_it(small: Shop, buyer: Shopper) -> None:
    fill_cart(small, buyer, tea="4")
    order = place_order(small, buyer)
    with small.write() as work:
        work.budgets.set(buyer.id, "5.00", "week", "ask")
    asked = ask_cancelling(small, buyer, order, change=True)

    decision = say_yes(small, asked)

    assert decision.confirmation is not None
    assert "over your budget" in decision.text
    assert contents(small, buyer) == {}
    assert say_yes(small, decision.confirmation).outcome == "done"
    assert list(contents(small, buyer).values()) == ["4"]


def test_the_owner_advances_step_by_step_and_cancels_until_handed_over(
    small: Shop, buyer: Shopper
) -> None:
    fill_cart(small, buyer, oats="2")
    order = place_order(small, buyer)
    with small.write() as work:
        with pytest.raises(StatusRefused, match="What can follow is accepted or picking"):
            work.orders.advance(order.number, "ready", actor="owner")
        for status in ("accepted", "picking", "ready"):
            work.orders.advance(order.number, status, actor="owner")
        with pytest.raises(StatusRefused, match="cannot become out_for_delivery"):
            work.orders.advance(order.number, "out_for_delivery", actor="owner")
        ready = work.orders.find(order.number)
        assert cancel_for_owner(work, ready, actor="owner").status == "cancelled"
        with pytest.raises(Conflict, match="is cancelled"):
            cancel_for_owner(work, ready, actor="owner")
    assert stock_of(small, "oats") == Decimal(40)


def test_each_step_is_told_once_with_the_order_as_it_was_then(small: Shop, buyer: Shopper) -> None:
    fill_cart(small, buyer, oats="2")
    order = place_order(small, buyer)
    with small.write() as work:
        work.orders.advance(order.id, "accepted", actor="owner")
    say_yes(small, ask_cancelling(small, buyer, order))

    with small.read() as work:
        payloads = work.session.scalars(select(JobRow.payload).order_by(JobRow.id)).all()
    assert sorted((one["type"], one["data"]["order"]["status"]) for one in payloads) == [
        ("order.cancelled", "cancelled"),
        ("order.placed", "placed"),
        ("order.status_changed", "accepted"),
    ]


def test_slot_and_coupon_are_free_again(small: Shop, buyer: Shopper) -> None:
    shop = delivering(small)
    with shop.write() as work:
        work.session.add(coupon("TEN", max_uses=1))
    fill_cart(shop, buyer, tea="4")
    with shop.write() as work:
        enter_coupon(work, buyer.cart_id, "TEN", actor=Actor(buyer.id, "web"))
    placed = say_yes(shop, ask_delivery(shop, buyer))
    with shop.read() as work:
        order = work.orders.find(placed.order_id or "")
        assert work.session.scalars(select(CouponUseRow.order_id)).all() == [order.id]
        slot = work.slots.find(order.slot_id or "")
        assert slot is not None
        assert slot.left == 0

    say_yes(shop, ask_cancelling(shop, buyer, order))

    with shop.read() as work:
        assert work.session.scalars(select(CouponUseRow.order_id)).all() == []
        assert slot.id in [one.id for one in work.slots.upcoming("delivery")]


def test_a_change_loses_neither_coupon_nor_wishes_nor_goods(small: Shop, buyer: Shopper) -> None:
    with small.write() as work:
        work.session.add(coupon("TEN", once=True))
    fill_cart(small, buyer, tea="4")
    actor = Actor(buyer.id, "web")
    with small.write() as work:
        enter_coupon(work, buyer.cart_id, "TEN", actor=actor)
        edit = SetSubstitution(line="c1", rule="none")
        work.carts.apply(buyer.cart_id, [edit], actor=actor)
    order = place_order(small, buyer)
    assert str(order.total) == "10.80"

    decision = say_yes(small, ask_cancelling(small, buyer, order, change=True))

    assert "Coupon TEN is entered again." in decision.text
    assert "for $10.80" in decision.text
    with small.write() as work:
        cart = work.carts.get(buyer.cart_id)
        assert (cart.coupons, cart.lines[0].substitution) == (("TEN",), "none")
        with pytest.raises(NotFound, match="nothing to undo"):
            undo_last(work, buyer.cart_id, actor=actor)


def test_an_order_of_which_nothing_could_go_back_stays(small: Shop, buyer: Shopper) -> None:
    fill_cart(small, buyer, tea="1")
    order = place_order(small, buyer)
    with small.write() as work:
        work.catalog.delist(["tea"])

    decision = say_yes(small, ask_cancelling(small, buyer, order, change=True))

    assert decision.outcome == "changed"
    assert "stays as it is" in decision.text
    assert order_now(small, buyer, order).status == "placed"
