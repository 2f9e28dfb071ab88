"""The gate over a recorded talk: lets right answers in free wording pass, and no wrong one."""

import json
from pathlib import Path

import pytest

from assistant.facts import Facts
from assistant.grounding import Gate
from assistant.sentences import SentenceSplitter
from tests.assistant.right_answers import RIGHT, SHOPPER, WRONG

RECORDED = Path(__file__).with_name("recorded_talk.json")
_MOST_STOPPED = 0.05


@pytest.fixture(scope="module")
def gate() -> Gate:
    facts = Facts()
    for words in SHOPPER:
        facts.add_words(words)
    for result in json.loads(RECORDED.read_text("utf-8")):
        facts.add_result(result["text"], result["blocks"])
    return Gate(facts)


def why_stopped(gate: Gate, answer: str) -> str | None:
    splitter = SentenceSplitter()
    sentences = [*splitter.feed(answer), *splitter.flush()]
    return next(filter(None, map(gate.check, sentences)), None)


@pytest.mark.parametrize("answer", WRONG)
def test_a_wrong_answer_is_stopped(gate: Gate, answer: str) -> None:
    assert why_stopped(gate, answer) is not None


def test_hardly_any_right_answer_is_stopped(gate: Gate) -> None:
    stopped = {answer: why for answer in RIGHT if (why := why_stopped(gate, answer))}
    assert len(stopped) <= _MOST_STOPPED * len(RIGHT), stopped


def test_a_total_of_before_is_a_wrong_one() -> None:
    def cart(total: str) -> dict[str, object]:
        totals = {"items": total, "total": total}
        view = {"id": "k1", "version": 1, "lines": [], "totals": totals, "currency": "USD"}
        return {"type": "cart", "cart": view, "budget": None, "changes": [], "warnings": []}

    facts = Facts()
    facts.add_result("", [cart("5.58")])
    facts.add_result("About 1.4 kg CO2e, eco grade B.", [cart("13.95")])
    gate = Gate(facts)

    assert gate.check("Your cart comes to $13.95.") is None
    assert gate.check("Your cart comes to $5.58.") is not None
    assert gate.check("That is about 1.4 kg CO2e, eco grade B.") is None
    assert gate.check("That is about 2.4 kg CO2e.") is not None
