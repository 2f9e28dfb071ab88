"""Amounts and times that nobody was told but everybody may reckon, and their wrong neighbours."""

import logging
from decimal import DivisionByZero

import pytest

from assistant.grounding import gate as gate_module
from assistant.grounding.facts import Facts
from assistant.grounding.gate import Gate
from tests.assistant.grounding.recorded import facts_of


@pytest.mark.parametrize(
    ("talk", "right", "wrong"),
    [
        ("bars", "All five together would come to {}.", ("$12.71", "$12.17")),
        (
            "bars",
            "A gap of {}: $1.99 for Podling versus $2.95 for Coconut.",
            ("96 cents", "86 cents"),
        ),
        ("bars", "Of your $40 you still have {} left.", ("$35.02", "$37.51")),
        ("chili", "Skip the sour cream and the cilantro and you're at {}.", ("$14.89", "$15.89")),
        ("chili", "Beef $6.79 and sour cream $2.79, that's {} for the two.", ("$9.58", "$8.58")),
        ("breakfast", "Without the eggs and the bread you'd be at {}.", ("$13.77", "$12.77")),
        ("breakfast", "Eggs and bread are $5.49 each, so {} for both.", ("$10.98", "$11.98")),
        ("coupon", "A bit over {} for chicken, salmon, rice and milk.", ("$33", "$44")),
        ("coupon", "You're a good {} dollars above the $30.", ("seven", "nine")),
        ("policies", "For a slot at 6 pm you'd have until {} pm.", ("3", "4")),
        ("policies", "That's {} hours a day during the week.", ("13", "15")),
        ("milk", "A 200 ml glass has about {} kcal.", ("118", "188")),
        ("orders", "The contact ends in {}.", ("99", "47")),
        ("soldout", "Two packs hold {} g of strawberries.", ("900", "700")),
        ("milk", "The Barista is a dollar {} more than Basket Basics.", ("forty", "sixty")),
    ],
)
def test_what_follows_from_the_facts_may_be_said(
    talk: str, right: str, wrong: tuple[str, str]
) -> None:
    assert Gate(facts_of(talk)).check(right.format(wrong[0])) is None
    assert Gate(facts_of(talk)).check(right.format(wrong[1])) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "Keep them in the fridge and use them up within 2 or 3 days.",
        "For jam take 500 g of sugar and cook it for 4 minutes.",
        "Fry an onion for 5 minutes, add 100 g of lentils and bake it for half an hour at 180 °C.",
    ],
)
def test_cooking_needs_no_tool(sentence: str) -> None:
    assert Gate(Facts()).check(sentence) is None


def test_a_thing_that_is_replaced_is_not_what_the_line_praises() -> None:
    gate = Gate(facts_of("greener"))

    assert gate.check("**«Organic Bananas»** instead of the «Bananas, loose»: «organic»") is None
    assert gate.check("The «Bananas, loose» are organic.") is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "The offer on the cilantro ends Friday.",
        "Don't miss the deal on the cilantro!",
        "Three for the price of two on the cilantro!",
        "Cilantro is part of our weekly offers.",
        "~~$1.29~~ **$0.99** for the cilantro",
        "As a member of our loyalty club you save 20% today.",
    ],
)
def test_no_offer_is_made_up(sentence: str) -> None:
    assert Gate(facts_of("chili")).check(sentence) is not None


def test_that_there_is_no_offer_may_be_said() -> None:
    assert Gate(facts_of("chili")).check("There's no deal on the cilantro, sorry.") is None


def test_a_sentence_that_cannot_be_reckoned_with_is_stopped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def divided(*_: object) -> None:
        raise DivisionByZero

    monkeypatch.setattr(gate_module, "wrong_scores", divided)
    with caplog.at_level(logging.ERROR):
        why = Gate(facts_of("bars")).check("The bars are all vegan.")

    assert why == "it could not be checked"
    assert "could not be checked" in caplog.text
