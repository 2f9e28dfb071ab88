from typing import Any

import pytest

from knowledge.errors import ErrorKind
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk, block_of
from tests.market import contents, fill_cart, goods, stock_shelves
from tests.orders import place_order
from tools.blocks import CartBlock, ChoicesBlock, ConfirmationBlock, NoticeBlock, PlanBlock


def shopper_of(talk: Talk) -> Shopper:
    with talk.shop.read() as work:
        return work.shoppers.get(talk.caller.shopper_id)


def in_cart(talk: Talk) -> dict[str, str]:
    return contents(talk.shop, shopper_of(talk))


@pytest.fixture
def weekly(talk: Talk) -> Talk:
    items = [
        {"product": "oats", "quantity": "2"},
        {"product": "apples", "quantity": "500 g"},
        {"product": "plums"},
        {"product": "honey", "quantity": "3"},
    ]
    talk.done("use_list", action="save", name="my weekly list", items=items)
    return talk


def test_shows_what_is_on_a_list_with_its_price(weekly: Talk) -> None:
    plan = block_of(weekly.done("use_list", action="show", name="Weekly"), PlanBlock)

    assert [one.id for one in plan.products] == ["oats", "apples", "plums", "honey"]
    assert plan.quantities == ["2", "0.5", "1", "3"]
    assert (plan.title, plan.total, plan.missing) == ("weekly", "25.50", [])
    assert weekly.caller.shown.find(2).product_id == "apples"


def test_puts_a_list_into_the_cart_and_says_what_cannot_be_had(weekly: Talk) -> None:
    stock_shelves(weekly.shop, goods("oats", "2.50", stock=40, title="Oats"))
    with weekly.shop.write() as work:
        work.catalog.delist(["apples"])

    outcome = weekly.done("use_list", action="add", name="weekly")

    assert in_cart(weekly) == {"c1 oats": "2", "c2 honey": "1"}
    assert block_of(outcome, CartBlock).warnings == [
        "Not added: Apples by Weight is no longer sold here.",
        "Not added: Plums 500 g is sold out.",
        "Only 1 of Wildflower Honey 350 g can be had.",
    ]
    assert block_of(weekly.done("use_list", action="show", name="weekly"), PlanBlock).missing == [
        "Apples by Weight"
    ]


def test_the_rest_goes_in_when_one_no_longer_fits(weekly: Talk) -> None:
    fill_cart(weekly.shop, shopper_of(weekly), honey="1")

    outcome = weekly.done("use_list", action="add", name="weekly")

    assert in_cart(weekly) == {"c1 honey": "1", "c2 oats": "2", "c3 apples": "0.5"}
    assert "Not added: Only 1 of Wildflower Honey 350 g left" in outcome.text


def test_a_list_is_one_change_that_undo_takes_back(weekly: Talk) -> None:
    weekly.done("use_list", action="add", name="weekly")
    weekly.done("undo")

    assert in_cart(weekly) == {}


def test_a_budget_is_kept_by_lists_too(weekly: Talk) -> None:
    weekly.done("set_budget", amount="7", period="trip", rule="refuse")

    outcome = weekly.done("use_list", action="add", name="weekly")

    assert in_cart(weekly) == {"c1 oats": "2", "c2 apples": "0.5"}
    assert "Not added: Wildflower Honey 350 g:" in outcome.text

    weekly.done("empty_cart")
    weekly.done("set_budget", amount="7", period="trip", rule="ask")
    asked = weekly.done("use_list", action="add", name="weekly")
    assert block_of(asked, ConfirmationBlock).confirmation.action == "over_budget"


def test_the_cart_is_saved_as_a_list(talk: Talk) -> None:
    fill_cart(talk.shop, shopper_of(talk), oats="3", tea="1")

    talk.done("use_list", action="save", name="breakfast")
    fill_cart(talk.shop, shopper_of(talk), milk="1")
    talk.done("use_list", action="save", name="Breakfast", items=[{"product": "milk"}])

    plan = block_of(talk.done("use_list", action="show", name="breakfast"), PlanBlock)
    assert [one.id for one in plan.products] == ["oats", "tea", "milk"]


def test_things_are_taken_off_a_list(weekly: Talk) -> None:
    weekly.done("use_list", action="show", name="weekly")

    outcome = weekly.done(
        "use_list", action="remove", name="weekly", items=[{"product": "#2"}, {"product": "plums"}]
    )

    assert [one.id for one in block_of(outcome, PlanBlock).products] == ["oats", "honey"]


def test_lists_are_named_and_deleted(weekly: Talk) -> None:
    listed = weekly.done("use_list", action="show")
    assert [one.label for one in block_of(listed, ChoicesBlock).options] == ["weekly (4 products)"]

    weekly.done("use_list", action="delete", name="weekly")
    assert "No list is saved yet" in weekly.done("use_list", action="show").text
    weekly.done("undo")
    assert "weekly (4 products)" in weekly.done("use_list", action="show").plain


def test_the_usual_is_what_was_bought_twice(talk: Talk) -> None:
    shopper = shopper_of(talk)
    assert "no usual yet" in talk.call("use_list", action="add", name="usual").text
    for bought in ({"oats": "2", "tea": "1"}, {"oats": "4", "milk": "1"}):
        fill_cart(talk.shop, shopper, **bought)
        place_order(talk.shop, shopper)

    talk.done("use_list", action="add", name="my usual")

    assert list(in_cart(talk).values()) == ["2"]
    assert "What you usually buy" in talk.done("use_list", action="show", name="usual").text
    refused = talk.call("use_list", action="save", name="usual", items=[{"product": "tea"}])
    assert "made from past orders" in refused.text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"action": "add", "name": "monthly"}, "no list 'monthly'. There are: weekly"),
        ({"action": "add", "items": [{"product": "oats"}]}, "save puts items on the list"),
        ({"action": "remove", "name": "weekly"}, "say which items"),
        ({"action": "save"}, "say the name"),
        ({"action": "save", "name": "empty"}, "The cart is empty"),
        ({"action": "save", "name": "x", "items": [{"product": "gold"}]}, "no product 'gold'"),
        (
            {"action": "remove", "name": "weekly", "items": [{"product": "tea"}]},
            "Green Tea 20 bags is not on the list weekly",
        ),
    ],
)
def test_says_what_is_wrong(weekly: Talk, arguments: dict[str, Any], says: str) -> None:
    outcome = weekly.call("use_list", **arguments)

    assert not outcome.ok
    assert says in outcome.text


def test_nothing_of_a_list_may_be_left(talk: Talk) -> None:
    talk.done("use_list", action="save", name="plums", items=[{"product": "plums"}])

    outcome = talk.call("use_list", action="add")

    assert outcome.kind == ErrorKind.CONFLICT
    assert "Nothing of the list plums could be added. Not added: Plums 500 g is sold out." in (
        outcome.text
    )


def test_without_a_name_several_lists_are_asked_about(weekly: Talk) -> None:
    weekly.done("use_list", action="save", name="party", items=[{"product": "wine"}])

    assert "Say which list: party, weekly, or usual." in weekly.call("use_list", action="add").text
    said = weekly.done("use_list", action="delete", name="party")
    assert "undo brings it back" in block_of(said, NoticeBlock).text
