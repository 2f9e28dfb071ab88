"""The four tools of scoring, called as the agent calls them."""

from collections.abc import Callable
from typing import Any

import pytest

from knowledge.errors import ErrorKind
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tools.blocks import ProductsBlock, ScoreBlock, SwapsBlock
from tools.runner import Caller, Outcome, ToolRunner

PASTA, BANANAS, OAT_DRINK, BAR = "P113", "P001", "P200", "P172"
Call = Callable[..., Outcome]


@pytest.fixture
def caller(shopper: Shopper) -> Caller:
    assert shopper.cart_id is not None
    return Caller(shopper_id=shopper.id, cart_id=shopper.cart_id, channel="web", turn_id="t1")


@pytest.fixture
def call(shop: Shop, caller: Caller) -> Call:
    runner = ToolRunner(shop)

    def call(name: str, **arguments: Any) -> Outcome:
        return runner.run(caller, name, arguments)

    return call


@pytest.fixture
def cart(call: Call) -> None:
    items = [{"product": one, "quantity": "2"} for one in (BAR, OAT_DRINK, PASTA, BANANAS)]
    assert call("add_to_cart", items=items).ok


def score(outcome: Outcome) -> ScoreBlock:
    (block,) = outcome.blocks
    assert isinstance(block, ScoreBlock)
    return block


def swaps(outcome: Outcome) -> SwapsBlock:
    (block,) = outcome.blocks
    assert isinstance(block, SwapsBlock)
    return block


def products(outcome: Outcome) -> ProductsBlock:
    (block,) = outcome.blocks
    assert isinstance(block, ProductsBlock)
    return block


@pytest.mark.usefixtures("cart")
def test_finds_what_in_the_cart_is_not_gluten_free(call: Call) -> None:
    outcome = call("check_diet", diets=["gluten free"])

    verdicts = {one.line: one.verdict for one in score(outcome).verdicts}
    assert verdicts == {"c1": "yes", "c2": "no", "c3": "yes", "c4": "yes"}
    assert (
        "NOT SAFE: c2 Northfield Oat Drink Original 1 l (contains oats (gluten))" in outcome.plain
    )


@pytest.mark.usefixtures("cart")
def test_checks_saved_diets_and_allergies_when_none_is_named(call: Call) -> None:
    call("set_preferences", diets=["vegan"], allergens=["peanuts"])

    outcome = call("check_diet")

    assert {one.diet for one in score(outcome).verdicts} == {"vegan", "peanuts"}
    assert "without peanuts: NOT SAFE: c1" in outcome.text


@pytest.mark.usefixtures("cart")
def test_a_saved_preference_does_not_narrow_what_was_asked(call: Call) -> None:
    call("set_preferences", diets=["vegan"])

    assert {one.diet for one in score(call("check_diet", diets=["dairy free"])).verdicts} == {
        "milk"
    }


@pytest.mark.usefixtures("cart")
def test_asks_for_a_diet_when_none_is_known(call: Call) -> None:
    assert "say which" in call("check_diet").text


def test_an_empty_cart_breaks_no_diet(call: Call) -> None:
    assert call("check_diet", diets=["vegan"]).text == "The cart is empty."


def test_tells_all_of_one_product_in_three_lines(call: Call) -> None:
    outcome = call("check_diet", product="P186")

    assert [line.split(":")[0] for line in outcome.text.splitlines()[1:]] == [
        "NOT SAFE",
        "UNKNOWN, not known to be safe",
        "safe",
    ]


def test_an_unknown_diet_is_an_error_the_model_can_mend(call: Call) -> None:
    outcome = call("check_diet", product=PASTA, diets=["moonlight"])

    assert outcome.kind is ErrorKind.INVALID
    assert "gluten_free" in outcome.text


def test_diapers_are_gluten_free_enough(call: Call) -> None:
    (verdict,) = score(call("check_diet", product="P246", diets=["gluten free"])).verdicts

    assert (verdict.verdict, verdict.because) == ("yes", "not a food")


@pytest.mark.usefixtures("cart")
def test_scores_the_cart_for_its_quantities(call: Call) -> None:
    block = score(call("score_sustainability"))

    bananas = next(item for item in block.items if item.product == BANANAS)
    assert (bananas.line, bananas.quantity, bananas.kg_co2e) == ("c4", "2", "0.26")
    assert block.grade in {"A", "B", "C", "D", "E"}
    total = sum(float(item.kg_co2e or 0) for item in block.items)
    assert float(block.total_kg_co2e or 0) == pytest.approx(total, abs=0.03)


def test_scores_one_product_with_source_and_drivers(call: Call) -> None:
    block = score(call("score_sustainability", product="P096"))

    (item,) = block.items
    assert (item.quality, item.source, item.grade) == ("measured", "the maker's figure", "E")
    assert any("below the usual" in driver for driver in item.drivers)


