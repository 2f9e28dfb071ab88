"""The gate, by families of what a model may get wrong or may rightly say in its own words."""

import pytest

from assistant.grounding.facts import Facts
from assistant.grounding.gate import Gate
from tools.blocks import (
    BudgetBlock,
    BudgetView,
    CartBlock,
    CartLineView,
    CartView,
    Passage,
    PassagesBlock,
    ProductCard,
    ProductsBlock,
    ScoreBlock,
    ScoreItem,
    Swap,
    SwapsBlock,
    UnitPriceView,
)
from tools.view import CartTotals

OAT = ProductCard(
    position=1,
    id="P003",
    title="Oat Drink Barista",
    brand="Northfield",
    category="Drinks > Plant drinks",
    price="3.99",
    currency="USD",
    size="1 l",
    unit_price=UnitPriceView(amount="3.99", unit="l"),
    in_stock=True,
    stock="12",
    rating="4.4",
    nutri_score="B",
    eco_grade="A",
)
SOY = ProductCard(
    position=2,
    id="P004",
    title="Soy Drink Natural",
    brand="Alpina",
    price="2.19",
    currency="USD",
    in_stock=False,
    stock="0",
    nutri_score="A",
)
CART = CartView(
    id="k1",
    version=3,
    lines=[
        CartLineView(
            id="c1",
            product="P003",
            title="Oat Drink Barista",
            quantity="2",
            unit_price="3.99",
            total="7.98",
        ),
        CartLineView(
            id="c2",
            product="P017",
            title="Fusilli Pasta",
            quantity="1",
            unit_price="1.49",
            total="1.49",
        ),
    ],
    totals=CartTotals(items="9.47", deposit="0.25", total="9.72"),
    currency="USD",
)
BUDGET = BudgetView(
    amount="40.00",
    period="week",
    spent="12.00",
    in_cart="9.72",
    left="18.28",
    state="under",
    currency="USD",
)


