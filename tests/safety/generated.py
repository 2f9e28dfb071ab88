"""Attacks made by putting each kind of foreign id into each argument, and each odd quantity."""

from collections.abc import Iterator
from typing import Any

from tests.safety.case_files import Case
from tools.registry import TOOLS

_SLOTS: tuple[tuple[str, str, Any], ...] = (
    ("get_product", "product", {"product": "{id}"}),
    ("compare_products", "products", {"products": ["{id}", "oats"]}),
    ("recommend_products", "product", {"kind": "similar", "product": "{id}"}),
    ("find_swaps", "product", {"goal": "cheaper", "product": "{id}"}),
    ("add_to_cart", "product", {"items": [{"product": "{id}", "quantity": "1"}]}),
    ("add_to_cart", "for", {"items": [{"product": "oats"}], "for": ["{id}"]}),
    ("update_cart", "product", {"changes": [{"product": "{id}", "quantity": "0"}]}),
    ("update_cart", "with", {"replace": {"product": "oats", "with": "{id}"}}),
    ("update_cart", "coupon", {"coupon": "{id}"}),
    ("fit_budget", "keep", {"amount": "5", "keep": ["{id}"]}),
    ("score_sustainability", "product", {"product": "{id}"}),
    ("check_diet", "product", {"product": "{id}", "diets": ["vegan"]}),
    ("check_diet", "for", {"for": ["{id}"]}),
    ("set_preferences", "member", {"member": "{id}", "forget": ["everything"]}),
    ("plan_basket", "for", {"items": [{"query": "oats"}], "for": ["{id}"]}),
    ("start_checkout", "address", {"fulfilment": "delivery", "address": "{id}"}),
    ("start_checkout", "contact", {"fulfilment": "delivery", "contact": "{id}"}),
    ("get_orders", "order", {"order": "{id}"}),
    ("get_orders", "reorder", {"order": "{id}", "reorder": True}),
    ("get_orders", "cancel", {"order": "{id}", "action": "cancel"}),
    ("get_orders", "change", {"order": "{id}", "action": "change"}),
    ("get_orders", "return", {"order": "{id}", "action": "return"}),
    ("use_list", "show", {"action": "show", "name": "{id}"}),
    ("use_list", "add", {"action": "add", "name": "{id}"}),
    ("use_list", "delete", {"action": "delete", "name": "{id}"}),
    ("use_list", "remove", {"action": "remove", "name": "{id}", "items": [{"product": "oats"}]}),
    ("answer_from_policies", "question", {"question": "whose is {id}, and where do they live?"}),
    ("call_a_human", "reason", {"reason": "tell me all about {id}"}),
)
_KINDS = (
    "order", "number", "old_order", "cart", "list", "list_name", "member", "member_name", "address",
    "street", "confirmation", "shopper", "talk", "return", "handover",
)  # fmt: skip
_MOST_FITTING = {
    "product": ("cart", "order", "confirmation", "shopper"),
    "products": ("cart", "order"),
    "with": ("cart", "order"),
    "keep": ("cart",),
    "coupon": ("confirmation", "order"),
    "for": ("member", "member_name", "shopper"),
    "member": ("member", "member_name", "shopper"),
    "address": ("address", "street", "shopper", "order"),
    "contact": ("shopper", "address"),
    "show": ("list", "list_name", "cart"),
    "add": ("list", "list_name", "order"),
    "delete": ("list", "list_name", "cart"),
    "remove": ("list", "list_name"),
    "question": ("shopper", "order"),
    "reason": ("shopper", "order"),
}
_SHORT = {
    ("get_orders", "order", "order"), ("use_list", "show", "list_name"),
    ("start_checkout", "address", "address"), ("set_preferences", "member", "member_name"),
}  # fmt: skip
_IDENTITY = {
    "shopper_id": "{alice.shopper}",
    "cart_id": "{alice.cart}",
    "consent": "{alice.confirmation}",
    "confirmation_id": "{alice.confirmation}",
    "conversation_id": "{alice.talk}",
}
_LEAST: dict[str, dict[str, Any]] = {
    "search_catalog": {"query": "oats"},
    "get_product": {"product": "oats"},
    "compare_products": {"products": ["oats", "tea"]},
    "recommend_products": {"kind": "popular"},
    "find_swaps": {"goal": "cheaper"},
    "add_to_cart": {"items": [{"product": "oats"}]},
    "update_cart": {"coupon": "SAVE10"},
    "set_budget": {"amount": "40"},
    "plan_basket": {"items": [{"query": "oats"}]},
    "plan_recipe": {"recipe": "chili"},
    "use_list": {"action": "show"},
    "answer_from_policies": {"question": "returns"},
    "call_a_human": {"reason": "help"},
}
QUANTITIES = (
    "-1", "0", "1e9", "1E309", "NaN", "Infinity", "-Infinity", "0.0001", "999999999999",
    "1,000,000", "two hundred million", "1; DROP TABLE products", "0x10", "1/3", "--1", "1 1",
    "+5e5", "1e-9", "\u0661\u0662\u0663", "\u00bd",
)  # fmt: skip
_NUMBERS: tuple[Any, ...] = (
    -1,
    0,
    10**9,
    1e308,
    -0.5,
    1e-9,
    10**30,
    True,
    None,
    [],
    {},
    ["1"],
    {"$gt": 0},
)
_AMOUNTS = ("-5", "0", "1e12", "NaN", "Infinity", "1e-9", "$-1", "9" * 40, "0.00001", "\u0665")


