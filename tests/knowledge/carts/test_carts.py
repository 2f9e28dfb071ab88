from decimal import Decimal

import pytest

from knowledge.carts.edits import Add, Edit, SetQuantity
from knowledge.carts.errors import NotSold, OutOfStock, QuantityRefused
from knowledge.carts.models import Actor
from knowledge.carts.projection import replay
from knowledge.errors import Contended, Forbidden, NotFound, ProductNotFound
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.market import contents, fill_cart, goods, stock_shelves


def web(shopper: Shopper) -> Actor:
    return Actor(shopper.id, "web")


def test_adding_a_product_again_raises_its_line(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2", milk="1")
    fill_cart(market, customer, oats="3")

    assert contents(market, customer) == {"c1 oats": "5", "c2 milk": "1"}


def test_line_ids_are_never_given_again(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="1", milk="1")
    with market.write() as work:
        work.carts.remove(customer.cart_id, "c2", actor=web(customer))
    fill_cart(market, customer, milk="1")

    assert contents(market, customer) == {"c1 oats": "1", "c3 milk": "1"}


def test_every_change_advances_the_version_by_one(market: Shop, customer: Shopper) -> None:
    cart = fill_cart(market, customer, oats="1", milk="1")
    assert cart.version == 2

    edits: list[Edit] = [
        Add(product_id="tea", quantity=Decimal(1)),
        SetQuantity(line="c1", quantity=Decimal(4)),
    ]
    with market.write() as work:
        change = work.carts.apply(customer.cart_id, edits, actor=web(customer))

    assert change.cart.version == 3
    assert [one.kind for one in change.changes] == ["added", "changed"]


def test_a_change_from_an_old_version_is_contended(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        stale = work.carts.get(customer.cart_id)
    fill_cart(market, customer, oats="1")

    with market.write() as work, pytest.raises(Contended):
        work.carts._rows.advance(stale, next_line=9, now=work.clock.now())  # noqa: SLF001

    assert contents(market, customer) == {"c1 oats": "1"}


def test_the_events_of_a_cart_give_its_lines(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="1", milk="2", tea="1")
    with market.write() as work:
        work.carts.swap(customer.cart_id, "c1", "tea", Decimal(1), actor=web(customer))
    with market.write() as work:
        work.carts.set_quantity(customer.cart_id, "c2", Decimal(5), actor=web(customer))

    with market.read() as work:
        history = work.carts.history(customer.cart_id)
        lines = work.carts.get(customer.cart_id).lines

    assert [event.kind for event in history] == [
        "added", "added", "added", "removed", "swapped", "changed",
    ]  # fmt: skip
    assert replay(history) == lines


def test_a_swap_keeps_the_line(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2", milk="1")

    with market.write() as work:
        change = work.carts.swap(customer.cart_id, "c1", "tea", Decimal(2), actor=web(customer))

    assert contents(market, customer) == {"c1 tea": "2", "c2 milk": "1"}
    assert change.changes[0].replaced == "oats"


@pytest.mark.parametrize(
    ("product", "quantity", "says"),
    [
        ("oats", "100", "more than the 99"),
        ("oats", "1.5", "whole pieces"),
        ("oats", "-1", "more than zero"),
        ("oats", "0", "more than zero"),
        ("wine", "7", "At most 6"),
        ("apples", "0.1", "smallest amount of Apples by Weight is 0.2 kg"),
        ("apples", "0.55", "0.5 kg or 0.6 kg"),
    ],
)
def test_amounts_nobody_can_buy_are_refused(
    market: Shop, customer: Shopper, product: str, quantity: str, says: str
) -> None:
    with market.write() as work, pytest.raises(QuantityRefused, match=says):
        work.carts.add(customer.cart_id, product, Decimal(quantity), actor=web(customer))

    assert contents(market, customer) == {}


def test_what_is_sold_out_is_said_to_be(market: Shop, customer: Shopper) -> None:
    with market.write() as work, pytest.raises(OutOfStock, match="Plums 500 g is sold out"):
        work.carts.add(customer.cart_id, "plums", Decimal(1), actor=web(customer))


def test_more_than_is_left_adds_nothing_and_says_what_is_left(
    market: Shop, customer: Shopper
) -> None:
    fill_cart(market, customer, milk="8")

    with market.write() as work, pytest.raises(OutOfStock, match="Only 10 of Whole Milk") as told:
        work.carts.add(customer.cart_id, "milk", Decimal(3), actor=web(customer))

    assert told.value.left == 10
    assert contents(market, customer) == {"c1 milk": "8"}


def test_stock_that_is_not_tracked_never_runs_out(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, tea="99")

    assert contents(market, customer) == {"c1 tea": "99"}


def test_a_delisted_product_cannot_be_added_but_can_be_removed(
    market: Shop, customer: Shopper
) -> None:
    fill_cart(market, customer, oats="2")
    with market.write() as work:
        work.catalog.delist(["oats"])

    with market.write() as work, pytest.raises(NotSold, match="no longer sold"):
        work.carts.add(customer.cart_id, "oats", Decimal(1), actor=web(customer))
    with market.write() as work:
        work.carts.remove(customer.cart_id, "c1", actor=web(customer))

    assert contents(market, customer) == {}


def test_a_product_nobody_knows_is_not_found(market: Shop, customer: Shopper) -> None:
    with market.write() as work, pytest.raises(ProductNotFound):
        work.carts.add(customer.cart_id, "unicorn", Decimal(1), actor=web(customer))


def test_a_failing_edit_leaves_the_others_undone(market: Shop, customer: Shopper) -> None:
    edits = [
        Add(product_id="oats", quantity=Decimal(1)),
        Add(product_id="plums", quantity=Decimal(1)),
    ]

    with market.write() as work, pytest.raises(OutOfStock):
        work.carts.apply(customer.cart_id, edits, actor=web(customer))

    assert contents(market, customer) == {}


def test_only_members_change_a_cart(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        stranger = work.shoppers.create_anonymous("web")

    with market.write() as work, pytest.raises(Forbidden):
        work.carts.add(customer.cart_id, "oats", Decimal(1), actor=web(stranger))


def test_a_line_that_is_not_there_is_not_found(market: Shop, customer: Shopper) -> None:
    with market.write() as work, pytest.raises(NotFound, match="no line c7"):
        work.carts.set_quantity(customer.cart_id, "c7", Decimal(1), actor=web(customer))


def test_open_for_gives_the_cart_of_the_shopper(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        assert work.carts.open_for(customer.id).id == customer.cart_id
        with pytest.raises(NotFound):
            work.carts.open_for("nobody")


def test_setting_the_same_quantity_changes_nothing(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    with market.write() as work:
        change = work.carts.set_quantity(customer.cart_id, "c1", Decimal(2), actor=web(customer))

    assert change.changes == ()
    assert change.cart.version == 1


def test_a_line_can_be_lowered_to_what_is_left(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, milk="8")
    stock_shelves(market, goods("milk", "1.20", stock=3))

    with market.write() as work:
        work.carts.set_quantity(customer.cart_id, "c1", Decimal(3), actor=web(customer))

    assert contents(market, customer) == {"c1 milk": "3"}
