from datetime import timedelta

import pytest

from knowledge.carts.coupon_entry import CouponEntry, enter_coupon, take_out_coupon
from knowledge.carts.models import Actor
from knowledge.carts.undoing import undo_last
from knowledge.errors import Conflict, ErrorKind, Limited, NotFound
from knowledge.pricing.coupons import MOST_TRIES
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.delivering import coupon
from tests.fixed_clock import FixedClock
from tests.market import fill_cart
from tests.orders import ask, say_yes


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The race for the last use runs on both kinds of database."""
    return sqlite_url


def enter(shop: Shop, shopper: Shopper, code: str) -> CouponEntry:
    with shop.write() as work:
        return enter_coupon(work, shopper.cart_id, code, actor=Actor(shopper.id, "web"))


def total(shop: Shop, shopper: Shopper) -> str:
    with shop.read() as work:
        return str(work.pricing.quote(work.carts.get(shopper.cart_id)).total)


def add(shop: Shop, *rows: object) -> None:
    with shop.write() as work:
        work.session.add_all(rows)


@pytest.mark.parametrize("typed", ["WELCOME 10", "welcome10", " Welcome10 "])
def test_a_code_counts_whatever_its_case_and_spaces(
    market: Shop, customer: Shopper, typed: str
) -> None:
    add(market, coupon("WELCOME10"))
    fill_cart(market, customer, tea="2")

    entry = enter(market, customer, typed)

    assert entry.text == "Coupon WELCOME10 is entered: 10% off, $0.60 off."
    assert total(market, customer) == "5.40"
    with market.write() as work:
        out = take_out_coupon(work, customer.cart_id, "welcome 10", actor=Actor(customer.id, "web"))
    assert out.text == "Coupon WELCOME10 is taken out."
    assert total(market, customer) == "6.00"


def test_a_code_that_cannot_be_used_says_why(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    now, day = clock.now(), timedelta(days=1)
    add(
        market,
        coupon("SOON", starts_at=now + day),
        coupon("GONE", ends_at=now - day),
        coupon("BROKEN", percent="a lot"),
    )
    said = {code: enter(market, customer, code) for code in ("SOON", "GONE", "BROKEN", "x" * 99)}

    assert said["SOON"].text == "The coupon SOON can be used from Nov 24, 2026."
    assert said["GONE"].text == "The coupon GONE has ended on Nov 22, 2026."
    assert said["BROKEN"].text == "There is no coupon BROKEN."
    assert isinstance(said["GONE"].refused, Conflict)
    assert isinstance(said["x" * 99].refused, NotFound)


def test_below_its_minimum_a_coupon_says_what_is_missing(market: Shop, customer: Shopper) -> None:
    add(market, coupon("TEN", minimum="10.00"))
    fill_cart(market, customer, tea="2")

    entry = enter(market, customer, "ten")

    assert entry.refused is None
    assert "It counts from $10.00 of items on; $4.00 more is needed." in entry.text
    fill_cart(market, customer, tea="2")
    assert total(market, customer) == "10.80"


def test_one_coupon_takes_the_place_of_another(market: Shop, customer: Shopper) -> None:
    add(market, coupon("ONE"), coupon("TWO", percent="20"))
    fill_cart(market, customer, tea="2")
    enter(market, customer, "ONE")

    assert "takes the place of ONE" in enter(market, customer, "TWO").text
    assert total(market, customer) == "4.80"


def test_a_coupon_can_be_undone_with_and_without_lines(market: Shop, customer: Shopper) -> None:
    add(market, coupon("HALF", percent="50"))
    cart = fill_cart(market, customer, tea="2")
    actor = Actor(customer.id, "web")
    enter(market, customer, "HALF")
    with market.write() as work:
        assert undo_last(work, cart.id, actor=actor).summary == "entered the coupon HALF"
    assert total(market, customer) == "6.00"

    with market.write() as work:
        enter_coupon(work, cart.id, "HALF", actor=actor)
        work.carts.remove(cart.id, "c1", actor=actor)
    with market.write() as work:
        undo_last(work, cart.id, actor=actor)
        after = work.carts.get(cart.id)
    assert (len(after.lines), after.coupons) == (1, ())


def test_a_coupon_for_once_is_used_once(market: Shop, customer: Shopper) -> None:
    add(market, coupon("HELLO", percent="50", once=True))
    fill_cart(market, customer, tea="2")
    enter(market, customer, "HELLO")
    decision = say_yes(market, ask(market, customer))
    assert "total $3.00" in decision.text
    with market.read() as work:
        assert work.carts.get(customer.cart_id).coupons == ()

    again = enter(market, customer, "HELLO")
    assert again.text == "You have used the coupon HELLO already; it is good for once."
    with market.write() as work:
        work.coupons.release(decision.order_id or "")
    assert enter(market, customer, "HELLO").refused is None


def test_a_coupon_that_ends_during_the_confirmation_asks_anew(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    add(market, coupon("SHORT", ends_at=clock.now() + timedelta(minutes=5)))
    fill_cart(market, customer, tea="2")
    enter(market, customer, "SHORT")
    asked = ask(market, customer)
    clock.advance(360)

    decision = say_yes(market, asked)

    assert decision.outcome == "changed"
    assert "the total is $6.00 instead of $5.40" in decision.text


def test_guessing_is_stopped_for_a_while(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    add(market, coupon("REAL"))
    for number in range(MOST_TRIES):
        assert enter(market, customer, f"guess{number}").refused is not None

    with pytest.raises(Limited) as refused:
        enter(market, customer, "REAL")
    assert refused.value.kind == ErrorKind.LIMITED
    clock.advance(601)
    assert enter(market, customer, "REAL").refused is None


def test_a_coupon_that_is_not_entered_cannot_be_taken_out(market: Shop, customer: Shopper) -> None:
    with market.write() as work, pytest.raises(NotFound, match="No coupon is entered"):
        take_out_coupon(work, customer.cart_id, "X", actor=Actor(customer.id, "web"))


def test_the_question_says_that_a_coupon_has_ended(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    add(market, coupon("TEN", ends_at=clock.now() + timedelta(hours=1)))
    fill_cart(market, customer, tea="2")
    enter(market, customer, "TEN")
    clock.advance(3600)

    asked = ask(market, customer)

    assert asked.text.startswith("Coupon TEN can no longer be used. Order 2 items, total $6.00")
