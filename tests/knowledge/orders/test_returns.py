from dataclasses import replace
from decimal import Decimal

import pytest

from knowledge.carts.models import Actor
from knowledge.errors import Conflict, InvalidInput
from knowledge.money import Money
from knowledge.orders.confirmations import LONGEST, Confirmation
from knowledge.orders.models import Order
from knowledge.orders.returning import ask_to_return, returnable
from knowledge.orders.returns import worth
from knowledge.profile import TaxTerms
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk
from tests.fixed_clock import FixedClock
from tests.market import fill_cart
from tests.orders import place_order, say_yes

FIVE = Money(Decimal(5), "USD")


@pytest.fixture
def shop(talk: Talk) -> Shop:
    return talk.shop


@pytest.fixture
def buyer(shop: Shop) -> Shopper:
    with shop.write() as work:
        return work.shoppers.create_anonymous("web")


@pytest.fixture
def order(shop: Shop, buyer: Shopper) -> Order:
    """Handed over: 4 x oats at 2.50, 1 x tea at 3.00."""
    fill_cart(shop, buyer, oats="4", tea="1")
    placed = place_order(shop, buyer)
    with shop.write() as work:
        for status in ("picking", "ready", "handed_over"):
            work.orders.advance(placed.id, status, actor="owner")
        return work.orders.find(placed.id)


def ask_returning(
    shop: Shop, order: Order, *wanted: tuple[int, Decimal | None], reason: str | None = "stale"
) -> Confirmation:
    with shop.write() as work:
        return ask_to_return(
            work,
            order,
            returnable(work, order, wanted or None),
            cart_id=work.carts.open_for(order.shopper_id).id,
            actor=Actor(order.shopper_id, "web"),
            conversation_id=None,
            reason=reason,
        )


def test_a_yes_requests_the_return_and_the_owner_decides(shop: Shop, order: Order) -> None:
    asked = ask_returning(shop, order, (1, Decimal(2)))
    assert asked.text == (
        f"Ask the shop to take back from order {order.number}: 2 x Rolled Oats 500 g "
        "(paid $5.00; stale)? The shop decides about it. "
        "Say yes to ask, or no to keep everything."
    )

    assert say_yes(shop, asked).outcome == "done"

    with shop.write() as work:
        (requested,) = work.returns.list("requested")
        assert (requested.lines, requested.reason) == (((1, Decimal(2)),), "stale")
        with pytest.raises(Conflict, match="is requested, so it cannot become refunded"):
            work.returns.refund(requested.id, FIVE)
        work.returns.approve(requested.id)
        with pytest.raises(Conflict, match="is approved, so it cannot become refused"):
            work.returns.refuse(requested.id)
        with pytest.raises(InvalidInput, match=r"at most \$13.00"):
            work.returns.refund(requested.id, Money(Decimal(14), "USD"))
        refunded = work.returns.refund(requested.id, FIVE, note="cash")
    assert (refunded.status, refunded.refund, refunded.note) == ("refunded", FIVE, "cash")


def test_what_is_asked_back_cannot_be_asked_back_again(shop: Shop, order: Order) -> None:
    first = ask_returning(shop, order, (1, Decimal(3)))
    with shop.read() as work:
        assert returnable(work, order, None) == [(1, Decimal(4)), (2, Decimal(1))]
    say_yes(shop, first)
    with shop.read() as work:
        assert returnable(work, order, None) == [(1, Decimal(1)), (2, Decimal(1))]
        with pytest.raises(InvalidInput, match="At most 1 x Rolled Oats"):
            returnable(work, order, [(1, Decimal(2))])
    everything = ask_returning(shop, order)
    with shop.write() as work:
        work.returns.request(order, [(2, Decimal(1))], reason="torn")

    decision = say_yes(shop, everything)

    assert decision.outcome == "changed"
    assert "being returned" in decision.text


