"""Baskets of the sample shop hang together, so that "goes well with" has something to learn."""

from collections import Counter
from datetime import datetime
from itertools import combinations

import pytest

from tests.knowledge.sample.shop_files import Basket, Kind, Product


def test_baskets_hold_at_least_two_different_products(baskets: list[Basket]) -> None:
    assert [b for b in baskets if len(set(b.basket)) < max(2, len(b.basket))] == []


def test_baskets_hold_only_products_of_the_shop(
    groceries: list[Product], baskets: list[Basket]
) -> None:
    assert {i for b in baskets for i in b.basket} <= {product.id for product in groceries}


def test_baskets_come_with_and_without_shopper_and_time(baskets: list[Basket]) -> None:
    forms = Counter((b.shopper is not None, b.at is not None) for b in baskets)

    assert len(baskets) >= 380
    assert set(forms) == {(False, False), (True, False), (True, True)}
    assert min(forms.values()) >= 40


def test_dated_baskets_are_in_order(baskets: list[Basket]) -> None:
    dates = [datetime.fromisoformat(b.at) for b in baskets if b.at]

    assert dates == sorted(dates)
    assert all(date.tzinfo for date in dates)


def test_most_of_the_range_has_been_bought_by_somebody(
    groceries: list[Product], baskets: list[Basket]
) -> None:
    assert len({i for b in baskets for i in b.basket}) >= 0.8 * len(groceries)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Kind(category="Pantry > Pasta"), Kind(category="Pantry > Sauces")),
        (Kind(category="Pantry > Pasta"), Kind("parmesan")),
        (Kind(category="Breakfast & cereals"), Kind(category="Dairy & eggs > Milk")),
        (Kind("chips", category="Snacks & bars > Chips"), Kind("salsa")),
        (Kind("diapers"), Kind("wipes")),
        (Kind("cat food"), Kind("litter")),
    ],
    ids=str,
)
def test_what_belongs_together_is_bought_together(
    groceries: list[Product], baskets: list[Basket], one: Kind, other: Kind
) -> None:
    left = {product.id for product in groceries if one.holds(product)}
    right = {product.id for product in groceries if other.holds(product)}
    with_left = [basket for basket in baskets if left & set(basket.basket)]
    both = [basket for basket in with_left if right & set(basket.basket)]
    anywhere = [basket for basket in baskets if right & set(basket.basket)]

    lift = (len(both) / len(with_left)) / (len(anywhere) / len(baskets))

    assert lift > 1.5


def test_pairs_are_bought_often_enough_to_learn_from(baskets: list[Basket]) -> None:
    pairs = Counter(pair for basket in baskets for pair in combinations(sorted(basket.basket), 2))

    assert sum(count >= 4 for count in pairs.values()) >= 100
