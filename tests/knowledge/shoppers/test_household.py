from typing import Any

import pytest
from sqlalchemy import func, select

from knowledge.carts.models import Actor
from knowledge.carts.undoing import undo_last
from knowledge.db.rows.people import ConsentRow
from knowledge.errors import InvalidInput, NotFound
from knowledge.shop import Shop
from knowledge.shoppers.household import MOST_MEMBERS
from knowledge.shoppers.members import Member, Needs
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk


@pytest.fixture
def market(talk: Talk) -> Shop:
    return talk.shop


@pytest.fixture
def customer(talk: Talk) -> Shopper:
    with talk.shop.read() as work:
        return work.shoppers.get(talk.caller.shopper_id)


def remember(shop: Shop, shopper: Shopper, name: str, **said: Any) -> list[Member]:
    with shop.write() as work:
        return work.household.set(shopper.id, name, **said)


def known(shop: Shop, shopper: Shopper) -> dict[str, tuple[str, ...]]:
    with shop.read() as work:
        members = work.household.members(shopper.id)
    return {one.name: (*one.diets, *one.allergens) for one in members}


def needs(shop: Shop, shopper: Shopper, *names: str) -> Needs:
    with shop.read() as work:
        return work.household.needs(shopper.id, names)


def undo(shop: Shop, shopper: Shopper) -> str:
    with shop.write() as work:
        return undo_last(work, shopper.cart_id, actor=Actor(shopper.id, "web")).summary


def test_what_is_said_of_a_member_is_added(market: Shop, customer: Shopper) -> None:
    remember(market, customer, "the kids", allergens=["tree nuts"])
    remember(market, customer, "Kid's", diets=["veggie"], allergens=["dairy"])
    remember(market, customer, "Anna", diets=["dairy free"])

    assert known(market, customer) == {"Anna": ("milk",), "kids": ("vegetarian", "nuts", "milk")}


def test_needs_are_the_strictest_of_all_and_say_whose_they_are(
    market: Shop, customer: Shopper
) -> None:
    with market.write() as work:
        work.preferences.set(customer.id, diets=["vegetarian"], allergens=["milk"])
    remember(market, customer, "Anna", diets=["vegan"], allergens=["milk"])
    remember(market, customer, "Tom", allergens=["fish"])

    own = needs(market, customer)
    assert (own.diets, own.allergens, own.names) == (("vegetarian",), ("milk",), ())

    both = needs(market, customer, "anna's")
    assert (both.diets, both.allergens, both.names) == (("vegan",), ("milk",), ("Anna",))
    assert both.whose("milk") == ("you", "Anna")
    assert both.whose("vegan") == ("Anna",)

    everyone = needs(market, customer, "the family")
    assert everyone.allergens == ("milk", "fish")
    assert everyone.names == ("Anna", "Tom")
    assert needs(market, customer, "Tom and Anna").names == ("Tom", "Anna")
    assert needs(market, customer, "me").names == ()


def test_a_name_nobody_has_is_refused_with_those_there_are(market: Shop, customer: Shopper) -> None:
    with pytest.raises(NotFound, match="yet; say what they avoid"):
        needs(market, customer, "Bob")
    remember(market, customer, "Anna")
    with pytest.raises(NotFound, match=r"'Bob' is known in the household\. Known: Anna"):
        needs(market, customer, "Anna", "Bob")
    with market.read() as work:
        assert work.household.needs(customer.id, ["Bob"], lenient=True).names == ()


def test_forgets_a_value_a_kind_and_a_member(market: Shop, customer: Shopper) -> None:
    remember(market, customer, "Anna", diets=["vegan", "keto"], allergens=["milk", "nuts"])
    remember(market, customer, "Anna", forget=["dairy", "keto"])
    assert known(market, customer) == {"Anna": ("vegan", "nuts")}
    remember(market, customer, "Anna", forget=["allergens"])
    assert known(market, customer) == {"Anna": ("vegan",)}
    with pytest.raises(NotFound, match="Nothing like 'fish' is remembered of Anna"):
        remember(market, customer, "Anna", forget=["fish"])
    remember(market, customer, "Anna", forget=["everything"])
    assert known(market, customer) == {}


def test_undo_takes_back_each_change(market: Shop, customer: Shopper) -> None:
    remember(market, customer, "Anna", allergens=["milk"])
    remember(market, customer, "Anna", diets=["vegan"])
    with market.write() as work:
        work.household.remove(customer.id, "anna")

    assert undo(market, customer) == "forgot Anna"
    assert known(market, customer) == {"Anna": ("vegan", "milk")}
    assert undo(market, customer) == "remembered vegan for Anna"
    assert undo(market, customer) == "remembered milk for Anna"
    assert known(market, customer) == {}


def test_replacing_keeps_what_was_not_given(market: Shop, customer: Shopper) -> None:
    remember(market, customer, "Anna", diets=["vegan"], allergens=["milk"])
    remember(market, customer, "Anna", allergens=["nuts"], replace_all=True)

    assert known(market, customer) == {"Anna": ("vegan", "nuts")}


def test_consent_is_kept_once(market: Shop, customer: Shopper) -> None:
    remember(market, customer, "Anna", allergens=["milk"])
    remember(market, customer, "Tom", allergens=["milk"])

    with market.read() as work:
        assert work.session.scalar(select(func.count()).select_from(ConsentRow)) == 1


def test_members_are_counted_and_ones_own(market: Shop, customer: Shopper) -> None:
    for number in range(MOST_MEMBERS):
        remember(market, customer, f"Kid {chr(ord('A') + number) * 2}")
    with pytest.raises(InvalidInput, match="No more than 20"):
        remember(market, customer, "One more")
    with market.write() as work:
        other = work.shoppers.create_anonymous("web")
        assert work.household.members(other.id) == []


def test_says_which_allergen_it_does_not_know(market: Shop, customer: Shopper) -> None:
    with pytest.raises(InvalidInput, match="It knows: gluten"):
        remember(market, customer, "Anna", allergens=["sunlight"])
    assert known(market, customer) == {}