def test_a_refused_return_can_be_asked_for_again(shop: Shop, order: Order) -> None:
    say_yes(shop, ask_returning(shop, order, (2, None)))
    with shop.write() as work:
        (requested,) = work.returns.of_order(order.id)
        work.returns.refuse(requested.id, note="opened")

    assert say_yes(shop, ask_returning(shop, order, (2, None))).outcome == "done"


def test_refunds_are_given_back_to_the_budget(shop: Shop, order: Order) -> None:
    with shop.write() as work:
        work.budgets.set(order.shopper_id, "20.00", "week")
        for _ in range(2):
            asked = work.returns.request(order, [(1, Decimal(1))], reason="stale")
            work.returns.approve(asked.id)
            work.returns.refund(asked.id, Money(Decimal("2.50"), "USD"))
        quote = work.pricing.quote(work.carts.open_for(order.shopper_id))
        state = work.budgets.state(order.shopper_id, quote)
    assert state is not None
    assert str(state.spent) == "8.00"


def test_only_what_was_handed_over_lately_can_be_returned(
    shop: Shop, buyer: Shopper, order: Order, clock: FixedClock
) -> None:
    fill_cart(shop, buyer, oats="1")
    fresh = place_order(shop, buyer)
    with pytest.raises(Conflict, match=r"is placed; only what .* cancelled instead"):
        ask_returning(shop, fresh)
    clock.advance(days=30)
    asked = ask_returning(shop, order)
    clock.advance(seconds=60)

    assert "more than 30 days ago" in say_yes(shop, asked).text
    with pytest.raises(Conflict, match="call a human"):
        ask_returning(shop, order)


def test_long_reasons_and_many_lines_fit_into_one_message(shop: Shop, order: Order) -> None:
    asked = ask_returning(shop, order, reason="really " * 100)

    assert len(asked.text) <= LONGEST
    assert ask_returning(shop, order, reason=" ").payload["reason"] == "no reason given"


def test_the_worth_of_a_part_is_its_share(order: Order) -> None:
    assert str(worth(order, [(1, Decimal(3)), (2, Decimal(1))])) == "10.50"


def test_no_more_is_paid_back_than_was_paid(shop: Shop, order: Order) -> None:
    for wanted in ((1, Decimal(2)), (2, Decimal(1))):
        say_yes(shop, ask_returning(shop, order, wanted))
    with shop.write() as work:
        first, second = (work.returns.approve(one.id) for one in work.returns.of_order(order.id))
        work.returns.refund(first.id, Money(Decimal(10), "USD"))

        with pytest.raises(InvalidInput, match=r"at most \$3\.00"):
            work.returns.refund(second.id, FIVE)

        assert work.returns.refund(second.id, Money(Decimal(3), "USD")).status == "refunded"


def test_goods_by_weight_are_returned_by_weight(shop: Shop, buyer: Shopper) -> None:
    fill_cart(shop, buyer, apples="0.5", tea="2")
    placed = place_order(shop, buyer)
    with shop.write() as work:
        for status in ("picking", "ready", "handed_over"):
            work.orders.advance(placed.id, status, actor="owner")
        order = work.orders.find(placed.id)

    assert "0.2 kg Apples by Weight (paid $0.60" in (
        ask_returning(shop, order, (1, Decimal("0.2"))).text
    )
    with pytest.raises(InvalidInput, match=r"At most 0\.5 kg Apples by Weight can be returned"):
        ask_returning(shop, order, (1, Decimal(5)))
    with pytest.raises(InvalidInput, match="whole pieces only"):
        ask_returning(shop, order, (2, Decimal("0.5")))


def test_tax_that_was_added_is_not_left_out_unsaid(shop: Shop, buyer: Shopper) -> None:
    taxed = replace(shop, profile=replace(shop.profile, tax=TaxTerms(Decimal(10))))
    fill_cart(taxed, buyer, tea="2")
    placed = place_order(taxed, buyer)
    with taxed.write() as work:
        for status in ("picking", "ready", "handed_over"):
            work.orders.advance(placed.id, status, actor="owner")
        order = work.orders.find(placed.id)

    assert "2 x Green Tea 20 bags (paid $6.00 plus tax; stale)" in ask_returning(taxed, order).text
