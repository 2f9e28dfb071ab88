"""The talk every face must carry from hello to order, in many wordings, on two trades."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Say = Callable[[str], dict[str, Any]]
"""Sends one message and returns the answer in the wire format of ``POST /api/v1/messages``."""


@dataclass(frozen=True)
class Talk:
    """One wording of the talk, step by step."""

    budget: str
    find: str
    add_second: str
    add_more: str
    check: str
    swaps: str
    accept: str
    question: str
    recommend: str
    checkout: str
    confirm: str
    amount: Decimal = Decimal(40)
    limit: Decimal = Decimal(3)


GROCERY = Talk(
    "I have 40 dollars for this week",
    "find vegan protein bars under $3",
    "add two of the second one",
    "and oat milk, gluten free pasta and bananas",
    "how am I doing on budget?",
    "make it greener",
    "yes, swap that",
    "is anything in my cart not gluten free?",
    "what goes well with the pasta?",
    "check out",
    "yes",
)

PARAPHRASES = (
    Talk(
        "my budget this week is $40",
        "show me vegan protein bars for less than 3 dollars",
        "2 of number two please",
        "also add oat milk, gluten-free pasta and some bananas",
        "how much of my budget is left",
        "can you make my cart greener",
        "yes please swap it",
        "does anything in the cart contain gluten",
        "what should I have with the pasta",
        "checkout please",
        "yes, place it",
    ),
    Talk(
        "i only want to spend 40 bucks this week",
        "any vegan protein bars below $3?",
        "put two of the second in my basket",
        "plus oat milk, gluten free pasta, bananas",
        "budget?",
        "greener options please",
        "ok swap that one",
        "is everything in my cart gluten free?",
        "what goes with the pasta?",
        "I'm done, check out",
        "yep",
    ),
    Talk(
        "Set a weekly budget of 40",
        "Looking for vegan protein bars, max $3",
        "I'll take two of the 2nd",
        "I also need oat milk, gluten free pasta and bananas",
        "Am I still within my budget?",
        "Make my basket more sustainable",
        "Yes, do that swap",
        "Which things in my cart are not gluten free?",
        "What pairs well with the pasta?",
        "Proceed to checkout",
        "Yes",
    ),
    Talk(
        "keep me under $40 this week",
        "vegan protein bars under 3 dollars pls",
        "add 2x the second one",
        "and then oat milk and gluten free pasta and bananas too",
        "how am i doing on my budget",
        "make it more eco friendly",
        "yes swap it",
        "anything in there not gluten free",
        "what goes good with the pasta",
        "ready to check out",
        "yes please",
    ),
    Talk(
        "This week I can spend 40 dollars.",
        "Could you find me some vegan protein bars that cost less than $3?",
        "Please add two of the second one to my cart.",
        "And please add oat milk, gluten free pasta and bananas as well.",
        "How is my budget looking?",
        "Could you make my cart greener?",
        "Yes, please swap that.",
        "Is there anything in my cart that is not gluten free?",
        "What would go well with the pasta?",
        "I would like to check out now.",
        "Yes, please.",
    ),
    Talk(
        "ive got 40 dollars for the week",
        "protien bars vegan under 3$",
        "two of the second",
        "oat milk, gluten free pasta n bananas too",
        "hows my budget",
        "make it greener pls",
        "yeah swap that",
        "anything not gluten free in my cart",
        "whats good with the pasta",
        "checkout",
        "yeah",
    ),
    Talk(
        "my weekly budget is forty dollars",
        "search for vegan protein bars cheaper than $3",
        "add a couple of the second one",
        "now add oat milk, gluten free pasta, and bananas",
        "check my budget",
        "find greener swaps for my cart",
        "yes take that swap",
        "check my cart for gluten",
        "recommend something that goes with the pasta",
        "let's check out",
        "yes go ahead",
    ),
    Talk(
        "$40 this week, no more",
        "what vegan protein bars do you have under $3",
        "give me two of the second one",
        "oat milk, gluten free pasta and bananas as well please",
        "what's left of my budget",
        "anything greener?",
        "yes swap",
        "is my cart gluten free",
        "what else goes well with that pasta",
        "I want to pay",
        "yes do it",
    ),
    Talk(
        "I want to set my budget to 40 dollars a week",
        "I want vegan protein bars, up to 3 dollars each",
        "buy two of the second one",
        "I need oat milk, gluten free pasta and bananas too",
        "how much money do I have left",
        "please suggest greener alternatives",
        "sure, swap that",
        "are all the items in my cart gluten free",
        "suggest something to go with the pasta",
        "place the order",
        "confirm",
    ),
    Talk(
        "weekly budget 40",
        "vegan protein bars < $3",
        "2 x #2",
        "add:\n- oat milk\n- gluten free pasta\n- bananas",
        "budget status",
        "swap for greener",
        "yes",
        "gluten in cart?",
        "goes well with pasta?",
        "order now",
        "y",
    ),
)

HARDWARE = Talk(
    "I have 200 dollars for this week",
    "find work gloves under $20",
    "add two of the second one",
    "and an Ironbee claw hammer, masking tape and wood glue",
    "how am I doing on budget?",
    "make it cheaper",
    "yes, swap that",
    "what is in my cart?",
    "what goes well with the masking tape?",
    "check out",
    "yes",
    amount=Decimal(200),
    limit=Decimal(20),
)


def tools_of(answer: dict[str, Any]) -> list[str]:
    return [call["name"] for call in answer["tools"] if call["ok"]]


def blocks_of(answer: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block for block in answer["blocks"] if block["type"] == kind]


def carry(say: Say, talk: Talk) -> dict[str, Any]:
    """Hold the whole talk and check the state after each step; returns the last answer."""
    answer = say(talk.budget)
    assert answer["budget"] is not None, answer["text"]
    assert Decimal(answer["budget"]["amount"]) == talk.amount
    assert answer["budget"]["period"] == "week"

    answer = say(talk.find)
    found = [product for block in blocks_of(answer, "products") for product in block["products"]]
    assert len(found) >= 2, answer["text"]
    assert all(Decimal(product["price"]) < talk.limit for product in found)
    second = next(product for product in found if product["position"] == 2)

    answer = say(talk.add_second)
    (line,) = answer["cart"]["lines"]
    assert line["product"] == second["id"], answer["text"]
    assert Decimal(line["quantity"]) == 2

    answer = say(talk.add_more)
    assert len(answer["cart"]["lines"]) == 4, answer["text"]
    total = Decimal(answer["cart"]["totals"]["total"])

    answer = say(talk.check)
    assert Decimal(answer["budget"]["left"]) == talk.amount - total
    assert str(abs(talk.amount - total)) in answer["text"], answer["text"]

    answer = say(talk.swaps)
    (swaps,) = blocks_of(answer, "swaps")
    assert swaps["swaps"], answer["text"]
    offered = swaps["swaps"][0]

    answer = say(talk.accept)
    products = [line["product"] for line in answer["cart"]["lines"]]
    assert len(products) == 4, answer["text"]
    assert offered["to"]["id"] in products, answer["text"]
    assert offered["instead_of"]["id"] not in products

    before = answer["cart"]["version"]
    answer = say(talk.question)
    assert answer["text"]
    answer = say(talk.recommend)
    assert blocks_of(answer, "products"), answer["text"]
    assert answer["cart"]["version"] == before
    assert answer["order"] is None

    answer = say(talk.checkout)
    assert answer["confirmation"] is not None, answer["text"]
    assert answer["confirmation"]["action"] == "place_order"
    assert answer["cart"]["totals"]["total"] in answer["confirmation"]["text"]
    assert answer["order"] is None

    answer = say(talk.confirm)
    assert answer["order"] is not None, answer["text"]
    assert answer["order"]["status"] == "placed"
    assert answer["cart"]["lines"] == []
    return answer
