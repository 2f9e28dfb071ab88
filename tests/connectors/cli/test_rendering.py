"""Answers in a terminal: what each block says in words and tables."""

import pytest
from rich.console import Console

from assistant.messages import Answer
from connectors.cli import rendering
from tools.blocks import (
    Block,
    CartBlock,
    CartLineView,
    CartView,
    ChoicesBlock,
    DietVerdict,
    LineChange,
    NoticeBlock,
    Option,
    OrderBlock,
    PlanBlock,
    ProductCard,
    RecipeBlock,
    ScoreBlock,
    Swap,
    SwapsBlock,
)
from tools.order_shapes import OrderEventView, OrderLineView, OrderView, SlotView
from tools.view import AdjustmentView, CartTotals, Fact

CARD = ProductCard(
    id="P1", title="Red [Pepper]", price="1.29", currency="USD", in_stock=True, position=1,
    reason="for 2 peppers",
)  # fmt: skip
LINE = CartLineView(
    id="c1", product="P1", title="Red [Pepper]", quantity="2", unit_price="1.29", total="2.58",
    substitution="similar", for_members=["Anna"],
    adjustments=[AdjustmentView(title="2 for 2", amount="-0.58")],
)  # fmt: skip
TOTALS = CartTotals(
    items="2.58", discount="-0.58", delivery="5.95", total="7.95", included_tax="0.30"
)
CART = CartView(id="cart", version=1, lines=[LINE], totals=TOTALS, currency="USD", coupons=["HI5"])
ORDER = OrderView(
    id="o1", number="AB-1", status="placed", placed_at="2026-11-23T08:00:00Z",
    fulfilment="delivery", total="7.95", currency="USD", totals=TOTALS, can_cancel=True,
    lines=[OrderLineView(product="P1", title="Wine", quantity="1", unit_price="2", total="2")],
    slot=SlotView(
        id="s1", fulfilment="delivery", label="Tue Nov 24, 8 am-10 am", fee="0",
        starts_at="2026-11-24T08:00:00Z", ends_at="2026-11-24T10:00:00Z",
    ),
    address="Alder Street", contact="..89", age_limit=21,
    history=[OrderEventView(status="placed", at="2026-11-23T08:00:00Z", by="you", note="by chat")],
)  # fmt: skip


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Console:
    console = Console(record=True, width=100, highlight=False)
    monkeypatch.setattr(rendering, "output", console)
    return console


def told(console: Console, *blocks: Block, text: str = "Here.") -> str:
    rendering.print_answer(
        Answer(conversation_id="v", turn_id="t", text=text, blocks=list(blocks), cart=CART)
    )
    return " ".join(console.export_text().split())


def test_a_plan_tells_amounts_total_and_what_is_missing(printed: Console) -> None:
    cut = LineChange(kind="changed", line="c2", product="P2", title="Ham", before="3", quantity="1")
    block = PlanBlock(
        title="Chili", products=[CARD], quantities=["2"], missing=["saffron"], cuts=[cut],
        total="2.58", currency="USD", note="Cheap.",
    )  # fmt: skip

    said = told(printed, block)

    assert "#1 Red [Pepper] 2 1.29 2 peppers" in said
    assert "Ham 3 -> 1" in said
    assert "together 2.58 USD" in said
    assert "not found: saffron Cheap." in said


def test_a_recipe_tells_ingredients_and_steps(printed: Console) -> None:
    block = RecipeBlock(
        id="r", title="Chili", servings=4, minutes=50, steps=["Brown the beef."],
        ingredients=[Fact(name="oil", value="2 tbsp, from your pantry")],
    )  # fmt: skip

    said = told(printed, block)

    assert "Chili, serves 4, 50 minutes 2 tbsp oil from your pantry 1. Brown the beef." in said


def test_words_of_the_answer_are_not_told_again(printed: Console) -> None:
    choices = ChoicesBlock(question="When?", options=[Option(label="Tue 8 am", value="slot 1")])

    said = told(printed, choices, NoticeBlock(text="Soon."), text="When? Soon.")

    assert said.startswith("When? Soon. slot 1 Tue 8 am cart")


def test_a_cart_tells_whom_it_is_for_and_what_makes_its_total(printed: Console) -> None:
    said = told(printed, CartBlock(cart=CART))

    assert "2 Red [Pepper] 1.29 2.58 for Anna, similar if sold out, 2 for 2 -0.58" in said
    assert "items 2.58 discount -0.58 delivery 5.95 total 7.95 tax included 0.30" in said
    assert "coupon HI5" in said


def test_an_order_tells_when_where_and_what_happened(printed: Console) -> None:
    said = told(printed, OrderBlock(orders=[ORDER]))

    assert "delivery, Tue Nov 24, 8 am-10 am, Alder Street, contact ..89" in said
    assert "21 or older" in said
    assert "2026-11-23 08:00 placed, by you: by chat" in said
    assert "cancel order AB-1" in said


def test_swaps_and_verdicts_tell_the_whole_and_for_whom(printed: Console) -> None:
    swap = Swap(instead_of=CARD, to=CARD, price_difference="-1.00", reason="cheaper")
    swaps = SwapsBlock(goal="cheaper", swaps=[swap, swap], price_difference="-2.00")
    verdict = DietVerdict(
        product="P1", title="Peanuts", diet="nut_free", verdict="no", because="peanuts", who="kids"
    )

    said = told(printed, swaps, ScoreBlock(kind="diet", subject="cart", verdicts=[verdict]))

    assert "all together -2.00 USD" in said
    assert "Peanuts nut free for kids: no peanuts" in said
