from decimal import Decimal

from assistant.grounding.earlier_facts import EarlierFacts
from assistant.memory.ageing import aged
from assistant.memory.masking import mask_text, mask_turn, mask_window
from assistant.window import Part
from tests.assistant.memory.turns import product, shows, turn

CHECKOUT = turn(
    "deliver to 12 Elm Street, 62704 Springfield, my number is +1 415 555 0189",
    "Thank you, anna@example.com is noted.",
    tool="start_checkout",
    arguments={"address": "12 Elm Street, 62704 Springfield", "contact": "+1 415 555 0189"},
)
ORDERED: list[Part] = [
    {"type": "user", "text": "yes"},
    {"type": "answer", "text": "Ordered.", "blocks": [{"type": "order", "orders": []}]},
]


def test_an_old_turn_names_its_products_without_any_price() -> None:
    parts = aged(turn("oat?", "It costs $2.49.", text="1. $2.49", blocks=shows(product("p1"))))

    assert "2.49" not in str(parts)
    assert "p1: Oat Drink p1" in parts[2]["text"]
    assert parts[3]["text"] == "It costs [price of then]."
    facts = EarlierFacts().of("c", [parts], 1)
    assert facts.products["p1"].title == "Oat Drink p1"
    assert facts.products["p1"].amounts == set()


def test_a_price_that_was_known_is_forgotten_when_its_turn_is_out_of_date() -> None:
    earlier = EarlierFacts()
    window = [turn(blocks=shows(product("p1"))), turn("hi", blocks=[])]
    before = earlier.of("c", window[:1], 1)
    assert before.products["p1"].amounts == {Decimal("2.49")}

    after = earlier.of("c", [aged(window[0]), window[1]], 2, frozenset({1}))

    assert after.products["p1"].amounts == set()
    assert earlier.of("c", [aged(window[0]), window[1]], 2, frozenset({1})) == after


def test_numbers_typed_for_a_checkout_are_masked_in_words_and_calls() -> None:
    masked = str(mask_turn(CHECKOUT))

    for private in ("12", "62704", "415", "0189", "anna@"):
        assert private not in masked
    assert "Elm Street" in masked
    assert "Springfield" in masked


def test_what_is_typed_stays_until_the_order_is_placed() -> None:
    assert mask_window([CHECKOUT], checking_out=True) == [CHECKOUT]
    assert mask_window([CHECKOUT], checking_out=False) == [mask_turn(CHECKOUT)]
    again = mask_window([CHECKOUT, ORDERED, CHECKOUT], checking_out=True)
    assert again == [mask_turn(CHECKOUT), ORDERED, CHECKOUT]


def test_prices_amounts_and_order_numbers_are_no_private_matter() -> None:
    said = "add 12 eggs under $3.50, 500 g flour and show order ABCD-1234567, 2026-11-23"

    assert mask_text(said) == said
