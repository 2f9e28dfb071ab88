from decimal import Decimal

import pytest

from knowledge.carts.edits import Add
from knowledge.carts.models import Actor
from knowledge.carts.projection import replay
from knowledge.carts.undoing import Undone, undo_last
from knowledge.errors import NotFound
from knowledge.lists.models import ListItem
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.market import contents, fill_cart


def undo(shop: Shop, shopper: Shopper) -> Undone:
    with shop.write() as work:
        return undo_last(work, shopper.cart_id, actor=Actor(shopper.id, "web"))


def test_undo_takes_back_the_whole_call(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="1")
    edits = [Add(product_id=one, quantity=Decimal(2)) for one in ("oats", "milk", "tea")]
    with market.write() as work:
        work.carts.apply(customer.cart_id, edits, actor=Actor(customer.id, "web"))
    assert len(contents(market, customer)) == 3

    undone = undo(market, customer)

    assert contents(market, customer) == {"c1 oats": "1"}
    assert undone.summary == (
        "changed Rolled Oats 500 g from 1 to 3, added 2 x Whole Milk 1 l, "
        "added 2 x Green Tea 20 bags"
    )


def test_changes_of_one_unit_of_work_are_one_entry(market: Shop, customer: Shopper) -> None:
    actor = Actor(customer.id, "web")
    fill_cart(market, customer, oats="1")
    with market.write() as work:
        work.carts.add(customer.cart_id, "milk", Decimal(1), actor=actor)
        work.carts.set_quantity(customer.cart_id, "c1", Decimal(5), actor=actor)
        work.carts.add(customer.cart_id, "milk", Decimal(1), actor=actor)

    undo(market, customer)

    assert contents(market, customer) == {"c1 oats": "1"}


def test_undo_again_goes_further_back(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="1", milk="2")

    undo(market, customer)
    assert contents(market, customer) == {"c1 oats": "1"}
    undo(market, customer)
    assert contents(market, customer) == {}
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(market, customer)


def test_a_swap_is_swapped_back_under_its_own_id(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2", tea="1")
    with market.write() as work:
        work.carts.swap(customer.cart_id, "c1", "tea", Decimal(2), actor=Actor(customer.id, "web"))
    assert contents(market, customer) == {"c2 tea": "3"}

    undo(market, customer)

    assert contents(market, customer) == {"c1 oats": "2", "c2 tea": "1"}


def test_undo_is_an_event_itself(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="1")
    undo(market, customer)

    with market.read() as work:
        history = work.carts.history(customer.cart_id)
        assert [event.kind for event in history] == ["added", "restored"]
        assert replay(history) == work.carts.get(customer.cart_id).lines == ()
        assert work.carts.get(customer.cart_id).version == 2


def test_emptying_is_undone(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="1", milk="2")
    with market.write() as work:
        work.carts.empty(customer.cart_id, actor=Actor(customer.id, "web"))
    assert contents(market, customer) == {}

    undo(market, customer)

    assert contents(market, customer) == {"c1 oats": "1", "c2 milk": "2"}


def test_undo_takes_back_what_came_last_of_cart_budget_and_preferences(
    market: Shop, customer: Shopper
) -> None:
    fill_cart(market, customer, oats="1")
    with market.write() as work:
        work.budgets.set(customer.id, "40", "week")
    with market.write() as work:
        work.preferences.set(customer.id, diets=["vegan"])

    assert undo(market, customer).kind == "preferences"
    assert undo(market, customer).kind == "budget"
    with market.read() as work:
        assert work.preferences.of(customer.id).diets == ()
        assert work.budgets.active(customer.id) == []
    assert contents(market, customer) == {"c1 oats": "1"}


def test_undo_takes_back_members_of_the_household_and_lists(
    market: Shop, customer: Shopper
) -> None:
    with market.write() as work:
        work.household.set(customer.id, "Anna", allergens=["milk"])
    with market.write() as work:
        work.lists.save(customer.id, "weekly", [ListItem("oats", Decimal("0.5"))])
    with market.write() as work:
        work.household.remove(customer.id, "Anna")
        work.lists.delete(customer.id, "weekly")

    assert {undo(market, customer).kind, undo(market, customer).kind} == {"household", "list"}
    with market.read() as work:
        assert work.household.members(customer.id)[0].allergens == ("milk",)
        assert work.lists.of_shopper(customer.id)[0].items == (ListItem("oats", Decimal("0.5")),)
    assert [undo(market, customer).kind for _ in range(2)] == ["list", "household"]
    with market.read() as work:
        assert work.household.members(customer.id) == []
        assert work.lists.of_shopper(customer.id) == []


def test_a_replaced_budget_comes_back(market: Shop, customer: Shopper) -> None:
    for amount in ("40", "60"):
        with market.write() as work:
            work.budgets.set(customer.id, amount, "week")

    undo(market, customer)

    with market.read() as work:
        assert [str(one.amount) for one in work.budgets.active(customer.id)] == ["40.00"]


def test_a_line_that_came_back_otherwise_is_not_doubled(market: Shop, customer: Shopper) -> None:
    """Two people share a cart: one swaps oats out, the other adds oats, the first undoes."""
    fill_cart(market, customer, oats="2")
    with market.write() as work:
        other = work.shoppers.create_anonymous("web")
        work.carts._rows.add_member(  # noqa: SLF001 - sharing a cart has no door yet
            customer.cart_id, other.id, role="member", now=work.clock.now()
        )
    actor = Actor(customer.id, "web")
    with market.write() as work:
        work.carts.swap(customer.cart_id, "c1", "tea", Decimal(2), actor=actor)
    with market.write() as work:
        work.carts.add(customer.cart_id, "oats", Decimal(3), actor=Actor(other.id, "web"))

    undo(market, customer)

    assert contents(market, customer) == {"c1 oats": "3"}
