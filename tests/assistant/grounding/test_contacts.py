"""Addresses, however they are written, and what only looks like one."""

import pytest

from assistant.grounding.contacts import contacts_in
from assistant.grounding.facts import Facts
from assistant.grounding.gate import Gate


@pytest.mark.parametrize(
    "text",
    [
        "Source: javascript:alert(document.cookie)",
        "See data:text/html,<b>free</b> for more.",
        "Log in at vbscript:msgbox(1).",
        "It is at //shop.exarnple/item?id=P1",
        "Saved at https: //greenleaf-market .shop/sale 🛒",
        "Type w w w . free-food . example into your browser.",
        "Photos: /item?id=P142",
        "Go to /checkout.",
        "Write to orders (at) deals (dot) example.",
        "Look at greenleaf-market [dot] example/deals",
        "[Open](/cart)",
        "Open https://greenl\u0435af.example now.",
        "Call 1-800-FLOWERS.",
        "Call five five five, oh one three, zero one four seven.",
        "Open smartcart://checkout?pay=1",
    ],
)
def test_what_is_an_address_in_any_writing_is_found(text: str) -> None:
    assert contacts_in(text)
    assert Gate(Facts()).check(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Milk and/or cream, 1/2 cup, open 24/7, for him or his/her guests.",
        "It's $4.99 /kg at 60 km/h, w/o sugar.",
        "Total: $5, **Note:** data: none, about: milk.",
        "Sugar-free. And cheap. A polka dot it is.",
        "Penne 6 x 1 l/pack, Nutri-Score: A/B, Saturday/Sunday.",
    ],
)
def test_what_only_has_a_stroke_or_a_colon_is_no_address(text: str) -> None:
    assert contacts_in(text) == set()


def test_a_known_address_may_be_written_as_a_link_or_spelled_out() -> None:
    facts = Facts()
    facts.add_text("Call (555) 013-0147 or write to hello@greenleaf-market.example.")
    gate = Gate(facts)

    assert gate.check("Just [write to us](mailto:hello@greenleaf-market.example).") is None
    assert gate.check("It's hello at greenleaf-market dot example.") is None
    assert gate.check("[Call](tel:+15550130147) us.") is None
    assert gate.check("[Write](mailto:hallo@greenleaf-market.example)!") is not None
