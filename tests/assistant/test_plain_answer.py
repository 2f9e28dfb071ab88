"""Every block can be said in plain words, and what is said passes the gate."""

from typing import get_args

import pytest
from pydantic import TypeAdapter

from assistant.grounding.facts import Facts
from assistant.grounding.gate import Gate
from assistant.grounding.sentences import SentenceSplitter
from assistant.plain_answer import plain_answer
from tests.assistant.grounding.test_gate import BUDGET, CART, OAT, SOY
from tools.blocks import (
    Block,
    BudgetBlock,
    CartBlock,
    ChoicesBlock,
    ComparisonBlock,
    ComparisonRow,
    ConfirmationBlock,
    ConfirmationView,
    DietVerdict,
    LineChange,
    NoticeBlock,
    Option,
    OrderBlock,
    Passage,
    PassagesBlock,
    PlanBlock,
    ProductBlock,
    ProductDetail,
    ProductsBlock,
    RecipeBlock,
    ScoreBlock,
    ScoreItem,
    Swap,
    SwapsBlock,
)
from tools.order_shapes import OrderLineView, OrderView
from tools.view import Fact

EXAMPLES: list[Block] = [
    ProductsBlock(title="Oat milk", products=[OAT, SOY], total=2),
    ProductsBlock(title="", products=[], total=0, note="Without the price limit there are 3."),
    ProductBlock(
        product=ProductDetail(
            card=OAT, ingredients="Water, oats", allergens=["gluten"], traces=["soy"]
        )
    ),
    ComparisonBlock(
        products=[OAT, SOY], rows=[ComparisonRow(attribute="Rating", values=["4.4", None])]
    ),
    CartBlock(cart=CART, budget=BUDGET),
    CartBlock(
        cart=CART,
        changes=[
            LineChange(kind="added", line="c1", product="P003", title=OAT.title, quantity="2"),
            LineChange(
                kind="swapped", line="c2", product="P004", title=SOY.title, replaced=OAT.title
            ),
        ],
        warnings=["Oat Drink Barista contains gluten."],
    ),
    BudgetBlock(budget=BUDGET),
    BudgetBlock(budget=BUDGET.model_copy(update={"left": "-3.50"}), drop=[CART.lines[1]]),
    BudgetBlock(budget=None),
    ScoreBlock(
        kind="diet",
        subject="product",
        verdicts=[
            DietVerdict(
                product="P003", title=OAT.title, diet="gluten_free", verdict="no", because="oats"
            )
        ],
    ),
    ScoreBlock(
        kind="sustainability",
        subject="cart",
        items=[ScoreItem(product="P003", title=OAT.title, grade="A", kg_co2e="0.92")],
        total_kg_co2e="2.3",
    ),
    SwapsBlock(
        goal="cheaper",
        swaps=[Swap(instead_of=OAT, to=SOY, price_difference="-1.80", reason="saves $1.80")],
    ),
    SwapsBlock(goal="greener", swaps=[]),
    PlanBlock(
        title="Pancakes",
        products=[OAT],
        quantities=["2"],
        missing=["eggs"],
        total="7.98",
        currency="USD",
    ),
    RecipeBlock(
        id="r1",
        title="Porridge",
        servings=2,
        ingredients=[Fact(name="oats", value="100 g")],
        steps=["Cook them."],
    ),
    OrderBlock(
        orders=[
            OrderView(
                id="o1",
                number="1001",
                status="placed",
                placed_at="2026-11-23T09:00:00Z",
                fulfilment="pickup",
                lines=[
                    OrderLineView(
                        product="P003",
                        title=OAT.title,
                        quantity="2",
                        unit_price="3.99",
                        total="7.98",
                    )
                ],
                totals=CART.totals,
                total="7.98",
                currency="USD",
            )
        ]
    ),
    OrderBlock(orders=[]),
    ConfirmationBlock(
        confirmation=ConfirmationView(
            id="f1", action="place_order", text="Order 2 items, total $7.98?", expires_at="x"
        )
    ),
    PassagesBlock(
        passages=[
            Passage(
                policy="returns", section="Returns", text="Within 14 days.", source="returns.md"
            )
        ]
    ),
    ChoicesBlock(question="Which one?", options=[Option(label="Oat", value="the oat one")]),
    NoticeBlock(text="That is sold out.", level="warning"),
]


EXAMPLE_NAMES = [f"{block.type}-{number}" for number, block in enumerate(EXAMPLES)]


@pytest.mark.parametrize("block", EXAMPLES, ids=EXAMPLE_NAMES)
def test_a_block_can_be_said_and_passes_the_gate(block: Block) -> None:
    said = plain_answer([block])

    assert said.strip()
    assert "None" not in said
    facts = Facts()
    facts.add_blocks([block])
    splitter = SentenceSplitter()
    for sentence in [*splitter.feed(said), *splitter.flush()]:
        assert Gate(facts).check(sentence) is None


def test_there_is_an_example_of_every_block() -> None:
    union = get_args(get_args(Block)[0])
    assert {type(block) for block in EXAMPLES} == set(union)
    assert TypeAdapter(list[Block]).validate_python(
        [block.model_dump(mode="json") for block in EXAMPLES]
    )


def test_an_outdated_cart_is_left_out() -> None:
    empty = CART.model_copy(update={"lines": []})

    assert plain_answer([CartBlock(cart=CART), CartBlock(cart=empty)]) == "Your cart is empty."


def test_a_size_that_the_title_has_is_not_said_again() -> None:
    titled = OAT.model_copy(update={"title": "Oat Drink Barista 1 l"})

    said = plain_answer([ProductsBlock(title="Oat milk", products=[titled, OAT], total=2)])

    assert "Oat Drink Barista 1 l: $3.99" in said
    assert "Oat Drink Barista, 1 l: $3.99" in said


def test_nothing_shown_is_nothing_said() -> None:
    assert plain_answer([]) == ""