@pytest.fixture
def gate() -> Gate:
    facts = Facts()
    facts.add_words("i want oat milk for less than 5 dollars, my favourite is Choco Moons")
    facts.add_blocks(
        [
            ProductsBlock(title="Oat milk", products=[OAT, SOY], total=7),
            CartBlock(cart=CART),
            BudgetBlock(budget=BUDGET),
            SwapsBlock(
                goal="greener",
                swaps=[
                    Swap(
                        instead_of=OAT,
                        to=SOY,
                        price_difference="-1.80",
                        kg_co2e_difference="-0.35",
                        grade_before="B",
                        grade_after="A",
                        reason="Soy needs less water",
                    )
                ],
            ),
            ScoreBlock(
                kind="sustainability",
                subject="cart",
                items=[
                    ScoreItem(
                        product="P003",
                        title="Oat Drink Barista",
                        grade="A",
                        kg_co2e="0.92",
                        kg_co2e_per_kg="0.9",
                    )
                ],
                total_kg_co2e="2.347",
                grade="B",
            ),
            PassagesBlock(
                passages=[
                    Passage(
                        policy="delivery",
                        section="Delivery",
                        text="Delivery costs $5.95 and is free from $60. See https://shop.example/d.",
                        source="delivery.md",
                    )
                ]
            ),
        ]
    )
    return Gate(facts)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Oat Drink Barista costs $4.49.",
        "The Oat Drink Barista is just 2.19!",
        "Oat Drink Barista is $3.89 per litre.",
        "You can have it for 4 dollars and 20 cents.",
        "It costs 3.49 USD.",
        "The Soy Drink Natural is $3.99.",
        "About 6 dollars for the Oat Drink Barista.",
        "Everything is under $1.",
        "That is three dollars twenty.",
        "Save $2.50 with the Soy Drink Natural.",
    ],
)
def test_a_wrong_price_is_stopped(gate: Gate, sentence: str) -> None:
    assert gate.check(sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "Your cart comes to $9.27.",
        "The total is $11.00.",
        "You have $20.28 left this week.",
        "That leaves 17 dollars.",
        "Your budget is $50.",
        "Delivery costs $4.95.",
        "Delivery is free from $50.",
    ],
)
def test_a_wrong_total_is_stopped(gate: Gate, sentence: str) -> None:
    assert gate.check(sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "I also have **Almond Dream Deluxe** for you.",
        'Try "Golden Oat Supreme" instead.',
        "The Happy Cow Milk is a good choice.",
        "People love our Oatly Barista Edition.",
        "1. **Hazelnut Drink**",
        "- Coconut Bliss Original: a classic",
        "The Oat Drink Deluxe is in stock.",
        "There is also Soy Drink Vanilla.",
    ],
)
def test_an_invented_product_is_stopped(gate: Gate, sentence: str) -> None:
    assert gate.check(sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "Only 3 left of the Oat Drink Barista!",
        "There are 25 in stock.",
        "The Oat Drink Barista is sold out.",
        "The Soy Drink Natural is in stock.",
        "Stock is 40.",
    ],
)
def test_a_wrong_stock_claim_is_stopped(gate: Gate, sentence: str) -> None:
    assert gate.check(sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "The Soy Drink Natural has Nutri-Score C.",
        "Oat Drink Barista has Nutri-Score E.",
        "Its Nutri-Score is D.",
        "Your cart causes 5.1 kg CO2e.",
        "It emits 1.4 kg of CO2.",
        "More at https://evil.example/login.",
        "See www.other-shop.com for details.",
    ],
)
def test_a_wrong_score_or_link_is_stopped(gate: Gate, sentence: str) -> None:
    assert gate.check(sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "The Oat Drink Barista is $3.99.",
        "The **Oat Drink Barista** costs 3.99 USD.",
        "Oat Drink Barista by Northfield is about 4 dollars.",
        "It is around $4.",
        "That one is three dollars ninety-nine.",
        "Two of them are $7.98.",
        "The Oat Drinks are under $5.",
        "Both are under five dollars.",
        "Oat Drink Barista: $3.99, in stock, rated 4.4 out of 5.",
        "We have 12 of the Oat Drink Barista in stock.",
        "The Soy Drink Natural is sold out, sorry.",
        "The Soy Drink would save you $1.80.",
        "Swapping saves 1.80 and 0.35 kg CO2e.",
        "Your cart comes to $9.72, including a deposit of $0.25.",
        "You have $18.28 left of your $40 for this week.",
        "You have a bit over 18 dollars left, about $18.",
        "The Oat Drink Barista has Nutri-Score B and eco grade A.",
        "Your cart comes to 2.3 kg CO2e, grade B.",
        "Delivery costs $5.95, and it is free from $60.",
        "See https://shop.example/d.",
        "I could not find Choco Moons in our shop.",
        "Here is what I found for “oat milk”:",
        "**Two of them** are in your cart already.",
        "On Monday we open at eight.",
        "Add the first one?",
        "Greenhouse gases matter, and Nutri-Score helps.",
        "Would you like the Northfield one?",
        "I'm happy to help! Let me know if you'd like more.",
        "Fusilli Pasta and Oat Drink Barista are in your cart.",
        "Good choice.",
        "1. Oat Drink Barista, 1 l: $3.99",
        "Is the Oat Drink Barista still in stock?",
    ],
)
def test_right_answers_in_free_wording_pass(gate: Gate, sentence: str) -> None:
    assert gate.check(sentence) is None


def test_a_products_own_description_cannot_vouch_for_an_amount() -> None:
    facts = Facts()
    facts.add_blocks(
        [ProductsBlock(title="", products=[OAT.model_copy(update={"image_url": "$1.00"})], total=1)]
    )
    assert Gate(facts).check("It is only $1.00!") is not None


def test_a_plan_may_be_told_with_what_is_not_in_it() -> None:
    facts = Facts()
    facts.add_dumped(
        [
            {
                "type": "recipe",
                "id": "chili",
                "title": "Chili con carne",
                "servings": 4,
                "ingredients": [{"name": "Ground beef", "value": "500 g"}],
                "steps": ["Brown the Ground Beef."],
            },
            {
                "type": "plan",
                "title": "Chili con carne for 4",
                "products": [SOY.model_dump(mode="json")],
                "quantities": ["2"],
                "missing": ["250 g Crème Brie: sold out"],
                "total": "14.39",
                "currency": "USD",
                "note": "$14.39 keeps to the budget of $15.00.",
            },
        ]
    )
    gate = Gate(facts)
    for said in (
        "Chili Con Carne for 4 comes to $14.39.",
        "I could not find: 250 g Crème Brie: sold out.",
        "You need 500 g of Ground Beef.",
    ):
        assert gate.check(said) is None, said
    assert gate.check("It comes to $13.99 in all.") is not None


def test_what_a_coupon_takes_off_may_be_told() -> None:
    facts = Facts()
    cart = CART.model_copy(update={"coupons": ["WELCOME10"]})
    facts.add_result(
        "Coupon WELCOME10 is entered: 10% off one order from $30, $6.74 off.",
        [CartBlock(cart=cart).model_dump(mode="json")],
    )

    assert Gate(facts).check("Coupon WELCOME10 is entered: 10% off from $30, $6.74 off.") is None
