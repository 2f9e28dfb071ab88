"""Whoever asks for their data gets all of it, and whoever leaves leaves nothing by mistake."""

import json

from sqlalchemy import ForeignKey, String, Table, cast, select

from knowledge.carts.models import Actor
from knowledge.db.base import Row
from knowledge.orders.decisions import carry_out
from knowledge.privacy.export import export
from knowledge.privacy.forgetting import ask_to_forget
from knowledge.privacy.people import delete_shoppers
from knowledge.privacy.tables import PERSONAL
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.knowledge.privacy.filling import canary, fill
from tests.market import fill_cart
from tests.orders import place_order

STAFF = {
    "api_keys": "who of the staff made a key",
    "audit_log": "what was done that matters, for the owner's eyes",
}
"""Tables that name whoever did something for the shop."""
NAMING = {"shopper_id", "actor", "added_by", "created_by", "subject"}
BY_ANOTHER = {"cart_lines": "the cart", "order_events": "the order", "shoppers": "the person"}
ORDERS = {"orders", "order_lines", "order_events", "payments", "payment_events", "returns",
          "coupon_uses", "budget_entries"}  # fmt: skip


BARE = {"orders", "cart_members", "coupon_uses"}
"""Where no canary stands: made by ordering, or nothing but ids."""


def rows_with(shop: Shop, table: Table, text: str) -> int:
    """Rows that hold the text in any column."""
    with shop.read() as work:
        found = work.session.execute(select(*(cast(one, String) for one in table.columns))).all()
    return sum(any(text in str(cell) for cell in row) for row in found)


def points_at_people(key: ForeignKey) -> bool:
    return key.column.table.name == "shoppers"


def test_of_each_table_that_names_a_shopper_it_is_decided_what_becomes_of_it() -> None:
    naming = {
        table.name
        for table in Row.metadata.sorted_tables
        if NAMING & set(table.columns.keys()) or any(map(points_at_people, table.foreign_keys))
    }

    assert naming == {*PERSONAL, *STAFF, *BY_ANOTHER}
    for name, one in PERSONAL.items():
        assert "shopper_id" in Row.metadata.tables[name].columns
        assert one.section or one.why, f"{name}: why is it not exported?"
        assert one.fate != "kept" or one.why, f"{name}: why does it stay?"
        assert set(one.hidden) <= set(Row.metadata.tables[name].columns.keys())


def settle(shop: Shop, shopper: Shopper) -> None:
    """An order as orders are made, and a row of everything else."""
    fill_cart(shop, shopper, milk="2")
    order = place_order(shop, shopper)
    with shop.write() as work:
        known = work.shoppers.get(shopper.id)
        fill(work.session, known, order_id=order.id, without={"order_lines"})


def test_the_document_holds_a_section_for_each_table_that_has_one(
    market: Shop, customer: Shopper
) -> None:
    settle(market, customer)

    written = "".join(export(market, customer.id))

    document = json.loads(written)
    for name, one in PERSONAL.items():
        if one.section is None:
            assert canary(name) not in written, name
        else:
            assert name in BARE or canary(name) in json.dumps(document[one.section]), name
            assert not {"shopper_id", *one.hidden} & set(document[one.section][-1]), name
    assert len(document["orders"]) == 1


def test_whoever_has_everything_deleted_leaves_what_was_decided_and_nothing_else(
    market: Shop, customer: Shopper
) -> None:
    settle(market, customer)
    with market.write() as work:
        asked = ask_to_forget(
            work,
            "everything",
            cart_id=work.shoppers.get(customer.id).cart_id,
            actor=Actor(customer.id, "web"),
            conversation_id=None,
        )

    market.change(lambda work: carry_out(work, asked, "yes", "web"))

    left = {name: rows_with(market, Row.metadata.tables[name], customer.id) for name in PERSONAL}
    filled = {name: rows_with(market, Row.metadata.tables[name], canary(name)) for name in PERSONAL}
    # The yes itself is noted, and an order keeps the question it was agreed to by.
    assert left.pop("confirmations") == 2
    assert left.pop("events") == 1
    assert {name for name, count in left.items() if count} == fated("kept")
    assert {name for name, count in filled.items() if not count} == fated("deleted") | BARE


def fated(fate: str) -> set[str]:
    return {name for name, one in PERSONAL.items() if one.fate == fate}


def test_a_deleted_shopper_is_named_nowhere(market: Shop, customer: Shopper) -> None:
    with market.write() as work:
        fill(work.session, customer, without={*ORDERS, "audit_log"})

    with market.write() as work:
        delete_shoppers(work.session, [customer.id])

    named = [
        table.name for table in Row.metadata.sorted_tables if rows_with(market, table, customer.id)
    ]
    assert named == []
