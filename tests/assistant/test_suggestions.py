import pytest

from assistant.suggestions import suggest
from tests.assistant.grounding.test_gate import BUDGET, CART
from tests.assistant.test_plain_answer import EXAMPLE_NAMES, EXAMPLES
from tools.blocks import Block, CartBlock, ChoicesBlock, ConfirmationBlock, Option, RecipeBlock


@pytest.mark.parametrize("block", EXAMPLES, ids=EXAMPLE_NAMES)
def test_every_answer_offers_one_to_four_replies(block: Block) -> None:
    assert 1 <= len(suggest([block], CART, BUDGET)) <= 4


def test_a_question_that_waits_offers_its_answers() -> None:
    (question,) = [block for block in EXAMPLES if isinstance(block, ConfirmationBlock)]

    assert suggest([question, CartBlock(cart=CART)], CART, BUDGET) == ["Yes", "No"]


def test_a_planned_dish_offers_to_be_changed() -> None:
    (recipe,) = [block for block in EXAMPLES if isinstance(block, RecipeBlock)]
    (question,) = [block for block in EXAMPLES if isinstance(block, ConfirmationBlock)]

    assert suggest([recipe, question], CART, BUDGET) == [
        "Yes", "No", "Make it vegan", "Fewer servings",
    ]  # fmt: skip


def test_a_doubt_beside_a_question_offers_both_answers() -> None:
    (question,) = [block for block in EXAMPLES if isinstance(block, ConfirmationBlock)]
    doubt = ChoicesBlock(question="?", options=[Option(label="Rather", value="swap #1 for #2")])

    assert suggest([doubt, question], CART, None) == ["Yes", "No", "swap #1 for #2"]


def test_a_cart_over_the_budget_offers_to_be_made_to_fit() -> None:
    over = BUDGET.model_copy(update={"state": "over", "left": "-3.00"})

    assert "Fit it to my budget" in suggest([CartBlock(cart=CART, budget=over)], CART, over)


def test_choices_offer_themselves() -> None:
    choices = ChoicesBlock(
        question="Which?", options=[Option(label=str(one), value=f"the {one}") for one in range(6)]
    )

    assert suggest([choices], CART, None) == ["the 0", "the 1", "the 2", "the 3"]


def test_an_answer_without_blocks_still_offers_something() -> None:
    assert suggest([], CART, None)
