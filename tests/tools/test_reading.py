"""Arguments as small models send them: read where they can mean one thing, else refused."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.calls import Talk, block_of
from tools.amount_reading import read_money, read_quantity
from tools.blocks import CartBlock
from tools.mending import explain
from tools.reading import Unclear, read_arguments
from tools.registry import TOOLS, find_tool


def read(name: str, **given: Any) -> dict[str, Any]:
    """What the tool is called with, without what was not given."""
    tool = find_tool(name)
    found = read_arguments(tool.arguments, given, currency="USD")
    parsed = tool.arguments.model_validate(found)
    return parsed.model_dump(mode="json", by_alias=True, exclude_unset=True)


ADD = {"items": [{"product": "#1", "quantity": "2"}]}
ONE = {"items": [{"product": "#1"}]}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"items": {"product": "#1", "quantity": 2}}, ADD),
        ({"items": [{"product": "#1", "quantity": 2.0}]}, ADD),
        ({"items": [{"product": "#1", "quantity": "2x"}]}, ADD),
        ({"items": [{"product": "#1", "quantity": "x 2"}]}, ADD),
        ({"items": '[{"product": "#1", "quantity": "2"}]'}, ADD),
        ({"items": '{"product": "#1", "quantity": 2}'}, ADD),
        ({"items": ['{"product": "#1", "quantity": 2}']}, ADD),
        ({"items": [{"product_id": "#1", "qty": 2}]}, ADD),
        ({"items": [{"productId": "#1", "Quantity": 2}]}, ADD),
        ({"items": [{"name": "#1", "quantity": "2", "note": None}]}, ADD),
        ({"items": [{"product": {"id": "#1", "name": "Oat Drink"}, "quantity": "2"}]}, ADD),
        ({"product": "#1", "quantity": 2}, ADD),
        ({"id": "#1", "qty": 2}, ADD),
        ({"arguments": {"items": [{"product": "#1", "quantity": 2}]}}, ADD),
        ({"input": '{"product": "#1", "quantity": 2}'}, ADD),
        ({"items": [{"product": "#1", "quantity": "2"}], "for": None}, ADD),
        ({"items": [{"product": "#1", "quantity": "2"}], "for": ""}, ADD),
        (
            {"items": [{"product": "#1", "quantity": "2"}], "for": [], "comment": ""},
            {**ADD, "for": []},
        ),
        ({"items": ["#1"]}, ONE),
        ({"items": "#1"}, ONE),
        ({"items": [{"product": "# 1", "quantity": ""}]}, ONE),
        ({"items": [{"product": "#1 [P003] Oat Drink"}]}, {"items": [{"product": "P003"}]}),
        ({"items": [{"product": "[P003]"}]}, {"items": [{"product": "P003"}]}),
        ({"items": [{"product": 17}]}, {"items": [{"product": "17"}]}),
        (
            {"items": [{"product": "#1", "quantity": 0.5, "unit": "kg"}]},
            {"items": [{"product": "#1", "quantity": "0.5 kg"}]},
        ),
    ],
)
def test_items_in_many_spellings(given: dict[str, Any], meant: dict[str, Any]) -> None:
    assert read("add_to_cart", **given) == meant


@pytest.mark.parametrize(
    ("name", "given", "meant"),
    [
        ("search_catalog", {"diets": "Vegan, gluten free"}, {"diets": ["Vegan", "gluten free"]}),
        ("search_catalog", {"diet": "vegan"}, {"diets": ["vegan"]}),
        ("search_catalog", {"q": "milk"}, {"query": "milk"}),
        (
            "search_catalog",
            {"query": "milk", "brand": "Ben, Jerry"},
            {"query": "milk", "brands": ["Ben, Jerry"]},
        ),
        ("search_catalog", {"query": None, "limit": "5"}, {"limit": 5}),
        (
            "search_catalog",
            {"limit": 5.0, "sort": "Unit Price"},
            {"limit": 5, "sort": "unit_price"},
        ),
        ("search_catalog", {"sort": "none", "category": "null"}, {}),
        (
            "search_catalog",
            {"maxPrice": "$3", "min_rating": "4"},
            {"max_price": "3", "min_rating": "4"},
        ),
        ("search_catalog", {"max_price": 2.99}, {"max_price": "2.99"}),
        ("search_catalog", {"allergies": ["nuts", ""]}, {"exclude": ["nuts"]}),
        ("recommend_products", {"kind": "For You"}, {"kind": "for_you"}),
        ("recommend_products", {"type": "goes-with", "product": "null"}, {"kind": "goes_with"}),
        ("get_product", {"product_id": "P1"}, {"product": "P1"}),
        ("get_product", {"products": ["P1"]}, {"product": "P1"}),
        ("compare_products", {"products": "#1, #2"}, {"products": ["#1", "#2"]}),
        ("compare_products", {"items": ["#1", {"id": "#2"}]}, {"products": ["#1", "#2"]}),
        ("find_swaps", {"goal": "Cheaper", "product": ""}, {"goal": "cheaper"}),
        (
            "update_cart",
            {"product": "c1", "quantity": 0},
            {"changes": [{"product": "c1", "quantity": "0"}]},
        ),
        (
            "update_cart",
            {"line": "c1", "qty": 0},
            {"changes": [{"product": "c1", "quantity": "0"}]},
        ),
        (
            "update_cart",
            {"product": "c1", "with": "#2"},
            {"replace": {"product": "c1", "with": "#2"}},
        ),
        (
            "update_cart",
            {"replace": '{"old": "c1", "new": "#2"}'},
            {"replace": {"product": "c1", "with": "#2"}},
        ),
        (
            "update_cart",
            {
                "changes": {"product": "c1", "quantity": 3},
                "replace": {},
                "substitution": None,
                "coupon": "",
                "remove_coupon": "",
            },
            {"changes": [{"product": "c1", "quantity": "3"}]},
        ),
        ("update_cart", {"remove_coupon": ""}, {"remove_coupon": ""}),
        (
            "update_cart",
            {"substitution": {"product": "", "rule": "None"}},
            {"substitution": {"rule": "none"}},
        ),
        ("set_budget", {"budget": "$40", "period": "Week"}, {"amount": "40", "period": "week"}),
        ("set_budget", {"amount": "none"}, {}),
        ("set_budget", {"amount": 40, "currency": "usd"}, {"amount": "40"}),
        ("set_budget", {"amount": {"value": 40, "currency": "USD"}}, {"amount": "40"}),
        (
            "update_cart",
            {"items": [{"product": "c1", "quantity": 1}]},
            {"changes": [{"product": "c1", "quantity": "1"}]},
        ),
        (
            "update_cart",
            {"replacement": {"product": "c1", "with": "#2"}},
            {"replace": {"product": "c1", "with": "#2"}},
        ),
        ("search_catalog", {"for": "Anna and the kids"}, {"for": ["Anna and the kids"]}),
        ("plan_basket", {"items": "milk, eggs"}, {"items": [{"query": "milk, eggs"}]}),
        (
            "plan_basket",
            {"items": ["milk", {"name": "eggs", "qty": 12}]},
            {"items": [{"query": "milk"}, {"query": "eggs", "quantity": "12"}]},
        ),
        (
            "plan_recipe",
            {"dish": "chili", "people": "4", "staples": "false"},
            {"recipe": "chili", "servings": 4, "staples": False},
        ),
        (
            "start_checkout",
            {"fulfillment": "Pickup", "phone": 15550100},
            {"fulfilment": "pickup", "contact": "15550100"},
        ),
        (
            "get_orders",
            {"order_number": 1042, "reorder": "yes"},
            {"order": "1042", "reorder": True},
        ),
        (
            "get_orders",
            {"action": "return", "product": "#1"},
            {"action": "return", "items": [{"product": "#1"}]},
        ),
        ("get_cart", {"cart_id": None, "x": ""}, {}),
    ],
)
def test_what_small_models_really_send(
    name: str, given: dict[str, Any], meant: dict[str, Any]
) -> None:
    assert read(name, **given) == meant


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("add_to_cart", {"items": [{"product": "#1", "quantity": "1,000"}]}),
        ("add_to_cart", {"items": [{"product": "#1", "quantity": 2, "qty": 3}]}),
        ("add_to_cart", {"items": [{"product": "#1", "id": "P2"}]}),
        ("add_to_cart", {"items": [{"id": "P1", "name": "Oat Drink"}]}),
        ("add_to_cart", {"items": [{"product": "#1", "quantity": True}]}),
        ("add_to_cart", {"items": [{"product": "#1", "quantity": [1, 2]}]}),
        ("add_to_cart", {"items": [{"product": "#1", "price": "1.00"}]}),
        ("add_to_cart", {"items": ["2 of #1"]}),
        ("add_to_cart", {"items": "[{broken"}),
        ("add_to_cart", {"items": [{"product": "#1"}], "product": "#2"}),
        ("add_to_cart", {}),
        ("plan_basket", {"items": ["2 milk"]}),
        ("update_cart", {"product": "c1"}),
        ("update_cart", {"product": "c1", "quantity": 1, "with": "#2"}),
        ("update_cart", {"coupon": "", "remove_coupon": ""}),
        ("search_catalog", {"budget": 3}),
        ("search_catalog", {"max_price": "3%"}),
        ("search_catalog", {"max_price": "about 3"}),
        ("search_catalog", {"max_price": "€3"}),
        ("search_catalog", {"max_price": "-3"}),
        ("search_catalog", {"limit": "ten"}),
        ("search_catalog", {"limit": 5.5}),
        ("search_catalog", {"limit": 500}),
        ("search_catalog", {"sort": "cheapest first"}),
        ("set_budget", {"amount": "1,250"}),
        ("set_budget", {"amount": "1.250"}),
        ("set_budget", {"amount": "40-50"}),
        ("set_budget", {"amount": "20%"}),
        ("set_budget", {"amount": "40 EUR"}),
        ("set_budget", {"amount": "40", "limit": "50"}),
        ("set_budget", {"amount": 40, "currency": "EUR"}),
        ("set_budget", {"amount": {"value": 40, "currency": "EUR"}}),
        ("set_budget", {"amount": "two fifty"}),
        ("set_budget", {"amount": "forty fifty"}),
        ("set_budget", {"amount": "forty to fifty dollars"}),
        ("set_budget", {"amount": "forty thousand"}),
        ("set_budget", {"amount": "forty euros"}),
        ("set_budget", {"amount": "2.50 dollars and 50 cents"}),
        ("search_catalog", {"max_price": 0}),
        ("add_to_cart", {"items": [{"product": "#1", "unit": "kg"}]}),
        ("add_to_cart", {"items": [{"product": "#1", "quantity": "2 kg", "unit": "g"}]}),
        ("search_catalog", {"query": "milk", "currency": "USD"}),
        ("recommend_products", {}),
        ("start_checkout", {"phone": "1", "email": "a@b.example"}),
        ("get_cart", {"cart": "c1"}),
    ],
)
def test_what_could_mean_two_things_or_none_is_refused(name: str, given: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, Unclear)):
        read(name, **given)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("$40", "USD", "40"), ("40$", "USD", "40"), ("US$ 40.50", "USD", "40.50"),
        ("40 dollars", "USD", "40"), ("USD 40", "USD", "40"), ("1,250.50", "USD", "1250.50"),
        ("1.250,50", "EUR", "1250.50"), ("€ 12,5", "EUR", "12.5"), ("1 250", "EUR", "1250"),
        ("1,250,000", "USD", "1250000"), ("¥500", "JPY", "500"), ("1.250", "KWD", "1.250"),
        ("forty dollars", "USD", "40"), ("Twenty-five bucks", "USD", "25"),
        ("a hundred and five", "USD", "105"), ("two hundred fifty euros", "EUR", "250"),
        ("99 cents", "USD", "0.99"), ("three dollars and five cents", "USD", "3.05"),
        ("$3 and 50 cents", "USD", "$3 and 50 cents"), ("twelve pounds", "GBP", "12"),
    ],
)  # fmt: skip
def test_money_as_it_is_written(text: str, currency: str, amount: str) -> None:
    assert read_money(text, currency) == amount


@settings(deadline=None)
@given(st.decimals(0, 10**6, places=2), st.sampled_from(["{}", "${}", "{} USD", " {} dollars "]))
def test_plain_money_is_what_it_says(amount: Decimal, written: str) -> None:
    assert Decimal(read_money(written.format(amount), "USD")) == amount


@settings(deadline=None)
@given(st.text("0123456789.,$€ %-x", max_size=12))
def test_money_is_never_made_up(text: str) -> None:
    """Read money has the digits that were sent, in their order."""
    try:
        amount = read_money(text, "USD")
    except ValueError:
        return
    if amount != text:
        assert [one for one in amount if one.isdigit()] == [one for one in text if one.isdigit()]
        assert "%" not in text
        assert "-" not in text
        assert "€" not in text


@settings(deadline=None)
@given(st.text("0123456789.,x\u00d7 kg", max_size=10))
def test_quantities_keep_their_digits(text: str) -> None:
    try:
        quantity = read_quantity(text)
    except ValueError:
        return
    assert [one for one in quantity if one.isdigit()] == [one for one in text if one.isdigit()]


NAMES = st.sampled_from(
    ["items", "product", "quantity", "qty", "id", "query", "amount", "with", "replace", "changes",
     "diets", "for", "arguments", "max_price", "remove_coupon", "kind", "order", "x"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.sampled_from(["#1", "c1", "$40", "2x", "vegan", "[1", '{"a":1}', "For You"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(TOOLS), st.dictionaries(NAMES, JSON, max_size=4))
def test_reading_never_breaks_and_reading_twice_is_reading_once(
    tool: Any, given: dict[str, Any]
) -> None:
    try:
        once = read_arguments(tool.arguments, given, currency="USD")
        parsed = tool.arguments.model_validate(once)
    except (ValidationError, Unclear):
        return
    sent = parsed.model_dump(mode="json", by_alias=True, exclude_unset=True)
    again = read_arguments(tool.arguments, sent, currency="USD")
    assert tool.arguments.model_validate(again) == parsed


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["#1", "#2", "P3", "c4"]), st.integers(1, 99)), min_size=1)
)
def test_right_calls_stay_as_they_are(wanted: list[tuple[str, int]]) -> None:
    items = [{"product": product, "quantity": str(count)} for product, count in wanted[:30]]

    assert read("add_to_cart", items=items) == {"items": items}
    assert read("add_to_cart", items=json.dumps(items)) == {"items": items}


def test_a_call_in_other_words_does_what_it_says(talk: Talk) -> None:
    talk.show("tea", "oats")

    outcome = talk.done("add_to_cart", items={"id": "#2", "qty": 2.0})

    (line,) = block_of(outcome, CartBlock).cart.lines
    assert (line.product, line.quantity) == ("oats", "2")


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("search_catalog", {"max_price": "cheap"},
         'max_price was «"cheap"»; give an amount in USD as a plain number, such as 40 or 2.50'),
        ("search_catalog", {"sort": "cheapest"}, "give one of relevance, price, unit_price"),
        ("search_catalog", {"limit": 99}, "limit was «99»; give a whole number 1 to 50"),
        ("search_catalog", {"colour": "red"}, "colour is no argument; there are query, category"),
        ("recommend_products", {}, "kind is missing; give one of for_you"),
        ("compare_products", {"products": ["#1"]}, "give a list of 2 to 4 a product as"),
        ("add_to_cart", {"items": [{"quantity": 1}]}, "items.0.product is missing"),
        ("add_to_cart", {"items": [{"product": "#1", "quantity": "1,000"}]},
         'items.0.quantity was «"1,000"»; write a decimal point and no other marks in numbers'),
        ("set_budget", {"amount": "1,250"}, "could mean 1.250 or 1250"),
        ("set_budget", {"amount": "€9"}, "amounts are in USD here, and are not converted"),
        ("update_cart", {}, "give changes or replace, or substitution, or coupon"),
        ("get_cart", {"unreadable_arguments": '{"a": '}, "the arguments were no JSON object"),
    ],
)  # fmt: skip
def test_an_error_says_what_came_and_what_is_allowed(
    name: str, arguments: dict[str, Any], says: str
) -> None:
    with pytest.raises((ValidationError, Unclear)) as refused:
        read(name, **arguments)

    why: Any = refused.value
    text = explain(find_tool(name), why, arguments, currency="USD")

    assert says in text
    assert text.splitlines()[-1].startswith(f"A right call: {name} ")


def test_unknown_products_name_what_is_nearest(talk: Talk) -> None:
    assert "Search for it first." in talk.call("get_product", product="oatz").text
    talk.show("tea", "oats")

    assert "Nearest shown: #2 Rolled Oats 500 g" in talk.call("get_product", product="oatz").text
    assert "Nearest shown: #2 Rolled Oats 500 g" in talk.call("get_product", product="2").text
    assert "goes up to #2" in talk.call("get_product", product="#7").text
    assert talk.done("get_product", product="rolled oats 500 G").ok
    talk.done("add_to_cart", items=["#1"])
    assert "The cart has no line c9: c1." in talk.call("get_product", product="c9").text
    assert talk.done("update_cart", product="C1", quantity=2).ok


def test_unknown_tools_name_what_is_nearest(talk: Talk) -> None:
    assert "Did you mean search_catalog" in talk.call("search_catalogue").text
    assert "There are: add_to_cart, answer" in talk.call("zzzz").text
