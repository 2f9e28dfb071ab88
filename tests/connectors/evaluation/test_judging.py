from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.messages import Answer
from connectors.evaluation.cases import Expectation, read_cases
from connectors.evaluation.judging import Seen, judge
from knowledge.errors import InvalidInput
from knowledge.shoppers.preferences import ShopperPreferences

CONFIRMATION = {"id": "f", "action": "place_order", "text": "?", "expires_at": "soon"}
BUDGET = {
    "amount": "40.00", "period": "week", "spent": "0.00", "in_cart": "0.00", "left": "40.00",
    "state": "under", "currency": "USD",
}  # fmt: skip


def line(product: str, quantity: str) -> dict[str, str]:
    return {
        "id": "c1", "product": product, "title": product, "quantity": quantity,
        "unit_price": "1.00", "total": quantity,
    }  # fmt: skip


def card(product: str) -> dict[str, Any]:
    return {"id": product, "title": product, "price": "1", "currency": "USD", "in_stock": True}


def seen(
    *lines: dict[str, str],
    text: str = "Done.",
    tools: tuple[tuple[str, dict[str, Any]], ...] = (),
    before: dict[str, Decimal] | None = None,
    placed: int = 0,
    **more: Any,
) -> Seen:
    answer = Answer.model_validate(
        {
            "conversation_id": "v",
            "turn_id": "t",
            "text": text,
            "tools": [{"name": name, "arguments": given, "ok": True} for name, given in tools],
            "cart": {
                "id": "k", "version": 1, "lines": list(lines), "currency": "USD",
                "totals": {"items": "0", "total": "0"},
            },
            **more,
        }
    )  # fmt: skip
    preferences = ShopperPreferences(diets=("vegan",), allergens=("peanuts",))
    return Seen(answer, before or {}, preferences, 0, placed)


SEARCHED = seen(
    tools=(
        (
            "search_catalog",
            {"query": "oat milk", "max_price": "3.0", "diets": ["vegan"], "exclude": ["peanut"]},
        ),
    )
)
SHOWN = seen(
    blocks=[{"type": "products", "title": "", "products": [card("A"), card("B")], "total": 2}]
)
FILLED = seen(line("A", "2"), line("B", "0.5"), before={"A": Decimal(2)})


@pytest.mark.parametrize(
    ("expected", "turn", "fits"),
    [
        ({"tools_any": [["get_cart"], ["search_catalog"]]}, SEARCHED, True),
        ({"tools_any": [["search_catalog", "get_cart"]]}, SEARCHED, False),
        ({"no_tools": ["add_to_cart"]}, SEARCHED, True),
        ({"no_tools": ["search_catalog"]}, SEARCHED, False),
        ({"search": {"max_price": 3, "diets": ["vegan"], "exclude": ["peanuts"]}}, SEARCHED, True),
        ({"search": {"max_price": "2.99"}}, SEARCHED, False),
        ({"search": {"min_price": None, "sort": "relevance"}}, SEARCHED, True),
        ({"search": {"max_price": None}}, SEARCHED, False),
        ({"search": {"query_has": ["Oat", "milk"]}}, SEARCHED, True),
        ({"search": {"query_has": "soy"}}, SEARCHED, False),
        ({"search": {"diets": ["gluten_free"]}}, SEARCHED, False),
        ({"search": {"sort": "price"}}, SEARCHED, False),
        ({"search": {}}, SHOWN, False),
        ({"shows_all": ["B", "A"]}, SHOWN, True),
        ({"shows_all": ["C"]}, SHOWN, False),
        ({"shows_none": ["C"]}, SHOWN, True),
        ({"shows_none": ["A"]}, SHOWN, False),
        ({"cart": [{"product": "B", "quantity": "0.50"}, {"product": "A", "quantity": 2}]},
         FILLED, True),
        ({"cart": [{"product": "A", "quantity": 2}]}, FILLED, False),
        ({"cart_has": [{"product": "A"}]}, FILLED, True),
        ({"cart_has": [{"product": "A", "quantity": "1"}]}, FILLED, False),
        ({"cart_any": [[], [{"product": "A", "quantity": 2}, {"product": "B", "quantity": 0.5}]]},
         FILLED, True),
        ({"cart_any": [[]]}, FILLED, False),
        ({"cart_unchanged": True}, FILLED, False),
        ({"cart_unchanged": True}, seen(), True),
        ({"budget": {"amount": 40, "period": "week"}}, seen(budget=BUDGET), True),
        ({"budget": {"amount": 50}}, seen(budget=BUDGET), False),
        ({"budget": {"amount": 40, "period": "trip"}}, seen(budget=BUDGET), False),
        ({"budget": None}, seen(), True),
        ({"budget": None}, seen(budget=BUDGET), False),
        ({"budget": {"amount": 40}}, seen(), False),
        ({"preferences_has": {"diets": ["vegan"], "allergens": ["peanut"]}}, seen(), True),
        ({"preferences_has": {"diets": ["halal"]}}, seen(), False),
        ({"confirmation": True}, seen(confirmation=CONFIRMATION), True),
        ({"confirmation": False}, seen(confirmation=CONFIRMATION), False),
        ({"order_placed": True}, seen(placed=1), True),
        ({"order_placed": True}, seen(), False),
        ({"says": ["total.*4\\.38"]}, seen(text="Your TOTAL is $4.38."), True),
        ({"says": ["total", "five"]}, seen(text="total four"), False),
        ({"says_any": ["four", "five"]}, seen(text="total FOUR"), True),
        ({"says_any": ["six"]}, seen(text="total four"), False),
        ({"never_says": ["sorry"]}, seen(text="I am sorry"), False),
        ({"asks": True}, seen(text="Which one?"), True),
        ({"asks": True}, seen(), False),
        ({"asks": False}, seen(confirmation=CONFIRMATION), False),
        ({"any_of": [{"asks": True}, {"cart_unchanged": True}]}, seen(), True),
        ({"any_of": [{"asks": True}, {"order_placed": True}]}, seen(), False),
        ({"cart_unchanged": True, "asks": True}, seen(), False),
        ({}, seen(), True),
    ],
)  # fmt: skip
def test_a_turn_is_judged_by_each_thing_expected(
    expected: dict[str, Any], turn: Seen, *, fits: bool
) -> None:
    why = judge(Expectation.model_validate(expected), turn)

    assert (why == []) is fits, why


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no cases"),
        ("{", "line 1"),
        ('{"id": "a", "turns": []}', "turns"),
        ('{"id": "a", "turns": [{"user": "x", "expects": {}}]}', "expects"),
        ('{"id": "a", "turns": [{"user": "x"}]}\n{"id": "a", "turns": [{"user": "x"}]}', "twice"),
    ],
)
def test_a_file_that_cannot_be_judged_by_says_where(
    tmp_path: Path, text: str, problem: str
) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(text, "utf-8")

    with pytest.raises(InvalidInput, match=problem):
        read_cases(file)
