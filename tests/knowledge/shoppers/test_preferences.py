from typing import Any

import pytest
from sqlalchemy import func, select

from knowledge.carts.models import Actor
from knowledge.carts.undoing import undo_last
from knowledge.db.rows.people import ConsentRow
from knowledge.errors import InvalidInput, NotFound
from knowledge.shop import Shop
from knowledge.shoppers.preferences import ShopperPreferences
from knowledge.shoppers.shoppers import Shopper


def remember(shop: Shop, shopper: Shopper, **said: Any) -> ShopperPreferences:
    with shop.write() as work:
        return work.preferences.set(shopper.id, **said)


def known(shop: Shop, shopper: Shopper) -> ShopperPreferences:
    with shop.read() as work:
        return work.preferences.of(shopper.id)


def test_nothing_is_known_of_a_new_shopper(market: Shop, customer: Shopper) -> None:
    assert known(market, customer) == ShopperPreferences()


def test_what_is_said_is_added(market: Shop, customer: Shopper) -> None:
    remember(market, customer, diets=["vegan"], allergens=["nuts"], dislikes=["Olives "])
    remember(market, customer, diets=["gluten free"], brands=["Northfield"])

    assert known(market, customer) == ShopperPreferences(
        diets=("gluten_free", "vegan"),
        allergens=("nuts",),
        dislikes=("olives",),
        brands=("Northfield",),
    )


def test_saying_it_twice_changes_nothing(market: Shop, customer: Shopper) -> None:
    remember(market, customer, diets=["vegan"])
    remember(market, customer, diets=["vegan"])

    with market.write() as work:
        undo_last(work, customer.cart_id, actor=Actor(customer.id, "web"))
    assert known(market, customer) == ShopperPreferences()


def test_vegan_and_vegetarian_take_each_others_place(market: Shop, customer: Shopper) -> None:
    remember(market, customer, diets=["vegetarian"])
    assert remember(market, customer, diets=["vegan"]).diets == ("vegan",)
    assert remember(market, customer, diets=["vegetarian"]).diets == ("vegetarian",)


def test_sustainability_has_one_level(market: Shop, customer: Shopper) -> None:
    remember(market, customer, sustainability="low")

    assert remember(market, customer, sustainability="high").sustainability == "high"
    with pytest.raises(InvalidInput, match="low, medium or high"):
        remember(market, customer, sustainability="immense")


def test_dairy_free_avoids_milk(market: Shop, customer: Shopper) -> None:
    assert remember(market, customer, diets=["dairy free"]) == ShopperPreferences(
        allergens=("milk",)
    )


@pytest.mark.parametrize(
    ("forget", "left"),
    [
        (["vegan"], ShopperPreferences((), ("milk",), ("olives",))),
        (["dairy"], ShopperPreferences(("vegan",), (), ("olives",))),
        (["Olives"], ShopperPreferences(("vegan",), ("milk",), ())),
        (["diets", "allergens"], ShopperPreferences(dislikes=("olives",))),
        (["everything"], ShopperPreferences()),
    ],
)
def test_what_is_named_is_forgotten(
    market: Shop, customer: Shopper, forget: list[str], left: ShopperPreferences
) -> None:
    remember(market, customer, diets=["vegan"], allergens=["milk"], dislikes=["olives"])

    assert remember(market, customer, forget=forget) == left


def test_what_was_never_known_cannot_be_forgotten(market: Shop, customer: Shopper) -> None:
    with pytest.raises(NotFound, match="Nothing like 'keto'"):
        remember(market, customer, forget=["keto"])


def test_replacing_takes_the_place_of_the_kinds_given(market: Shop, customer: Shopper) -> None:
    remember(market, customer, diets=["vegan"], allergens=["milk"])

    now = remember(market, customer, diets=["keto"], replace=True)

    assert now == ShopperPreferences(diets=("keto",), allergens=("milk",))
    assert remember(market, customer, allergens=[], replace=True).allergens == ()


def test_one_wrong_word_keeps_the_rest_from_being_remembered(
    market: Shop, customer: Shopper
) -> None:
    with pytest.raises(InvalidInput):
        remember(market, customer, diets=["vegan", "moonlight"])

    assert known(market, customer) == ShopperPreferences()


def test_consent_is_written_down_once(market: Shop, customer: Shopper) -> None:
    with market.read() as work:
        assert not work.preferences.consented(customer.id)
    remember(market, customer, diets=["vegan"])
    remember(market, customer, diets=["keto"])

    with market.read() as work:
        assert work.preferences.consented(customer.id)
        assert work.session.scalar(select(func.count()).select_from(ConsentRow)) == 1


def test_there_is_an_end_to_what_is_remembered(market: Shop, customer: Shopper) -> None:
    with pytest.raises(InvalidInput, match="No more than 50"):
        remember(market, customer, dislikes=[f"thing {n}" for n in range(51)])
    with pytest.raises(InvalidInput):
        remember(market, customer, dislikes=["x" * 101])
