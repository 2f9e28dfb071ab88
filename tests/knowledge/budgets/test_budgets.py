from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from knowledge.budgets.models import BudgetConsentRequired, BudgetExceeded, BudgetState
from knowledge.carts.models import Actor
from knowledge.errors import InvalidInput, NotFound
from knowledge.money import Money
from knowledge.profile import ShopProfile
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.fixed_clock import FixedClock
from tests.market import contents, fill_cart
from tests.orders import place_order


def state_of(shop: Shop, shopper: Shopper) -> BudgetState | None:
    with shop.read() as work:
        quote = work.pricing.quote(work.carts.get(shopper.cart_id))
        return work.budgets.state(shopper.id, quote)


def set_budget(shop: Shop, shopper: Shopper, amount: str, *words: str) -> None:
    with shop.write() as work:
        work.budgets.set(shopper.id, amount, *words)  # type: ignore[arg-type]


def test_no_budget_no_state(market: Shop, customer: Shopper) -> None:
    assert state_of(market, customer) is None


@pytest.mark.parametrize(
    ("amount", "state", "left"),
    [("10.00", "under", "4.00"), ("6.66", "close", "0.66"), ("6.00", "close", "0.00"),
     ("5.00", "over", "-1.00")],
)  # fmt: skip
def test_the_cart_counts_against_the_budget(
    market: Shop, customer: Shopper, amount: str, state: str, left: str
) -> None:
    fill_cart(market, customer, tea="2")
    set_budget(market, customer, amount, "week")

    standing = state_of(market, customer)

    assert standing is not None
    assert (standing.state, str(standing.left)) == (state, left)


def test_orders_count_as_spent_and_a_trip_ends_with_its_order(
    market: Shop, customer: Shopper
) -> None:
    set_budget(market, customer, "20.00", "trip")
    set_budget(market, customer, "100.00", "week")
    fill_cart(market, customer, tea="2")
    place_order(market, customer)

    standing = state_of(market, customer)

    assert standing is not None
    assert (standing.budget.period, str(standing.spent), str(standing.in_cart)) == (
        "week", "6.00", "0.00",
    )  # fmt: skip


def test_a_budget_set_in_the_middle_counts_since_the_period_began(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    fill_cart(market, customer, tea="1")
    place_order(market, customer)
    clock.advance(days=3)

    set_budget(market, customer, "10.00", "week")
    standing = state_of(market, customer)
    assert standing is not None
    assert str(standing.spent) == "3.00"

    clock.advance(days=4)
    standing = state_of(market, customer)
    assert standing is not None
    assert str(standing.spent) == "0.00"


def test_the_tightest_decides(market: Shop, customer: Shopper) -> None:
    set_budget(market, customer, "100.00", "month")
    set_budget(market, customer, "30.00", "week")
    set_budget(market, customer, "50.00", "trip")

    standing = state_of(market, customer)

    assert standing is not None
    assert standing.budget.period == "week"


def test_a_new_budget_replaces_the_one_of_its_period_and_keeps_the_rule(
    market: Shop, customer: Shopper
) -> None:
    set_budget(market, customer, "40.00", "week", "ask")
    set_budget(market, customer, "50.00", "week")

    with market.read() as work:
        (budget,) = work.budgets.active(customer.id)
    assert (str(budget.amount), budget.rule) == ("50.00", "ask")


@pytest.mark.parametrize("amount", ["0", "-5", "1000001", "12.345", "NaN", "a lot"])
def test_amounts_that_make_no_sense_are_refused(
    market: Shop, customer: Shopper, amount: str
) -> None:
    with market.write() as work, pytest.raises(InvalidInput):
        work.budgets.set(customer.id, amount, "week")


def test_clearing_ends_what_is_named(market: Shop, customer: Shopper) -> None:
    with market.write() as work, pytest.raises(NotFound, match="No budget is set"):
        work.budgets.clear(customer.id)
    set_budget(market, customer, "40.00", "week")
    with market.write() as work, pytest.raises(NotFound, match=r"one of \$40.00 for this week"):
        work.budgets.clear(customer.id, "month")
    with market.write() as work:
        work.budgets.clear(customer.id)

    assert state_of(market, customer) is None


def test_telling_lets_everything_through(market: Shop, customer: Shopper) -> None:
    set_budget(market, customer, "5.00", "week", "tell")
    with market.write() as work:
        change = work.carts.add(
            customer.cart_id, "tea", Decimal(2), actor=Actor(customer.id, "web")
        )

    assert change.budget is not None
    assert (change.budget.state, str(change.budget.over)) == ("over", "1.00")


def test_refusing_stops_what_goes_over_and_says_by_how_much(
    market: Shop, customer: Shopper
) -> None:
    set_budget(market, customer, "5.00", "week", "refuse")
    fill_cart(market, customer, tea="1")

    with market.write() as work, pytest.raises(BudgetExceeded, match=r"by \$1.00"):
        work.carts.add(customer.cart_id, "tea", Decimal(1), actor=Actor(customer.id, "web"))

    assert contents(market, customer) == {"c1 tea": "1"}


def test_refusing_holds_even_when_another_budget_is_tighter(
    market: Shop, customer: Shopper
) -> None:
    set_budget(market, customer, "4.00", "month", "tell")
    set_budget(market, customer, "5.00", "week", "refuse")

    with market.write() as work, pytest.raises(BudgetExceeded, match="this week"):
        work.carts.add(customer.cart_id, "tea", Decimal(2), actor=Actor(customer.id, "web"))


def test_what_makes_the_cart_cheaper_is_never_stopped(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="5")
    set_budget(market, customer, "5.00", "week", "refuse")

    with market.write() as work:
        work.carts.set_quantity(customer.cart_id, "c1", Decimal(4), actor=Actor(customer.id, "web"))

    assert contents(market, customer) == {"c1 tea": "4"}


def test_asking_needs_a_consent_that_code_took(market: Shop, customer: Shopper) -> None:
    set_budget(market, customer, "5.00", "week", "ask")
    actor = Actor(customer.id, "web")

    with market.write() as work, pytest.raises(BudgetConsentRequired) as asked:
        work.carts.add(customer.cart_id, "tea", Decimal(2), actor=actor)
    with market.write() as work, pytest.raises(BudgetConsentRequired):
        work.carts.add(customer.cart_id, "tea", Decimal(2), actor=actor, consent="f_made_up")

    assert str(asked.value.state.over) == "1.00"
    assert asked.value.summary == "added 2 x Green Tea 20 bags"
    assert contents(market, customer) == {}


def test_a_period_follows_the_calendar_of_the_shop(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    """Monday 00:30 in Auckland is Sunday in UTC, and the week has begun."""
    there = replace(market, profile=ShopProfile(timezone=ZoneInfo("Pacific/Auckland")))
    clock.advance((datetime(2026, 11, 29, 10, 0, tzinfo=UTC) - clock.now()).total_seconds())
    fill_cart(there, customer, tea="1")
    place_order(there, customer)
    set_budget(there, customer, "10.00", "week")
    assert str(state_of(there, customer).spent) == "3.00"  # type: ignore[union-attr]

    clock.advance(90 * 60)

    assert str(state_of(there, customer).spent) == "0.00"  # type: ignore[union-attr]


def test_another_currency_is_another_budget(market: Shop, customer: Shopper) -> None:
    set_budget(market, customer, "40.00", "week")
    elsewhere = replace(market, profile=ShopProfile(currency="EUR"))

    with elsewhere.read() as work:
        assert work.budgets.active(customer.id) == []
    with market.read() as work:
        assert work.budgets.active(customer.id)[0].amount == Money(Decimal(40), "USD")
