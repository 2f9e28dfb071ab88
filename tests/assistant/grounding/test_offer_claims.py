import pytest

from assistant.grounding.facts import Facts
from assistant.grounding.gate import Gate
from assistant.grounding.offer_words import offers_in
from tools.blocks import ProductCard, ProductsBlock

CHIPS = ProductCard(
    id="P1",
    title="Sea Salt Potato Chips",
    price="3.49",
    currency="USD",
    in_stock=True,
    promotion="2 for $5.00",
)
SOIL = ProductCard(
    id="P2",
    title="Potting Soil 10 l",
    price="8.00",
    currency="USD",
    in_stock=True,
    promotion="15% off",
    deal_price="6.80",
)


@pytest.fixture
def gate() -> Gate:
    facts = Facts()
    facts.add_blocks([ProductsBlock(title="On offer", products=[CHIPS, SOIL], total=2)])
    facts.add_words("can I have 50% off?")
    return Gate(facts)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Sea Salt Potato Chips are 2 for $5.00.",
        "Sea Salt Potato Chips: two for $5.",
        "The Potting Soil is 15% off, so one costs $6.80.",
        "2 for $6.98 is what two Sea Salt Potato Chips cost without it.",
        "I cannot give you 50% off.",
    ],
)
def test_offers_that_a_tool_gave_may_be_told(gate: Gate, sentence: str) -> None:
    assert gate.check(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The Sea Salt Potato Chips are 3 for $5.00.",
        "The Sea Salt Potato Chips are 2 for $4.00.",
        "The Sea Salt Potato Chips cost $5.00.",
        "The Sea Salt Potato Chips are 15% off.",
        "The Potting Soil is 25% off.",
        "Everything is 50% off today.",
    ],
)
def test_offers_of_thin_air_are_stopped(gate: Gate, sentence: str) -> None:
    assert gate.check(sentence) is not None


def test_places_in_a_list_and_sums_are_no_offers() -> None:
    assert offers_in("Take #2 for $4.00, or all 3 for $9.00") == frozenset()
