"""Talks about dishes, lists, people and orders, over the real tools and the sample shop."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from knowledge.catalog.importing import import_file
from knowledge.shop import Shop
from tests.assistant.offline.catalogs import SAMPLE as PRODUCTS
from tests.assistant.offline.conftest import shopper_of
from tests.assistant.offline.talking_to import Talker, Turn
from tests.databases import SqliteTemplate, units_on
from tests.delivering import TOWN, coupon, delivering
from tests.fixed_clock import FixedClock
from tests.sample_shop import SAMPLE, open_sample_shop

NUTS = {"nuts", "peanuts"}
LIST = """Shopping list:
- 2 milk
- eggs x12
- [ ] bread
- 500 g spaghetti
- butter
- 1 kg apples
- bananas
- cheddar
- chicken breast
- rice
- onions
- 1 kg tomatoes
- coffee
- orange juice
- toilet paper"""


@pytest.fixture(scope="module")
def whole_shop(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("whole_shop")
    url, clock = sqlite_template.copy_to(folder), FixedClock()
    with units_on(url) as units:
        import_file(PRODUCTS, units, clock, currency="USD")
    with open_sample_shop(url, folder, clock) as opened:
        with opened.write() as work:
            work.policies.load(SAMPLE / "policies")
            work.recipes.load(SAMPLE / "recipes.yaml")
        yield opened


@pytest.fixture
def guest(whole_shop: Shop) -> Talker:
    return shopper_of(whole_shop)


def plan_of(turn: Turn) -> dict[str, object]:
    return turn.blocks("plan")[-1]


def test_a_plan_keeps_to_its_budget_and_leaves_out_what_is_not_wanted(guest: Talker) -> None:
    turn = guest.say("chili for four under 15 dollars, no onions")
    plan = plan_of(turn)
    assert Decimal(str(plan["total"])) <= 15
    assert not any("Onion" in card["title"] for card in plan["products"])  # type: ignore[attr-defined]
    assert str(plan["total"]) in turn.text
    assert turn.cart.lines == []
    guest.confirm()
    assert guest.cart().totals.total == plan["total"]


def test_a_plan_is_made_anew_with_every_change(guest: Talker) -> None:
    guest.say("what do I need for pancakes")
    guest.say("make it for six")
    guest.say("vegan please")
    turn = guest.say("without maple syrup")
    assert turn.calls == [
        (
            "plan_recipe",
            {
                "recipe": "pancakes",
                "servings": 6,
                "diets": ["vegan"],
                "exclude": ["maple syrup"],
            },
        )
    ]
    assert guest.say("fewer servings").calls[0][1]["servings"] == 3
    cheaper = guest.say("cheaper")
    assert cheaper.calls == []
    assert cheaper.text.count("?") == 1
    assert guest.say("25 dollars").calls[0][1]["budget"] == "25"


def test_a_nut_allergy_is_never_broken_by_a_plan(guest: Talker, whole_shop: Shop) -> None:
    turn = guest.say("party snacks for twelve under 50 with a nut allergy")
    cards = plan_of(turn)["products"]
    assert cards
    with whole_shop.read() as work:
        products = work.catalog.get_many([card["id"] for card in cards])  # type: ignore[attr-defined]
    for product in products.values():
        assert not NUTS & {*(product.allergens or ()), *(product.traces or ())}, product.title


def test_a_no_to_a_plan_adds_nothing(guest: Talker) -> None:
    guest.say("chili for four")
    guest.confirm("no")
    assert guest.cart().lines == []
    assert guest.say("yes").cart.lines == []


def test_only_a_clear_yes_takes_a_plan(guest: Talker) -> None:
    guest.say("chili for four")
    turn = guest.say("add it all")
    assert turn.cart.lines == []
    assert turn.tools == ["plan_recipe"]
    guest.confirm()
    assert guest.cart().lines


def test_an_unknown_dish_is_answered_with_the_closest(guest: Talker) -> None:
    turn = guest.say("what do I need for bouillabaisse royale")
    assert turn.blocks("choices")
    assert turn.text.count("?") == 1
    assert guest.state().pending is None
    assert guest.say("the first one").tools == ["plan_recipe"]


def test_a_pasted_list_becomes_a_cart_with_at_most_two_questions(guest: Talker) -> None:
    turn = guest.say(LIST)
    assert turn.tools == ["plan_basket"]
    assert len(turn.calls[0][1]["items"]) == 15
    assert turn.text.count("?") + 1 <= 2  # the confirmation asks for a yes without one
    guest.confirm()
    assert len(guest.cart().lines) >= 13


def test_a_short_list_is_added_at_once(guest: Talker) -> None:
    turn = guest.say("please add:\n- oat milk\n- bananas\n- rice")
    assert turn.tools[-1] == "add_to_cart"
    assert len(turn.cart.lines) == 3


def test_the_cart_is_made_to_fit_and_keeps_what_must_stay(guest: Talker) -> None:
    guest.fill(("P049", "4"), ("P217", "2"), ("P202", "3"))
    turn = guest.say("make my cart fit 32 dollars but keep the coffee")
    assert turn.calls == [("fit_budget", {"amount": "32", "keep": ["c2"]})]
    guest.confirm()
    cart = guest.cart()
    assert Decimal(cart.totals.total) <= 32
    assert {line.product: line.quantity for line in cart.lines}["P217"] == "2"


def test_lists_are_saved_shown_filled_and_deleted(guest: Talker) -> None:
    guest.fill(("P049", "2"), ("P202", "1"))
    assert "weekly shop" in guest.say("save this as weekly shop").text
    assert guest.say("show my lists").tools == ["use_list"]
    assert guest.say("add oat milk to my camping list").tools == ["search_catalog", "use_list"]
    turn = guest.say("add my weekly shop list")
    assert {line.quantity for line in turn.cart.lines} == {"4", "2"}
    assert "deleted" in guest.say("delete the weekly shop list").text


def test_people_are_kept_apart_from_the_shopper(guest: Talker) -> None:
    guest.say("my kids are vegan")
    state = guest.state()
    assert [(one.name, one.diets) for one in state.household] == [("kids", ["vegan"])]
    assert state.preferences.diets == []
    turn = guest.say("snacks for the kids")
    assert turn.calls == [("search_catalog", {"query": "snacks", "for": ["kids"]})]
    assert "kids (vegan)" in guest.say("who do I shop for?").text


def test_an_allergy_of_somebody_is_asked_about_once(guest: Talker) -> None:
    turn = guest.say("Anna is allergic to peanuts")
    assert turn.calls == [("set_preferences", {"member": "Anna", "allergens": ["peanuts"]})]
    assert turn.text.count("?") == 1
    guest.say("yes")
    assert guest.state().preferences.allergens == ["peanuts"]
    guest.say("show me peanut butter")
    guest.say("forget Anna")
    assert guest.state().household == []


def test_what_somebody_may_eat_is_checked_for_them(guest: Talker) -> None:
    guest.say("Anna is allergic to peanuts")
    guest.say("no")
    guest.say("show me peanut butter")
    turn = guest.say("is the first one ok for Anna?")
    assert turn.tools == ["check_diet"]
    assert turn.calls[0][1]["for"] == ["Anna"]
    assert "not" in turn.text.lower() or "no," in turn.text.lower()
    assert guest.say("can Anna eat the first one?").tools == ["check_diet"]


def test_a_person_is_called_without_asking_first(guest: Talker) -> None:
    turn = guest.say("I was charged twice for my order!")
    assert turn.calls == [("call_a_human", {"reason": "I was charged twice for my order!"})]
    assert "?" not in turn.text


def test_what_has_run_out_is_replaced_as_they_say(guest: Talker) -> None:
    guest.fill(("P049", "2"), ("P202", "1"))
    guest.say("no substitutions for the whole milk")
    guest.say("show my cart")
    assert [line.substitution for line in guest.cart().lines] == ["none", "ask"]
    guest.say("replace anything that's sold out with something similar")
    assert {line.substitution for line in guest.cart().lines} == {"similar"}


def test_an_order_is_cancelled_only_by_a_yes(guest: Talker) -> None:
    guest.fill(("P049", "2"))
    guest.say("check out")
    guest.confirm()
    turn = guest.say("cancel my order")
    assert turn.calls == [("get_orders", {"action": "cancel"})]
    pending = guest.state().pending
    assert pending is not None
    assert pending.action == "cancel_order"
    assert "cancelled" in guest.confirm()


def test_what_is_asked_twice_is_put_again_so_that_a_yes_can_follow(guest: Talker) -> None:
    guest.say("chili for four")
    guest.say("what is in my cart?")
    turn = guest.say("yes")
    assert turn.tools == ["plan_recipe"]
    assert guest.state().pending is not None


def test_an_order_goes_out_by_what_was_said_piece_by_piece(whole_shop: Shop) -> None:
    guest = shopper_of(delivering(whole_shop, TOWN))
    guest.fill(("P217", "2"))
    assert guest.say("check out with delivery").calls == [
        ("start_checkout", {"fulfilment": "delivery"})
    ]
    address = "12 Elm Street, Maple Falls, WA 98266"
    assert guest.say(address).calls[0][1]["address"] == address
    assert guest.state().checkout is not None
    guest.say("what do I have in my cart?")
    guest.say("deliver it tomorrow")
    assert guest.say("the first one").calls == [("start_checkout", {"slot": "the first one"})]
    turn = guest.say("my number is +1 415 555 0189")
    pending = guest.state().pending
    assert pending is not None
    assert pending.action == "place_order"
    assert "12 Elm" not in turn.text  # the number of the house is nobody else's business
    assert guest.say("pick it up instead").calls == [("start_checkout", {"fulfilment": "pickup"})]


def test_another_model_may_have_asked_where_to(whole_shop: Shop) -> None:
    guest = shopper_of(delivering(whole_shop, TOWN))
    guest.fill(("P217", "2"))
    guest.run("start_checkout", fulfilment="delivery")
    guest.window += [HumanMessage("deliver it please"), AIMessage("Gladly! Where to?")]
    turn = guest.say("12 Elm Street, Maple Falls, WA 98266")
    assert turn.tools == ["start_checkout"]


def test_a_coupon_is_asked_for_and_entered(whole_shop: Shop) -> None:
    with whole_shop.write() as work:
        work.session.add(coupon("SPRING15"))
    guest = shopper_of(whole_shop)
    guest.fill(("P217", "2"))
    assert guest.say("I have a coupon").text.count("?") == 1
    turn = guest.say("SPRING15")
    assert turn.calls == [("update_cart", {"coupon": "SPRING15"})]
    assert "SPRING15" in turn.text
    assert guest.cart().coupons == ["SPRING15"]
    guest.say("remove the coupon")
    assert guest.cart().coupons == []


@pytest.mark.parametrize(
    "text", ["deliver it to my home", "check out with delivery", "deliver it tomorrow"]
)
def test_an_empty_cart_cannot_be_delivered(guest: Talker, text: str) -> None:
    turn = guest.say(text)
    assert "empty" in turn.text
    assert guest.state().pending is None
