"""The household in tools: who is remembered, and whose needs are kept to."""

from typing import Any

import pytest

from knowledge.errors import ErrorKind
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.calls import Talk, block_of
from tests.market import contents, goods, stock_shelves
from tools.blocks import CartBlock, NoticeBlock, ProductsBlock, ScoreBlock, SwapsBlock
from tools.registry import find_tool

DAIRY = ("Dairy", "Milk")


@pytest.fixture
def family(talk: Talk) -> Talk:
    stock_shelves(
        talk.shop,
        goods("oatmilk", "2.00", title="Oat Drink 1 l", category=DAIRY, size="1 l", allergens=()),
        goods("cheap", "1.00", title="Milk 1 l", category=DAIRY, size="1 l", allergens=("milk",)),
    )
    talk.done("set_preferences", member="Anna", allergens=["dairy"])
    talk.done("set_preferences", member="my kids", diets=["nut free"])
    return talk


def add(talk: Talk, *products: str, **more: Any) -> CartBlock:
    items = [{"product": one} for one in products]
    return block_of(talk.done("add_to_cart", items=items, **more), CartBlock)


def test_remembers_members_and_tells_of_them(family: Talk) -> None:
    family.done("set_preferences", member="the kids", allergens=["peanuts"])

    told = block_of(family.done("set_preferences"), NoticeBlock).text
    assert told == (
        "Nothing is remembered. Remembered of Anna: avoids: milk. "
        "Remembered of kids: diets: nut free; avoids: peanuts."
    )
    assert family.done("set_preferences", member="Anna's").plain == (
        "Remembered of Anna: avoids: milk."
    )


def test_what_several_need_is_said_once_and_undone_at_once(family: Talk) -> None:
    family.done("set_preferences", member="Tom and Eve", diets=["vegan"])
    assert "Remembered of Tom: diets: vegan." in family.done("set_preferences").plain

    assert "remembered vegan for Tom, remembered vegan for Eve" in family.done("undo").plain
    assert "Tom" not in family.done("set_preferences").text


def test_forgets_a_value_and_a_member(family: Talk) -> None:
    family.done("set_preferences", member="kids", allergens=["fish"])
    assert family.done("set_preferences", member="kids", forget=["fish"]).plain == (
        "Remembered of kids: diets: nut free."
    )
    assert family.done("set_preferences", member="Anna", forget=["everything"]).plain == (
        "Forgotten: Anna."
    )
    assert "Anna" not in family.done("set_preferences").text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"member": "Anna", "dislikes": ["olives"]}, "Only diets and allergens"),
        ({"member": "Bob"}, "Nobody called 'Bob'"),
        ({"member": "everyone", "diets": ["vegan"]}, "say each one"),
        ({"member": "Anna", "allergens": ["sunlight"]}, "It knows: gluten"),
    ],
)
def test_says_what_cannot_be_remembered(family: Talk, arguments: dict[str, Any], says: str) -> None:
    outcome = family.call("set_preferences", **arguments)

    assert not outcome.ok
    assert says in outcome.text


def test_oneself_is_no_member(talk: Talk) -> None:
    said = talk.done("set_preferences", member="me", diets=["vegan"]).plain
    assert said.startswith("Remembered: diets: vegan. This is remembered")


def test_a_warning_names_whom_it_concerns(family: Talk) -> None:
    family.done("set_preferences", allergens=["milk"])

    assert add(family, "cheap", **{"for": ["Anna"]}).warnings == [
        "ALLERGY WARNING: Milk 1 l: contains milk. You and Anna avoid milk."
    ]
    assert add(family, "milk").warnings == [
        "ALLERGY WARNING: Whole Milk 1 l: contains milk. You avoid milk."
    ]
    family.done("set_preferences", forget=["milk"])
    assert "Anna avoids milk." in " ".join(add(family, "cheap", **{"for": "everyone"}).warnings)


def test_a_line_remembers_whom_it_is_for(family: Talk) -> None:
    (line,) = add(family, "tea", **{"for": ["anna"]}).cart.lines
    assert line.for_members == ["Anna"]

    (line,) = add(family, "tea", **{"for": ["kids"]}).cart.lines
    assert (line.quantity, line.for_members) == ("2", ["Anna", "kids"])
    assert "for_members" not in add(family, "oats").cart.lines[1].model_dump()

    family.done("undo")
    family.done("undo")
    (line,) = block_of(family.done("get_cart"), CartBlock).cart.lines
    assert (line.quantity, line.for_members) == ("1", ["Anna"])


def test_a_name_nobody_has_adds_nothing(family: Talk) -> None:
    outcome = family.call("add_to_cart", items=[{"product": "tea"}], **{"for": ["Bob"]})

    assert outcome.kind == ErrorKind.NOT_FOUND
    assert "Known: Anna, kids." in outcome.text
    with family.shop.read() as work:
        shopper = work.shoppers.get(family.caller.shopper_id)
    assert contents(family.shop, shopper) == {}


