"""fit_budget in the small shop: what it proposes, for whom, and what the yes does."""

import pytest

from knowledge.errors import ErrorKind
from knowledge.orders.decisions import Decision
from knowledge.pricing.promotion_file import PromotionRecord
from tests.calls import Talk, block_of
from tests.fixed_clock import FixedClock
from tests.market import contents, goods, stock_shelves
from tests.orders import place_order, say_yes
from tools.blocks import (
    BudgetBlock,
    CartBlock,
    ChoicesBlock,
    ConfirmationBlock,
    NoticeBlock,
    PlanBlock,
    SwapsBlock,
)
from tools.runner import Outcome

PASTA, SWEETS = ("Pantry", "Pasta"), ("Snacks", "Chocolate")


@pytest.fixture
def pantry(talk: Talk) -> Talk:
    """Fine pasta with two cheaper ones, one of them not known to be free of nuts."""
    stock_shelves(
        talk.shop,
        goods("fine", "4.00", title="Spaghetti", size="500 g", category=PASTA, allergens=(),
              traces=()),
        goods("plain", "2.50", title="Spaghetti", size="500 g", category=PASTA, allergens=(),
              traces=()),
        goods("cheap", "1.00", title="Spaghetti", size="500 g", category=PASTA),
        goods("juice", "0.50", title="Orange Juice", size="500 g", category=PASTA, allergens=(),
              traces=()),
        goods("truffles", "6.00", title="Truffles", category=SWEETS),
        goods("chips", "3.00", title="Chips", category=("Snacks", "Chips")),
        goods("bread", "4.00", title="Bread", category=("Bakery", "Bread")),
    )  # fmt: skip
    return talk


def fill(talk: Talk, **quantities: object) -> None:
    items = [{"product": name, "quantity": many} for name, many in quantities.items()]
    talk.done("add_to_cart", items=items)


def total_of(talk: Talk) -> str:
    return block_of(talk.done("get_cart"), CartBlock).cart.totals.total


def held(talk: Talk) -> dict[str, str]:
    with talk.shop.read() as work:
        return contents(talk.shop, work.shoppers.get(talk.caller.shopper_id))


def agree(talk: Talk, outcome: Outcome) -> Decision:
    asked = block_of(outcome, ConfirmationBlock).confirmation
    with talk.shop.read() as work:
        question = work.confirmations.get(asked.id)
    return say_yes(talk.shop, question)


def told(outcome: Outcome) -> str:
    return block_of(outcome, NoticeBlock).text


def test_swaps_before_it_takes_anything_away(pantry: Talk) -> None:
    fill(pantry, fine=2, bread=1)

    outcome = pantry.done("fit_budget", amount="$9.50")

    plan, swaps = block_of(outcome, PlanBlock), block_of(outcome, SwapsBlock)
    (swap,) = swaps.swaps
    assert (swap.line, swap.quantity, swap.to.id, swap.to.position) == ("c1", "2", "plain", 1)
    assert (swap.price_difference, swaps.price_difference) == ("-3.00", "-3.00")
    assert [(one.position, one.id) for one in plan.products] == [(1, "plain"), (2, "bread")]
    assert (plan.quantities, plan.cuts, plan.total) == (["2", "1"], [], "9.00")
    assert plan.note == (
        "$9.00 instead of $12.00 keeps to $9.50: saves $3.00 with 1 swap. "
        "No other swaps, amounts or lines left out give up less."
    )
    assert total_of(pantry) == "12.00"


def test_one_yes_does_all_of_it_and_one_undo_takes_it_back(pantry: Talk) -> None:
    fill(pantry, fine=1, truffles=1, chips=2, bread=1)
    before = held(pantry)

    outcome = pantry.done("fit_budget", amount="9.50")

    plan = block_of(outcome, PlanBlock)
    cuts = [(one.kind, one.line, one.before, one.quantity) for one in plan.cuts]
    assert cuts == [("removed", "c2", "1", None), ("changed", "c3", "2", "1")]
    assert [(one.id, one.reason) for one in plan.products][1] == ("chips", "1 instead of 2")
    assert "Left out, c2: Truffles, saves $6.00." in outcome.plain
    assert "Less, c3: 1 instead of 2 Chips, saves $3.00." in outcome.plain
    assert agree(pantry, outcome).outcome == "done"
    assert held(pantry) == {"c1 plain": "1", "c3 chips": "1", "c4 bread": "1"}
    assert total_of(pantry) == plan.total == "9.50"
    pantry.done("undo")
    assert held(pantry) == before


def test_a_change_in_between_voids_the_question(pantry: Talk) -> None:
    fill(pantry, fine=2, bread=1)
    outcome = pantry.done("fit_budget", amount="9.50")
    fill(pantry, truffles=1)

    decision = agree(pantry, outcome)

    # What is to go was worked out for another cart: it is not offered again as it was.
    assert decision.outcome == "changed"
    assert decision.confirmation is None
    assert "ask for it again" in decision.text
    assert held(pantry)["c1 fine"] == "2"


def test_needs_of_whoever_it_is_for_are_kept(pantry: Talk) -> None:
    pantry.done("set_preferences", member="Anna", diets=["nut free"])
    stock_shelves(pantry.shop, goods("rolls", "9.00", title="Rolls", category=("Bakery", "Rolls")))
    fill(pantry, rolls=1)
    pantry.done("add_to_cart", items=[{"product": "fine", "quantity": 2}], **{"for": ["Anna"]})

    swaps = block_of(pantry.done("fit_budget", amount="15"), SwapsBlock).swaps

    assert [one.to.id for one in swaps] == ["plain"]


