import pytest

from assistant.suggestions import suggest
from tests.assistant.test_grounding import BUDGET, CART
from tests.assistant.test_plain_answer import EXAMPLE_NAMES, EXAMPLES
from tools.blocks import Block, CartBlock, ChoicesBlock, ConfirmationBlock, Option


@pytest.mark.parametrize("block", EXAMPLES, ids=EXAMPLE_NAMES)
def test_every_answer_offers_one_to_four_replies(block: Block) -> None:
    assert 1 <= len(suggest([block], CART, BUDGET)) <= 4


def test_a_question_that_waits_offers_its_answers() -> None:
    (question,) = [block for block in EXAMPLES if isinstance(block, ConfirmationBlock)]

    assert suggest([question, CartBlock(cart=CART)], CART, BUDGET) == ["Yes", "No"]


def test_choices_offer_themselves() -> None:
    choices = ChoicesBlock(
        question="Which?", options=[Option(label=str(one), value=f"the {one}") for one in range(6)]
    )

    assert suggest([choices], CART, None) == ["the 0", "the 1", "the 2", "the 3"]


def test_an_answer_without_blocks_still_offers_something() -> None:
    assert suggest([], CART, None)