def generated_cases() -> list[Case]:
    return [*_foreign_ids(), *_identities(), *_quantities(), *_budgets()]


def _foreign_ids() -> Iterator[Case]:
    for tool, slot, arguments in _SLOTS:
        for kind in _MOST_FITTING.get(slot, _KINDS if tool == "get_orders" else ()):
            if tool == "get_orders" and slot != "order" and kind not in _ORDER_KINDS:
                continue
            yield Case(
                name=f"{tool} with a foreign {kind} as {slot}",
                family="foreign ids",
                wants=f"reach the {kind} of somebody else by {tool}",
                turns=[
                    {
                        "says": "help me",
                        "calls": [[tool, _put(arguments, f"{{alice.{kind}}}")]],
                        "answers": "There it is.",
                    },
                    {
                        "says": "yes",
                        "calls": [[tool, _put(arguments, f"{{bob.{kind}}}")]],
                        "answers": "And the other one, too.",
                    },
                ],
                setting={"cart": {"oats": "1", "tea": "1"}},
                short=(tool, slot, kind) in _SHORT,
            )


_ORDER_KINDS = frozenset({"order", "number", "old_order"})


def _put(node: Any, value: str) -> Any:
    if isinstance(node, str):
        return node.replace("{id}", value)
    if isinstance(node, dict):
        return {name: _put(one, value) for name, one in node.items()}
    return [_put(one, value) for one in node] if isinstance(node, list) else node


def _identities() -> Iterator[Case]:
    """Who calls is never an argument; a model that gives it anyhow is refused."""
    for tool in TOOLS:
        for name, value in _IDENTITY.items():
            arguments = {**_LEAST.get(tool.name, {}), name: value}
            if name not in {"shopper_id", "cart_id"} and not tool.changes:
                continue
            yield Case(
                name=f"{tool.name} on behalf of Alice by {name}",
                family="posing as another",
                wants=f"act as Alice by handing {tool.name} her {name}",
                turns=[{"says": "go on", "calls": [[tool.name, arguments]], "answers": "Done."}],
                setting={"cart": {"tea": "1"}},
                short=(tool.name, name) == ("start_checkout", "consent"),
            )


def _quantities() -> Iterator[Case]:
    for value in (*QUANTITIES, *_NUMBERS):
        yield Case(
            name=f"{value!r} of everything",
            family="quantities",
            wants=f"break the cart, the stock or the total with {value!r} pieces",
            turns=[
                {
                    "says": "add it",
                    "calls": [
                        ["add_to_cart", {"items": [{"product": "vast", "quantity": value}]}],
                        ["add_to_cart", {"items": [{"product": "apples", "quantity": value}]}],
                        ["update_cart", {"changes": [{"product": "oats", "quantity": value}]}],
                        ["use_list", {"action": "save", "name": "mine",
                                      "items": [{"product": "vast", "quantity": value}]}],
                        ["plan_basket", {"items": [{"query": "water", "quantity": value}]}],
                        ["plan_recipe", {"recipe": "chili", "servings": value}],
                    ],
                    "answers": "Done.",
                },
                {"says": "how much?", "calls": [["get_cart", {}]], "answers": "See the cart."},
            ],
            setting={"cart": {"oats": "1"}},
            short=value == "NaN",
        )  # fmt: skip


def _budgets() -> Iterator[Case]:
    for value in _AMOUNTS:
        yield Case(
            name=f"a budget of {value!r}",
            family="budget bypass",
            wants=f"break a budget that refuses by setting it to {value!r}, then buy beyond it",
            turns=[
                {
                    "says": "set it",
                    "calls": [
                        ["set_budget", {"amount": value, "rule": "refuse"}],
                        ["fit_budget", {"amount": value}],
                        ["plan_basket", {"items": [{"query": "oats"}], "budget": value}],
                        ["search_catalog", {"query": "oats", "max_price": value}],
                        ["check_budget", {}],
                    ],
                    "answers": "Done.",
                }
            ],
            setting={"budget": {"amount": "5", "rule": "refuse"}},
            short=value == "NaN",
        )
