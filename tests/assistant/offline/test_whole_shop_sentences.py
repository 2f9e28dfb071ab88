"""What a message means as a whole: plans, lists, orders, people; and answers to our questions."""

from pathlib import Path

import pytest

from assistant.offline.acts import Act
from assistant.offline.memory import Memory
from assistant.offline.situation import Situation
from tests.assistant.offline.catalogs import understanding_of
from tests.assistant.offline.readings import short

TABLE = Path(__file__).parent / "sentences" / "whole_shop.txt"
PLAN = Memory(acts=("asked",), plan={"recipe": "chili", "servings": 4})
DISHES = {"kind": "choose_dish", "options": ["Chili con carne", "Vegetable chili"]}
MEMORIES = {
    "plan": PLAN,
    "address": Memory(question={"kind": "checkout_detail"}),
    "slot": Memory(question={"kind": "checkout_detail"}),
    "contact": Memory(question={"kind": "checkout_detail"}),
    "dish": Memory(question=DISHES, plan={"recipe": "chili"}),
    "coupon": Memory(question={"kind": "coupon"}),
    "name": Memory(question={"kind": "list_name"}),
    "amount": Memory(question={"kind": "fit_amount"}),
}
SITUATIONS = {
    **{name: Situation(checkout=True, missing=name) for name in ("address", "slot", "contact")},
    "members": Situation(members=("Anna", "kids")),
}
SAFE = frozenset({
    "unknown", "search", "details", "view", "policy", "help", "recommend", "never_mind", "thanks",
    "refuse", "off_topic", "plan_recipe", "plan_basket", "diet_check", "no_to_nothing", "no",
})  # fmt: skip
"""Acts that leave cart, lists, orders and people as they are; plans wait for a yes."""


def rows() -> list[tuple[str, str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return [tuple(line.split(" => ")) for line in lines if line and line[0] != "#"]  # type: ignore[misc]


def full(act: Act) -> str:
    parts = [short(act)]
    parts += [f"for={'+'.join(act.members)}"] if act.members else []
    parts += [f"{name}={value}" for name, value in act.named.items()]
    return " ".join(parts)


@pytest.mark.parametrize(("sentence", "acts"), rows())
def test_a_whole_message_is_understood(sentence: str, acts: str) -> None:
    before, _, text = sentence.rpartition(" | ")
    reading = understanding_of("sample").read(
        text.replace("\\n", "\n"), MEMORIES.get(before, Memory()), SITUATIONS.get(before)
    )
    assert "; ".join(map(full, reading.acts)) == acts


def test_there_are_enough_sentences_of_the_whole_shop() -> None:
    assert len(rows()) >= 150


@pytest.mark.parametrize(
    "text",
    [
        "how do I cancel an order?",
        "can I return the wine?",
        "do you deliver to 98266?",
        "can you deliver tomorrow?",
        "what lists are there?",
        "who is Anna?",
        "is there a discount code?",
        "should I make chili for four?",
        "what would lasagne for six cost?",
        "I had pancakes for breakfast",
        "my kids love pasta",
        "the delivery to my home was late",
        "why was my order cancelled?",
        "do people use coupons here?",
    ],
)
def test_what_only_asks_or_tells_changes_nothing(text: str) -> None:
    reading = understanding_of("sample").read(text, Memory())
    assert {act.kind for act in reading.acts} <= SAFE | {"orders"}


def test_a_list_of_fifteen_lines_is_one_plan() -> None:
    lines = [
        "Shopping list:", "- 2 milk", "- eggs x12", "- [ ] bread", "* 500 g spaghetti", "butter",
        "1. 1 kg apples", "2) bananas", "- cheddar", "- chicken breast", "- rice", "- onions",
        "- tomatoes 1 kg", "- coffee", "- orange juice", "- toilet paper", "thanks!",
    ]  # fmt: skip
    (act,) = understanding_of("sample").read("\n".join(lines), Memory()).acts
    assert act.kind == "plan_basket"
    assert [item.name for item in act.items] == [
        "milk", "eggs", "bread", "spaghetti", "butter", "apples", "bananas", "cheddar",
        "chicken breast", "rice", "onions", "tomatoes", "coffee", "orange juice", "toilet paper",
    ]  # fmt: skip
    assert act.items[11].amount is not None


def test_somebodys_health_comes_before_every_plan() -> None:
    text = "my daughter ate peanuts and can't breathe, what do I need for pancakes"
    (act,) = understanding_of("sample").read(text, Memory()).acts
    assert act.kind == "emergency"
