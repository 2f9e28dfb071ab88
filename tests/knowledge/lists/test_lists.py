from decimal import Decimal

import pytest

from knowledge.carts.models import Actor
from knowledge.carts.quantities import plain
from knowledge.carts.undoing import undo_last
from knowledge.errors import Conflict, InvalidInput, NotFound
from knowledge.lists import lists
from knowledge.lists.models import ListItem
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk


@pytest.fixture
def market(talk: Talk) -> Shop:
    return talk.shop


@pytest.fixture
def customer(talk: Talk) -> Shopper:
    with talk.shop.read() as work:
        return work.shoppers.get(talk.caller.shopper_id)


def items(**amounts: str) -> list[ListItem]:
    return [ListItem(product, Decimal(amount)) for product, amount in amounts.items()]


def known(shop: Shop, shopper: Shopper) -> dict[str, dict[str, str]]:
    with shop.read() as work:
        saved = work.lists.of_shopper(shopper.id)
    return {
        one.name: {item.product_id: plain(item.quantity) for item in one.items} for one in saved
    }


def test_a_list_is_saved_changed_and_deleted(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.lists.save(customer.id, "Weekly", items(oats="2", milk="1"))
        work.lists.add(customer.id, "my weekly list", items(milk="3", tea="1"))
    assert known(market, customer) == {"Weekly": {"oats": "2", "milk": "3", "tea": "1"}}

    with market.write() as work:
        work.lists.remove(customer.id, "WEEKLY", ["oats"])
        work.lists.rename(customer.id, "weekly", "Sundays")
    assert known(market, customer) == {"Sundays": {"milk": "3", "tea": "1"}}

    with market.write() as work:
        work.lists.delete(customer.id, "sundays")
    assert known(market, customer) == {}


def test_saving_again_replaces_what_a_list_holds(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.lists.save(customer.id, "weekly", items(oats="2"))
        work.lists.save(customer.id, "WEEKLY", items(tea="1"))

    assert known(market, customer) == {"weekly": {"tea": "1"}}


def test_each_change_is_undone(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.lists.save(customer.id, "weekly", items(oats="2"))
    with market.write() as work:
        work.lists.add(customer.id, "weekly", items(tea="1"))
    with market.write() as work:
        work.lists.delete(customer.id, "weekly")

    said = []
    for expected in ({"weekly": {"oats": "2", "tea": "1"}}, {"weekly": {"oats": "2"}}, {}):
        with market.write() as work:
            actor = Actor(customer.id, "web")
            said.append(undo_last(work, customer.cart_id, actor=actor).summary)
        assert known(market, customer) == expected
    assert said[0] == "deleted the list weekly"


def test_names_are_the_shoppers_own_and_one_of_a_kind(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.lists.save(customer.id, "weekly", items(oats="1"))
        work.lists.save(customer.id, "party", items(wine="1"))
        with pytest.raises(Conflict, match="called weekly already"):
            work.lists.rename(customer.id, "party", "Weekly")
        other = work.shoppers.create_anonymous("web")
        with pytest.raises(NotFound, match="None is saved yet"):
            work.lists.get(other.id, "weekly")
        with pytest.raises(NotFound, match="There are: party, weekly"):
            work.lists.delete(customer.id, "monthly")


def test_lists_and_what_they_hold_are_counted(
    market: Shop, customer: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_LISTS", 1)
    monkeypatch.setattr(lists, "MOST_ITEMS", 2)
    with market.write() as work:
        work.lists.save(customer.id, "weekly", items(oats="1"))
        with pytest.raises(InvalidInput, match="No more than 1 lists"):
            work.lists.save(customer.id, "party", items(oats="1"))
        with pytest.raises(InvalidInput, match="no more than 2 products"):
            work.lists.add(customer.id, "weekly", items(milk="1", tea="1"))
        with pytest.raises(InvalidInput, match="more than 0"):
            work.lists.add(customer.id, "weekly", items(oats="0"))


def test_what_is_not_on_the_list_cannot_be_taken_off(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        work.lists.save(customer.id, "weekly", items(oats="1"))
        with pytest.raises(NotFound, match="Whole Milk 1 l is not on the list weekly"):
            work.lists.remove(customer.id, "weekly", ["milk"])
