"""plan_basket on a small kitchen: a shopping list becomes one proposal."""

from typing import Any

import pytest

from knowledge.orders.decisions import carry_out
from tests.calls import Talk, block_of
from tests.kitchen import open_kitchen
from tests.market import goods, stock_shelves
from tools.blocks import ChoicesBlock, ConfirmationBlock, PlanBlock
from tools.runner import Outcome


@pytest.fixture
def kitchen(talk: Talk) -> Talk:
    open_kitchen(talk.shop)
    return talk


def listed(talk: Talk, *lines: str, **more: Any) -> Outcome:
    """Lines such as "500 g | beef"."""
    items = []
    for line in lines:
        quantity, _, query = line.rpartition("|")
        items.append({"query": query.strip()} | ({"quantity": quantity} if quantity else {}))
    return talk.done("plan_basket", items=items, **more)


def bought(outcome: Outcome) -> dict[str, str]:
    plan = block_of(outcome, PlanBlock)
    return {
        card.id: quantity for card, quantity in zip(plan.products, plan.quantities, strict=True)
    }


def test_a_list_becomes_one_basket_and_one_question(kitchen: Talk) -> None:
    outcome = listed(
        kitchen, "beef mince", "2 | kidney beans", "a dozen | eggs", "3 | onions", "150 g | gouda"
    )

    assert bought(outcome) == {
        "beef": "1", "beans": "2", "eggs": "1", "onions": "1", "gouda": "0.15",
    }  # fmt: skip
    assert block_of(outcome, PlanBlock).total == "15.30"
    text = block_of(outcome, ConfirmationBlock).confirmation.text
    assert text.startswith("Your list of 5 things: add 5 products, total $15.30.")
    assert not [one for one in outcome.blocks if isinstance(one, ChoicesBlock)]


def test_an_amount_becomes_whole_packs(kitchen: Talk) -> None:
    assert bought(listed(kitchen, "1 kg | beef mince")) == {"beef": "2"}
    assert bought(listed(kitchen, "12 | muesli bars")) == {"bars": "2"}
    assert bought(listed(kitchen, "2 packs | muesli bars")) == {"bars": "2"}


def test_what_fits_nothing_is_listed_as_missing(kitchen: Talk) -> None:
    outcome = listed(kitchen, "spaghetti", "unicorn steaks")

    assert bought(outcome) == {"spaghetti": "1"}
    assert block_of(outcome, PlanBlock).missing == ["unicorn steaks: not sold here"]
    assert "Not found: unicorn steaks: not sold here." in outcome.plain


def test_the_same_line_twice_is_bought_twice(kitchen: Talk) -> None:
    assert bought(listed(kitchen, "kidney beans", "kidney beans")) == {"beans": "2"}


def test_lines_that_want_the_same_get_what_there_is(kitchen: Talk) -> None:
    stock_shelves(
        kitchen.shop, goods("jam", "1.00", title="Fig Jam", category=("Pantry",), stock=3)
    )
    kitchen.shop.search.refresh()

    outcome = listed(kitchen, "2 | fig jam", "2 | fig jam")

    assert bought(outcome) == {"jam": "3"}
    assert "Only 3 of Fig Jam can be had." in (block_of(outcome, PlanBlock).note or "")


def test_saved_needs_are_kept_to(kitchen: Talk) -> None:
    kitchen.done("set_preferences", allergens=["nuts"])

    outcome = listed(kitchen, "muesli bars", "peanuts")

    assert bought(outcome) == {"plain-bars": "1"}
    (missing,) = block_of(outcome, PlanBlock).missing
    assert missing == "peanuts: none here is known to be free of nuts and peanuts"


def test_the_needs_of_the_household_are_kept_to(kitchen: Talk) -> None:
    kitchen.done("set_preferences", member="kids", allergens=["nuts"])

    assert bought(listed(kitchen, "muesli bars")) == {"bars": "1"}
    outcome = listed(kitchen, "muesli bars", **{"for": ["kids"]})
    assert bought(outcome) == {"plain-bars": "1"}
    with kitchen.shop.write() as work:
        asked = work.confirmations.get(block_of(outcome, ConfirmationBlock).confirmation.id)
        carry_out(work, asked, "yes", "web")
        (line,) = work.carts.get(kitchen.caller.cart_id).lines
    assert line.for_members == ("kids",)


def test_what_is_sold_by_age_is_told(kitchen: Talk) -> None:
    outcome = listed(kitchen, "red wine")

    assert bought(outcome) == {"wine": "1"}
    assert "sold from age 21 only" in (block_of(outcome, PlanBlock).note or "")


def test_a_budget_takes_the_cheaper_of_what_fits(kitchen: Talk) -> None:
    stock_shelves(
        kitchen.shop,
        goods("fine-beef", "6.50", title="Beef Mince 500 g Fine", size="500 g",
              category=("Meat",), rating=5, stock=9),
    )  # fmt: skip
    kitchen.shop.search.refresh()

    outcome = listed(kitchen, "beef mince", "kidney beans", budget="7.00")

    assert bought(outcome) == {"beef": "1", "beans": "1"}
    assert "keeps to the budget of $7.00" in (block_of(outcome, PlanBlock).note or "")


def test_a_word_of_two_meanings_is_asked_about_once(kitchen: Talk) -> None:
    stock_shelves(
        kitchen.shop,
        goods("bell", "1.00", title="Pepper", category=("Vegetables",), stock=9),
        goods("black", "1.00", title="Pepper", category=("Spices",), stock=9),
        goods("flakes", "1.00", title="Chili", category=("Spices",), stock=9),
        goods("fresh", "1.00", title="Chili", category=("Vegetables",), stock=9),
    )
    kitchen.shop.search.refresh()

    outcome = listed(kitchen, "pepper", "chili", "spaghetti")

    question = block_of(outcome, ChoicesBlock)
    assert len(bought(outcome)) == 3
    assert "what you meant by 'pepper'?" in question.question
    assert [one.value for one in question.options] == ["swap #1 for #4"]
    assert kitchen.caller.shown.find(4).title == "Pepper"


def test_what_is_no_quantity_is_refused(kitchen: Talk) -> None:
    outcome = kitchen.call("plan_basket", items=[{"query": "eggs", "quantity": "lots"}])

    assert not outcome.ok
    assert "not a quantity" in outcome.text


def test_nothing_to_be_had_asks_nothing(kitchen: Talk) -> None:
    outcome = listed(kitchen, "unicorn", "dragon eggs")

    assert not [one for one in outcome.blocks if isinstance(one, ConfirmationBlock)]
    assert "Nothing on the list can be had" in outcome.text
