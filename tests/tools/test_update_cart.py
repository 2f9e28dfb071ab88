from decimal import Decimal

import pytest

from knowledge.catalog.models import Product
from knowledge.errors import ErrorKind
from tests.calls import Talk, block_of
from tests.market import goods
from tools.blocks import CartBlock
from tools.update_cart import UpdateCart, convert


@pytest.fixture
def filled(talk: Talk) -> Talk:
    talk.done(
        "add_to_cart",
        items=[{"product": "oats", "quantity": 2}, {"product": "tea", "quantity": 1}],
    )
    return talk


def lines(talk: Talk) -> list[tuple[str, str, str]]:
    cart = block_of(talk.done("get_cart"), CartBlock).cart
    return [(one.id, one.product, one.quantity) for one in cart.lines]


@pytest.mark.parametrize("reference", ["c1", "oats", "#1"])
def test_sets_the_quantity_of_a_line_however_it_is_named(filled: Talk, reference: str) -> None:
    filled.show("oats")

    filled.done("update_cart", changes=[{"product": reference, "quantity": "5"}])

    assert lines(filled) == [("c1", "oats", "5"), ("c2", "tea", "1")]


def test_zero_removes(filled: Talk) -> None:
    outcome = filled.done("update_cart", changes=[{"product": "c1", "quantity": 0}])

    assert lines(filled) == [("c2", "tea", "1")]
    assert "Removed Rolled Oats 500 g (c1)." in outcome.text


def test_replaces_a_line_by_something_shown_and_keeps_the_quantity(filled: Talk) -> None:
    filled.show("honey", "milk")

    outcome = filled.done("update_cart", replace={"product": "c1", "with": "#2"})

    assert lines(filled) == [("c1", "milk", "2"), ("c2", "tea", "1")]
    assert block_of(outcome, CartBlock).changes[0].replaced == "Rolled Oats 500 g"


def test_all_or_nothing(filled: Talk) -> None:
    outcome = filled.call(
        "update_cart",
        changes=[{"product": "c1", "quantity": 3}],
        replace={"product": "c2", "with": "plums"},
    )

    assert outcome.kind == ErrorKind.CONFLICT
    assert lines(filled) == [("c1", "oats", "2"), ("c2", "tea", "1")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"changes": [{"product": "milk", "quantity": "1"}]}, "Whole Milk 1 l is not in the cart"),
        ({"changes": [{"product": "c9", "quantity": "1"}]}, "no line c9"),
        ({"replace": {"product": "milk", "with": "tea"}}, "not in the cart"),
        ({"replace": {"product": "c1", "colour": "tea"}}, "replace.with"),
        ({}, "give changes or replace"),
    ],
)
def test_says_what_is_wrong(filled: Talk, arguments: dict[str, object], says: str) -> None:
    outcome = filled.call("update_cart", **arguments)

    assert not outcome.ok
    assert says in outcome.text


def test_a_model_reads_the_argument_as_with() -> None:
    schema = UpdateCart.model_json_schema()

    assert set(schema["$defs"]["Replace"]["properties"]) == {"product", "with"}


BAG = goods("bag", size="500 g")
SACK = goods("sack", size="1 kg")
LOOSE = goods(
    "loose", sell_by="weight", unit="kg", step=Decimal("0.1"), min_quantity=Decimal("0.3")
)
OIL = goods("oil", sell_by="volume", unit="l", step=Decimal("0.25"))
SOAP = goods("soap")


@pytest.mark.parametrize(
    ("quantity", "old", "new", "expected"),
    [
        ("2", BAG, SACK, "2"),
        ("3", BAG, LOOSE, "1.5"),
        ("0.7", LOOSE, BAG, "2"),
        ("0.3", LOOSE, SACK, "1"),
        ("0.1", OIL, LOOSE, "0.3"),
        ("1.1", LOOSE, OIL, "1"),
        ("4", SOAP, LOOSE, "0.3"),
        ("2.5", LOOSE, SOAP, "1"),
    ],
)
def test_a_swap_keeps_how_much_there_is(
    quantity: str, old: Product, new: Product, expected: str
) -> None:
    assert convert(Decimal(quantity), old, new) == Decimal(expected)


def rules(talk: Talk) -> dict[str, str]:
    cart = block_of(talk.done("get_cart"), CartBlock).cart
    return {one.id: one.substitution for one in cart.lines}


def test_says_what_to_send_when_a_line_has_run_out(filled: Talk) -> None:
    outcome = filled.done("update_cart", substitution={"product": "c1", "rule": "similar"})

    assert rules(filled) == {"c1": "similar", "c2": "ask"}
    (change,) = block_of(outcome, CartBlock).changes
    assert (change.kind, change.quantity, change.substitution) == ("substitution", "2", "similar")
    assert "Rolled Oats 500 g, when it has run out: something similar (c1)." in outcome.text
    dumped = [one.model_dump() for one in block_of(outcome, CartBlock).cart.lines]
    assert [one.get("substitution") for one in dumped] == ["similar", None]


def test_a_substitution_rule_is_for_all_lines_and_undone(filled: Talk) -> None:
    filled.done("update_cart", substitution={"product": "c1", "rule": "similar"})
    filled.done("update_cart", substitution={"rule": "none"})
    assert rules(filled) == {"c1": "none", "c2": "none"}

    filled.done("undo")
    assert rules(filled) == {"c1": "similar", "c2": "ask"}
    filled.done("undo")
    assert rules(filled) == {"c1": "ask", "c2": "ask"}
    assert lines(filled) == [("c1", "oats", "2"), ("c2", "tea", "1")]


def test_a_rule_it_has_already_changes_nothing(filled: Talk) -> None:
    outcome = filled.done("update_cart", substitution={"rule": "ask"})

    assert "The cart is as it was." in outcome.text
    assert block_of(outcome, CartBlock).changes == []


def test_a_rule_stays_when_amount_and_product_change(filled: Talk) -> None:
    filled.done(
        "update_cart",
        changes=[{"product": "c1", "quantity": "4"}],
        substitution={"product": "c1", "rule": "none"},
    )
    filled.done("update_cart", replace={"product": "c1", "with": "milk"})

    assert rules(filled) == {"c1": "none", "c2": "ask"}
