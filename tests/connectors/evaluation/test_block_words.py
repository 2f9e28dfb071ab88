"""What stands in a transcript for each kind of block."""

import pytest

from connectors.evaluation.block_words import block_line
from tools import blocks
from tools.blocks import Block

CARD = blocks.ProductCard(
    position=1, id="P001", title="Bananas", price="0.29", currency="USD", in_stock=True
)
OTHER = CARD.model_copy(update={"position": None, "id": "P002", "title": "Plums"})
VERDICT = blocks.DietVerdict(
    product="P001", title="Bananas", diet="vegan", verdict="yes", because="a fruit"
)
SWAP = blocks.Swap(instead_of=CARD, to=OTHER, price_difference="-0.10", reason="cheaper")


@pytest.mark.parametrize(
    ("block", "line"),
    [
        (
            blocks.ProductsBlock(title="Fruit", products=[CARD] * 8, total=9),
            "products: 8 of 9: " + "; ".join(["#1 Bananas 0.29"] * 6) + " and 2 more",
        ),
        (
            blocks.ProductBlock(product=blocks.ProductDetail(card=OTHER)),
            "product: #- Plums 0.29",
        ),
        (
            blocks.ComparisonBlock(products=[CARD, OTHER], rows=[]),
            "comparison: #1 Bananas 0.29; #- Plums 0.29",
        ),
        (blocks.BudgetBlock(budget=None), "budget: none is set"),
        (blocks.SwapsBlock(goal="cheaper", swaps=[SWAP]), "swaps: Bananas -> Plums"),
        (
            blocks.PlanBlock(
                title="Fruit", products=[CARD], quantities=["2"], missing=["figs"],
                total="0.58", currency="USD",
            ),
            "plan: Fruit, 0.58: 2 x Bananas; not found: figs",
        ),
        (
            blocks.ScoreBlock(kind="diet", subject="product", verdicts=[VERDICT]),
            "score: diet, Bananas vegan: yes",
        ),
        (
            blocks.ScoreBlock(kind="sustainability", subject="cart", total_kg_co2e="3.2"),
            "score: sustainability, 3.2 kg CO2e in all",
        ),
        (
            blocks.RecipeBlock(id="r1", title="Soup", servings=4, ingredients=[]),
            "recipe: Soup for 4",
        ),
        (
            blocks.PassagesBlock(
                passages=[blocks.Passage(policy="Returns", section="How", text="x", source="y")]
            ),
            "passages: Returns, How",
        ),
        (
            blocks.ChoicesBlock(
                question="Which?", options=[blocks.Option(label="The red one", value="red")]
            ),
            "choices: Which? The red one",
        ),
        (blocks.NoticeBlock(text="All is well."), "notice: All is well."),
        (blocks.OrderBlock(orders=[]), "order: "),
    ],
)  # fmt: skip
def test_a_block_is_told_in_a_line(block: Block, line: str) -> None:
    assert block_line(block) == line