def test_the_diets_of_the_original_are_kept(pantry: Talk) -> None:
    fill(pantry, fine=1)

    plan = block_of(pantry.done("fit_budget", amount="2.50"), PlanBlock)

    assert [one.id for one in plan.products] == ["plain"]
    assert told(pantry.done("fit_budget", amount="1.00")).startswith("Nothing in the cart can be")


def test_goods_by_weight_shrink_in_steps(pantry: Talk) -> None:
    fill(pantry, apples="1 kg")

    plan = block_of(pantry.done("fit_budget", amount="2.00"), PlanBlock)

    assert (plan.quantities, plan.total) == (["0.5"], "1.50")
    assert plan.products[0].reason == "0.5 kg instead of 1 kg"


def test_promotions_are_counted_as_they_are_paid(pantry: Talk) -> None:
    rule = {"products": ["chips"], "count": 2, "price": "4.00"}
    with pantry.shop.write() as work:
        work.promotions.save(
            PromotionRecord(id="two", title="2 for 4", kind="n_for_price", rule=rule)
        )
    fill(pantry, chips=3)

    plan = block_of(pantry.done("fit_budget", amount="4.00"), PlanBlock)

    assert (plan.quantities, plan.total) == (["2"], "4.00")


def test_what_has_to_stay_stays_or_it_says_why_not(pantry: Talk) -> None:
    fill(pantry, truffles=1, bread=1, chips=1)

    plan = block_of(pantry.done("fit_budget", amount="6", keep=["c1"]), PlanBlock)
    assert [one.id for one in plan.products] == ["truffles"]
    assert told(pantry.done("fit_budget", amount="9", keep=["truffles", "bread"])) == (
        "That cannot be done: Truffles and Bread alone come to $10.00, $1.00 more than $9.00."
    )
    assert pantry.call("fit_budget", amount="9", keep=["oats"]).kind == ErrorKind.NOT_FOUND


@pytest.mark.parametrize("period", ["trip", "week", "month"])
def test_without_an_amount_the_budget_decides(pantry: Talk, period: str) -> None:
    fill(pantry, fine=2, bread=1)
    pantry.done("set_budget", amount="9.50", period=period)

    note = block_of(pantry.done("fit_budget"), PlanBlock).note

    words = {"trip": "this trip", "week": "this week", "month": "this month"}[period]
    assert f"$9.00 instead of $12.00 keeps to your budget of $9.50 for {words}" in (note or "")


def test_what_was_spent_before_counts(pantry: Talk, clock: FixedClock) -> None:
    pantry.done("set_budget", amount="14", period="week")
    pantry.done("set_budget", amount="40", period="month")
    fill(pantry, bread=1)
    with pantry.shop.read() as work:
        shopper = work.shoppers.get(pantry.caller.shopper_id)
    place_order(pantry.shop, shopper)
    clock.advance(60)
    fill(pantry, fine=2, bread=1)

    plan = block_of(pantry.done("fit_budget"), PlanBlock)

    assert plan.total == "9.00"
    assert "the $10.00 left of your budget of $14.00 for this week" in (plan.note or "")
    pantry.done("set_budget", amount="3", period="week")
    assert told(pantry.done("fit_budget")) == (
        "Nothing fits: your budget of $3.00 for this week is used up."
    )


def test_a_refusing_budget_lets_the_cart_shrink(pantry: Talk) -> None:
    fill(pantry, fine=2, bread=1)
    budget = block_of(pantry.done("set_budget", amount="9", rule="refuse"), BudgetBlock).budget
    assert budget is not None
    assert budget.state == "over"

    assert agree(pantry, pantry.done("fit_budget")).outcome == "done"
    assert total_of(pantry) == "9.00"


def test_without_amount_and_budget_it_asks(pantry: Talk) -> None:
    fill(pantry, bread=5)

    block = block_of(pantry.done("fit_budget"), ChoicesBlock)

    assert "the cart comes to $20.00. What may it cost at most?" in block.question
    assert [one.value for one in block.options] == [
        "make the cart fit $18.00",
        "make the cart fit $16.00",
        "make the cart fit $14.00",
    ]


def test_what_fits_already_is_left_alone(pantry: Talk) -> None:
    fill(pantry, bread=1)

    assert told(pantry.done("fit_budget", amount="5")) == (
        "It fits: the cart comes to $4.00, $1.00 below $5.00."
    )
    assert told(pantry.done("fit_budget", amount=4)).endswith("exactly $4.00.")


def test_nothing_at_all_can_be_had(pantry: Talk) -> None:
    assert pantry.call("fit_budget", amount="5").kind == ErrorKind.INVALID
    assert pantry.call("fit_budget", amount="-5").kind == ErrorKind.INVALID
    fill(pantry, bread=1)

    assert told(pantry.done("fit_budget", amount="0.99")) == (
        "Nothing in the cart can be had for $0.99: the cheapest, Bread, comes to $4.00."
    )


def test_the_question_fits_a_text_message(pantry: Talk) -> None:
    for number in range(12):
        product = goods(f"t{number}", "2.00", title=f"Very Long Name Of Sweets {number} " * 3)
        stock_shelves(pantry.shop, product)
    fill(pantry, **{f"t{number}": 1 for number in range(12)})

    question = block_of(pantry.done("fit_budget", amount="5"), ConfirmationBlock).confirmation

    assert len(question.text) <= 320
    assert "more: change 10 products; the cart comes to $4.00 instead of $24.00." in question.text