def test_each_line_is_judged_for_those_it_is_for(family: Talk) -> None:
    family.done("set_preferences", allergens=["gluten"])
    add(family, "cheap", **{"for": ["Anna"]})
    add(family, "milk", "oats")

    outcome = family.done("check_diet")

    verdicts = {
        (one.line, one.diet, one.who): one.verdict for one in block_of(outcome, ScoreBlock).verdicts
    }
    assert verdicts == {
        ("c1", "gluten", None): "unknown",
        ("c1", "milk", "Anna"): "no",
        ("c2", "gluten", None): "unknown",
        ("c3", "gluten", None): "no",
    }
    assert "without milk for Anna: NOT SAFE: c1 Milk 1 l (contains milk)." in outcome.plain


def test_checks_one_product_for_a_member(family: Talk) -> None:
    outcome = family.done("check_diet", product="cheap", **{"for": ["Anna"]})

    assert [one.diet for one in block_of(outcome, ScoreBlock).verdicts] == ["milk"]
    assert outcome.plain == "Milk 1 l\nNOT SAFE: without milk for Anna (contains milk)"


def test_the_whole_cart_is_checked_for_whoever_is_asked_about(family: Talk) -> None:
    add(family, "milk", "tea")

    outcome = family.done("check_diet", **{"for": ["the kids", "Anna"]})

    assert {(one.line, one.diet) for one in block_of(outcome, ScoreBlock).verdicts} == {
        ("c1", "nut_free"), ("c1", "milk"), ("c2", "nut_free"), ("c2", "milk"),
    }  # fmt: skip


def test_a_swap_suits_those_the_line_is_for(family: Talk) -> None:
    add(family, "oatmilk")
    offered = block_of(family.done("find_swaps", goal="cheaper"), SwapsBlock).swaps
    assert [one.to.id for one in offered] == ["cheap"]

    for_anna = family.done("find_swaps", goal="cheaper", **{"for": ["Anna"]})
    assert block_of(for_anna, SwapsBlock).swaps == []

    add(family, "oatmilk", **{"for": ["Anna"]})
    assert block_of(family.done("find_swaps", goal="cheaper"), SwapsBlock).swaps == []
    assert block_of(family.done("find_swaps", goal="cheaper", product="c1"), SwapsBlock).swaps == []


def test_swaps_of_the_whole_cart_are_summed_up(family: Talk) -> None:
    stock_shelves(
        family.shop,
        goods("almond", "3.00", title="Almond Drink 1 l", category=DAIRY, size="1 l"),
        goods("soy", "1.50", title="Soy Drink 1 l", category=DAIRY, size="1 l", allergens=("soy",)),
    )
    add(family, "oatmilk", "almond", "tea")

    outcome = family.done("find_swaps", goal="cheaper")

    block = block_of(outcome, SwapsBlock)
    assert {one.line for one in block.swaps} == {"c1", "c2"}
    assert {one.to.id for one in block.swaps} == {"cheap", "soy"}
    assert block.price_difference == "-2.50"
    assert (
        block.note
        == "All 2 together: saves $2.50, 1.96 kg CO2e more. No cheaper match for the other 1."
    )
    one = block_of(family.done("find_swaps", goal="cheaper", product="c1"), SwapsBlock)
    assert one.price_difference is None


def test_what_is_recommended_suits_those_the_whole_cart_is_for(family: Talk) -> None:
    def offered() -> set[str]:
        block = block_of(family.done("recommend_products", kind="popular"), ProductsBlock)
        return {one.id for one in block.products}

    add(family, "tea", **{"for": ["Anna"]})
    assert {"milk", "cheap"} & offered() == set()
    add(family, "oats")
    assert {"milk", "cheap"} <= offered()


def test_the_cart_tells_whom_a_line_is_for(family: Talk) -> None:
    add(family, "tea", **{"for": ["Anna", "kids"]})
    family.done("update_cart", substitution={"rule": "none"})

    said = family.done("get_cart").plain
    assert "c1 [tea] 1 x Green Tea 20 bags at $3.00 = $3.00, for Anna, kids, substitution none" in (
        said
    )


@pytest.mark.parametrize("name", ["search_catalog", "add_to_cart", "check_diet", "find_swaps"])
def test_a_model_reads_the_argument_as_for(name: str) -> None:
    properties = find_tool(name).arguments.model_json_schema()["properties"]

    assert "for" in properties
    assert "for_" not in properties


def test_a_search_keeps_to_the_strictest_of_all(shop: Shop, shopper: Shopper) -> None:
    talk = Talk(shop, shopper)
    talk.done("set_preferences", member="Anna", allergens=["milk"])
    talk.done("set_preferences", diets=["vegetarian"])

    everything = block_of(talk.done("search_catalog", query="yogurt"), ProductsBlock)
    outcome = talk.done("search_catalog", query="yogurt", **{"for": ["Anna"]})

    found = block_of(outcome, ProductsBlock)
    assert 0 < found.total < everything.total
    with shop.read() as work:
        for one in work.catalog.get_many([card.id for card in found.products]).values():
            assert "milk" not in (one.allergens or ())
    assert "because of the diet vegetarian and allergens milk of you and Anna" in outcome.plain
