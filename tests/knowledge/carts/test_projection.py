from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from knowledge.carts.edits import (
    Add,
    Edit,
    Restore,
    SetQuantity,
    SetSubstitution,
    SwapLine,
    dump_edits,
    load_edits,
)
from knowledge.carts.models import Cart
from knowledge.carts.planning import plan_edits
from knowledge.carts.projection import CartEvent, replay
from knowledge.errors import SmartCartError
from tests.market import goods

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTS = {name: goods(name, stock=30) for name in ("a", "b", "c", "d")}
names = st.sampled_from(sorted(PRODUCTS))
lines = st.integers(1, 6).map(lambda number: f"c{number}")
amounts = st.integers(0, 12).map(Decimal)
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(
        Add,
        product_id=names,
        quantity=amounts,
        for_members=st.lists(st.sampled_from(["Anna", "kids"]), unique=True).map(tuple),
    ),
    st.builds(SetQuantity, line=lines, quantity=amounts),
    st.builds(SwapLine, line=lines, product_id=names, quantity=amounts),
    st.builds(
        SetSubstitution,
        line=st.none() | lines,
        rule=st.sampled_from(["similar", "ask", "none"]),
    ),
)


def perform(wanted: Sequence[Edit]) -> tuple[list[Cart], list[CartEvent]]:
    """Each edit as a call of its own; those that are refused change nothing."""
    carts, events = [Cart("k", 0)], list[CartEvent]()
    for edit in wanted:
        try:
            plan = plan_edits(carts[-1], [edit], PRODUCTS, shopper_id="s", now=NOW)
        except SmartCartError:
            continue
        carts.append(plan.cart)
        events += plan.events
    return carts, events


@given(st.lists(edits, max_size=25))
def test_replaying_the_events_gives_the_lines(wanted: list[Edit]) -> None:
    carts, events = perform(wanted)

    assert replay(events) == carts[-1].lines


@given(st.lists(edits, max_size=25))
def test_a_product_has_one_line_and_a_line_one_number(wanted: list[Edit]) -> None:
    carts, events = perform(wanted)

    for cart in carts:
        assert len({line.product_id for line in cart.lines}) == len(cart.lines)
        assert all(line.quantity > 0 for line in cart.lines)
    added = [event.line for event in events if event.kind == "added"]
    assert len(set(added)) == len(added)


@given(st.lists(edits, max_size=15), st.lists(edits, min_size=1, max_size=5))
def test_restoring_what_was_before_undoes_any_call(before: list[Edit], call: list[Edit]) -> None:
    cart = perform(before)[0][-1]
    try:
        plan = plan_edits(cart, call, PRODUCTS, shopper_id="s", now=NOW)
    except SmartCartError:
        return
    old = {line.number: line.to_json() for line in cart.lines}
    touched = {event.line for event in plan.events if event.line is not None}
    undo = Restore(entry=1, lines={number: old.get(number) for number in touched})

    again = plan_edits(plan.cart, [undo], PRODUCTS, shopper_id="s", now=NOW)

    assert again.cart.lines == cart.lines
    assert replay(again.events, plan.cart.lines) == cart.lines


@given(st.lists(edits, max_size=5))
def test_edits_survive_being_stored(wanted: list[Edit]) -> None:
    assert load_edits(dump_edits(wanted)) == wanted


def test_an_order_leaves_nothing() -> None:
    carts, events = perform([Add(product_id="a", quantity=Decimal(1))])

    assert replay([*events, CartEvent("ordered")], carts[0].lines) == ()
