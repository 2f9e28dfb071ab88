from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from knowledge.errors import InvalidInput, ProductNotFound

if TYPE_CHECKING:
    from knowledge.shop import Shop


def test_stock_is_set_and_counted_on_and_every_process_hears_of_it(market: "Shop") -> None:
    with market.write() as work:
        before = work.catalog.revision()
        assert work.stock.set("oats", Decimal(7)).stock == 7
        assert work.stock.add("oats", Decimal(-3)).stock == 4
        assert {change.product_id for change in work.catalog.changes_since(before)} == {"oats"}


def test_stock_that_is_not_tracked_is_always_there(market: "Shop") -> None:
    with market.write() as work:
        product = work.stock.set("plums", None)
        assert product.stock is None
        assert product.in_stock
        with pytest.raises(InvalidInput, match="not tracked"):
            work.stock.add("plums", Decimal(1))


@pytest.mark.parametrize(
    ("product", "quantity", "error", "said"),
    [
        ("oats", "-1", InvalidInput, "no stock"),
        ("oats", "1.5", InvalidInput, "whole number"),
        ("nothing", "1", ProductNotFound, "nothing"),
    ],
)
def test_a_stock_that_cannot_be_is_refused(
    market: "Shop", product: str, quantity: str, error: type[Exception], said: str
) -> None:
    with market.write() as work, pytest.raises(error, match=said):
        work.stock.set(product, Decimal(quantity))


def test_more_cannot_go_out_than_there_is(market: "Shop") -> None:
    with market.write() as work, pytest.raises(InvalidInput, match="only 40"):
        work.stock.add("oats", Decimal(-41))


def test_what_runs_low_is_listed_the_scarcest_first(market: "Shop") -> None:
    with market.read() as work:
        assert [product.id for product in work.stock.low(Decimal(10))] == ["plums", "honey", "milk"]
