"""What tools cost a model to know and to read: run `python -m benchmarks.tool_tokens`.

A shopper of the sample shop with a long cart, many orders, lists, a household and a budget calls
every tool for the most that somebody would sensibly ask at once.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.toolset import SMALL_CONTEXT, tools_for
from benchmarks.conversation_cost import tokens_of
from knowledge.clock import SystemClock
from knowledge.lists.models import ListItem
from knowledge.shop import Shop
from tests.calls import Talk
from tests.market import fill_cart
from tests.orders import place_order
from tests.sample_shop import load_sample, open_sample_shop
from tools.definition import Tool
from tools.registry import TOOLS
from tools.result_limit import estimated_tokens
from tools.schema import argument_schema

Wanted = tuple[str, dict[str, Any]]
LINES = 30
ORDERS = 12
GROCERIES = ("milk", "eggs", "bread", "butter", "rice", "pasta", "apples", "bananas", "carrots",
             "onions", "tomatoes", "cheese", "yogurt", "coffee", "tea", "orange juice", "oats",
             "honey", "flour", "sugar", "salt", "olive oil", "chicken", "beans", "chocolate",
             "crackers", "water", "dish soap", "toilet paper", "toothpaste")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answered:
    """A call and what it answered."""

    tool: str
    arguments: dict[str, Any]
    text: str

    @property
    def tokens(self) -> int:
        return estimated_tokens(self.text)


def say(line: str) -> None:
    print(line)  # noqa: T201 - people read it


def schema_tokens(tool: Tool) -> int:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": argument_schema(tool),
    }
    return tokens_of(json.dumps({"type": "function", "function": function}, separators=(",", ":")))


def busy_talk(shop: Shop) -> Talk:
    """A shopper who has as much of everything as somebody has."""
    with shop.read() as work:
        plenty = [
            one
            for one in work.catalog.iterate()
            if one.sell_by == "each" and (one.stock or 0) > LINES
        ]
    plenty.sort(key=lambda one: (-len(one.title), one.id))
    ids = [one.id for one in plenty[: 2 * LINES]]
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
        for name, diets in (("Anna", ["vegan"]), ("Ben", ["gluten_free"]), ("the kids", [])):
            work.household.set(
                shopper.id, name, channel="web", diets=diets, allergens=["nuts", "sesame"]
            )
        work.preferences.set(
            shopper.id,
            channel="web",
            diets=["vegetarian"],
            allergens=["peanuts", "milk"],
            dislikes=["olives", "coriander", "blue cheese"],
        )
        for name in ("weekly", "barbecue", "baking", "school lunches"):
            items = [ListItem(one, Decimal(2)) for one in ids[:LINES]]
            work.lists.save(shopper.id, name, items, channel="web")
        work.budgets.set(shopper.id, Decimal(90), "week", channel="web")
    for first in range(ORDERS):
        fill_cart(shop, shopper, **dict.fromkeys(ids[first : first + 12], "1"))
        place_order(shop, shopper)
    fill_cart(shop, shopper, **dict.fromkeys(ids[LINES:], "2"))
    talk = Talk(shop, shopper)
    talk.show(*ids[:8])
    return talk


def largest_calls(shown: Sequence[str], lines: Sequence[str]) -> Sequence[Wanted]:
    """Every tool, some in more than one way; those that change much come last."""
    return (
        ("search_catalog", {"query": "", "limit": 25}),
        ("search_catalog", {"query": "chocolate", "max_price": 6, "for": "everyone"}),
        *(("get_product", {"product": one}) for one in shown),
        ("compare_products", {"products": shown[:4]}),
        *(
            ("recommend_products", {"kind": kind})
            for kind in ("for_you", "goes_with", "popular", "budget", "health", "deals")
        ),
        *(("find_swaps", {"goal": goal}) for goal in ("cheaper", "greener", "healthier")),
        ("get_cart", {}),
        ("check_budget", {}),
        ("score_sustainability", {}),
        ("check_diet", {"diets": ["vegan", "gluten_free", "milk", "nuts"]}),
        ("check_diet", {"for": "everyone"}),
        ("set_preferences", {}),
        ("my_data", {}),
        *(
            ("answer_from_policies", {"question": question})
            for question in ("delivery fees and times", "How do returns and refunds work?")
        ),
        ("get_orders", {}),
        ("get_orders", {"order": "last"}),
        ("use_list", {"action": "show"}),
        ("use_list", {"action": "show", "name": "weekly"}),
        ("plan_basket", {"items": [{"query": one} for one in GROCERIES], "budget": 200}),
        ("plan_recipe", {"recipe": "party snacks", "servings": 12, "staples": True}),
        ("fit_budget", {"amount": 90}),
        ("set_budget", {"amount": 60, "period": "month"}),
        (
            "start_checkout",
            {"fulfilment": "delivery", "address": "12 Long Street, Springfield, IL 62704"},
        ),
        ("start_checkout", {"fulfilment": "pickup"}),
        ("call_a_human", {"reason": "I want to talk about my last order."}),
        ("update_cart", {"changes": [{"product": one, "quantity": 3} for one in lines[1:]]}),
        ("update_cart", {"replace": {"product": lines[0], "with": shown[0]}}),
        ("get_orders", {"reorder": True}),
        ("use_list", {"action": "add", "name": "weekly"}),
        ("undo", {}),
        ("add_to_cart", {"items": [{"product": one, "quantity": 2} for one in shown]}),
        ("empty_cart", {}),
    )


def answers(shop: Shop) -> list[Answered]:
    talk = busy_talk(shop)
    shown = [entry.product_id for entry in talk.caller.shown.entries]
    with shop.read() as work:
        lines = [f"c{one.number}" for one in work.carts.get(talk.caller.cart_id).lines]
    return [
        Answered(name, arguments, talk.done(name, **arguments).text)
        for name, arguments in largest_calls(shown, lines)
    ]


def report(answered: list[Answered]) -> Iterator[str]:
    brief = {tool.name: schema_tokens(tool) for tool in tools_for(SMALL_CONTEXT - 1)}
    yield f"{'tool':22}{'schema':>8}{'in brief':>10}{'largest result':>16}"
    for tool in TOOLS:
        largest = max(one.tokens for one in answered if one.tool == tool.name)
        short = f"{brief[tool.name]:,}" if tool.name in brief else "-"
        yield f"{tool.name:22}{schema_tokens(tool):>8,}{short:>10}{largest:>16,}"
    yield f"{'all':22}{sum(map(schema_tokens, TOOLS)):>8,}{sum(brief.values()):>10,}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/shop.db"
        load_sample(url)
        with open_sample_shop(url, Path(folder), SystemClock()) as shop:
            for line in report(answers(shop)):
                say(line)


if __name__ == "__main__":
    main()
