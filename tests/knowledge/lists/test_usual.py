from datetime import UTC, datetime, timedelta
from decimal import Decimal

from knowledge.carts.quantities import plain
from knowledge.lists.usual import usual_items
from knowledge.money import Money
from knowledge.orders.models import Order, OrderLine

START = datetime(2026, 3, 1, tzinfo=UTC)
PRICE = Money(Decimal(1), "USD")


def order(day: int, status: str = "placed", **bought: str) -> Order:
    lines = tuple(
        OrderLine(number, product, product, Decimal(quantity), PRICE, PRICE)
        for number, (product, quantity) in enumerate(bought.items(), start=1)
    )
    return Order(
        id=f"o{day}",
        number=str(day),
        shopper_id="s",
        status=status,
        placed_at=START + timedelta(days=day),
        fulfilment="pickup",
        lines=lines,
        totals=(),
        total=PRICE,
    )


def usual(*orders: Order) -> dict[str, str]:
    return {one.product_id: plain(one.quantity) for one in usual_items(orders)}


def test_what_was_bought_in_two_orders_most_often_first() -> None:
    found = usual(
        order(1, oats="1", milk="2"),
        order(2, milk="4", tea="1"),
        order(3, milk="2", oats="3", wine="6"),
    )

    assert found == {"milk": "2", "oats": "1"}
    assert list(found) == ["milk", "oats"]


def test_of_equally_frequent_the_last_bought_comes_first() -> None:
    assert list(usual(order(1, a="1", b="1"), order(2, a="1"), order(3, b="1"))) == ["b", "a"]


def test_the_amount_is_one_that_was_bought() -> None:
    assert usual(order(1, apples="0.5"), order(2, apples="1.3")) == {"apples": "0.5"}


def test_cancelled_orders_do_not_count() -> None:
    assert usual(order(1, oats="1"), order(2, "cancelled", oats="1")) == {}
    assert usual() == {}