def test_says_when_no_figure_is_known(call: Call) -> None:
    outcome = call("score_sustainability", product="P251")

    assert score(outcome).note == "No published figure fits this product."
    assert score(outcome).items[0].kg_co2e is None


def test_an_empty_cart_has_no_score(call: Call) -> None:
    assert "empty" in call("score_sustainability").text


@pytest.mark.usefixtures("cart")
def test_counts_what_has_no_figure(call: Call) -> None:
    call("add_to_cart", items=[{"product": "P251", "quantity": "1"}])

    assert score(call("score_sustainability")).note == (
        "1 product without a published figure or weight not counted."
    )


@pytest.mark.usefixtures("cart")
def test_makes_a_cart_greener_by_real_swaps_that_can_be_carried_out(
    call: Call, caller: Caller
) -> None:
    block = swaps(call("find_swaps", goal="greener"))

    assert len(block.swaps) == 4
    first = block.swaps[0]
    assert first.line == "c3"
    assert first.to.position == 1
    assert caller.shown.find(1).replaces == "c3"
    assert call("update_cart", changes=[], replace={"product": "c3", "with": "#1"}).ok


@pytest.mark.usefixtures("cart")
def test_differences_are_for_the_quantity_of_the_line(call: Call) -> None:
    bananas = next(
        one for one in swaps(call("find_swaps", goal="greener")).swaps if one.line == "c4"
    )

    assert (bananas.quantity, bananas.price_difference) == ("2", "0.20")
    assert bananas.kg_co2e_difference == "0"


@pytest.mark.usefixtures("cart")
def test_the_number_of_a_swap_for_one_product_points_at_its_line(
    call: Call, caller: Caller
) -> None:
    block = swaps(call("find_swaps", goal="greener", product=PASTA))

    assert block.swaps[0].line == "c3"
    assert caller.shown.find(1).replaces == "c3"


def test_a_swap_of_what_is_not_in_the_cart_replaces_the_product(call: Call, caller: Caller) -> None:
    block = swaps(call("find_swaps", goal="healthier", product=PASTA))

    assert block.swaps[0].line is None
    assert caller.shown.find(1).replaces == PASTA


@pytest.mark.parametrize("arguments", [{}, {"product": "P136"}])
def test_says_honestly_that_nothing_is_better(call: Call, arguments: dict[str, str]) -> None:
    outcome = call("find_swaps", goal="cheaper", **arguments)

    assert swaps(outcome).swaps == []
    assert swaps(outcome).note == outcome.plain


@pytest.mark.usefixtures("cart")
def test_never_swaps_in_what_the_shopper_is_allergic_to(call: Call) -> None:
    call("set_preferences", allergens=["nuts", "soy", "gluten"])

    for one in swaps(call("find_swaps", goal="greener")).swaps:
        verdicts = score(
            call("check_diet", product=one.to.id, diets=["nuts", "soy", "gluten"])
        ).verdicts
        assert {verdict.verdict for verdict in verdicts} == {"yes"}


@pytest.mark.usefixtures("cart")
def test_recommendations_are_numbered_and_reasoned(call: Call, caller: Caller) -> None:
    block = products(call("recommend_products", kind="goes_with", product="c3"))

    assert block.title == ("Goes well with Millet & Maize Gluten Free Spaghetti, Corn & Rice 400 g")
    assert [card.position for card in block.products] == list(range(1, len(block.products) + 1))
    assert all(card.reason and card.confidence is not None for card in block.products)
    assert caller.shown.find(1).product_id == block.products[0].id


def test_no_suggestion_leaves_the_shown_list_alone(call: Call, caller: Caller) -> None:
    call("recommend_products", kind="popular")
    before = list(caller.shown.entries)

    outcome = call("recommend_products", kind="goes_with")

    assert products(outcome).products == []
    assert caller.shown.entries == before


def test_fits_the_budget_that_is_left(call: Call) -> None:
    call("set_budget", amount="2.00", period="week")

    block = products(call("recommend_products", kind="budget"))

    assert block.products
    assert all(float(card.price) <= 2 for card in block.products)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("find_swaps", {"goal": "prettier"}),
        ("recommend_products", {"kind": "sponsored"}),
        ("check_diet", {"diets": ["x" * 50]}),
        ("score_sustainability", {"shopper": "me"}),
    ],
)
def test_refuses_arguments_it_does_not_know(
    call: Call, name: str, arguments: dict[str, Any]
) -> None:
    assert call(name, **arguments).kind is ErrorKind.INVALID


@pytest.mark.parametrize("name", ["check_diet", "score_sustainability"])
def test_says_when_there_is_no_such_product(call: Call, name: str) -> None:
    assert call(name, product="nope").kind is ErrorKind.NOT_FOUND
