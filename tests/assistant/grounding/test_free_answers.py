"""The gate over a recorded talk: lets right answers in free wording pass, and no wrong one."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.grounding.facts import Facts
from assistant.grounding.gate import Gate
from assistant.grounding.sentences import SentenceSplitter

HERE = Path(__file__).parent
ANSWERS: dict[str, list[str]] = yaml.safe_load((HERE / "free_answers.yaml").read_text("utf-8"))
_MOST_STOPPED = 0.05


@pytest.fixture(scope="module")
def gate() -> Gate:
    facts = Facts()
    for words in ANSWERS["shopper"]:
        facts.add_words(words)
    for result in json.loads((HERE / "recorded_talk.json").read_text("utf-8")):
        facts.add_result(result["text"], result["blocks"])
    return Gate(facts)


def why_stopped(gate: Gate, answer: str) -> str | None:
    splitter = SentenceSplitter()
    sentences = [*splitter.feed(answer), *splitter.flush()]
    return next(filter(None, map(gate.check, sentences)), None)


@pytest.mark.parametrize("answer", [*ANSWERS["wrong"], *ANSWERS["wrong_unseen"]])
def test_a_wrong_answer_is_stopped(gate: Gate, answer: str) -> None:
    assert why_stopped(gate, answer) is not None


@pytest.mark.parametrize("table", ["right", "right_unseen"])
def test_hardly_any_right_answer_is_stopped(gate: Gate, table: str) -> None:
    stopped = {one: why for one in ANSWERS[table] if (why := why_stopped(gate, one))}
    assert len(stopped) <= _MOST_STOPPED * len(ANSWERS[table]), stopped


def _cart(total: str) -> dict[str, Any]:
    totals = {"items": total, "total": total}
    view = {"id": "k1", "version": 1, "lines": [], "totals": totals, "currency": "USD"}
    return {"type": "cart", "cart": view, "budget": None, "changes": [], "warnings": []}


def test_a_total_of_before_is_a_wrong_one_now() -> None:
    facts = Facts()
    facts.add_result("", [_cart("5.58")])
    facts.add_result("", [_cart("13.95")])
    gate = Gate(facts)

    assert gate.check("Your cart comes to $13.95.") is None
    assert gate.check("Your cart comes to $5.58.") is not None


def test_the_total_of_a_cart_with_one_line_is_what_the_line_comes_to() -> None:
    cart = _cart("5.58")
    line = {"id": "c1", "product": "P1", "title": "Oat Bar", "quantity": "2"}
    cart["cart"]["lines"] = [{**line, "unit_price": "2.79", "total": "5.58"}]
    facts = Facts()
    facts.add_result("", [cart])

    assert Gate(facts).check("Your cart comes to $5.58.") is None


def test_a_size_is_no_stock(gate: Gate) -> None:
    assert (
        gate.check("Only 35 of Verdrun Protein Bar Cocoa & Almond, Vegan 55 g left, not 50.")
        is None
    )


def test_what_a_carts_text_tells_of_climate_and_stock_may_be_said() -> None:
    facts = Facts()
    facts.add_result("About 1.4 kg CO2e, eco grade B. 35 of Oat Bar in stock.", [_cart("13.95")])
    gate = Gate(facts)

    assert gate.check("That is about 1.4 kg CO2e, eco grade B.") is None
    assert gate.check("There are 35 in stock.") is None
    assert gate.check("That is about 2.4 kg CO2e.") is not None
    assert gate.check("There are 36 in stock.") is not None


def test_what_a_code_took_off_before_the_cart_changed_is_not_what_it_takes_off() -> None:
    carts = [_cart("35.86"), _cart("33.44")]
    for cart, off in zip(carts, ("3.99", "3.72"), strict=True):
        cart["cart"] |= {"coupons": ["WELCOME10"]}
        cart["cart"]["totals"] |= {"discount": off}
    facts = Facts()
    facts.add_result("Coupon WELCOME10 is entered, $3.99 off. Total $35.86.", [carts[0]])
    facts.add_result("One less. Total $33.44 after $3.72 off.", [carts[1]])
    gate = Gate(facts)

    assert gate.check("Your coupon takes $3.72 off.") is None
    assert gate.check("Your coupon takes $3.99 off.") is not None
    assert gate.check("You pay $33.44 instead of $35.86.") is None
