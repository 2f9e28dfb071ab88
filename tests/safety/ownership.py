"""Whose each row of the shop is, and which rows a turn may have changed."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from knowledge.db import rows
from knowledge.db.base import Row

assert rows.__all__
TABLES = tuple(sorted(Row.metadata.tables))
Cells = tuple[Any, ...]
Record = dict[str, Any]
Snapshot = dict[str, frozenset[Cells]]


@dataclass(frozen=True, slots=True)
class Links:
    """Which shopper is behind an id; a cart may be of several."""

    carts: Mapping[str, frozenset[str]]
    orders: Mapping[str, str]
    conversations: Mapping[str, str]
    turns: Mapping[str, str]
    handovers: Mapping[str, str]

    def of_job(self, row: Record) -> frozenset[str]:
        """Whose order or call for a person a job is about."""
        ids = list(_texts(json.loads(row["payload"])))
        found = [
            known[id_] for id_ in ids for known in (self.orders, self.handovers) if id_ in known
        ]
        return one(found[0]) if len(set(found)) == 1 else frozenset()


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from _texts(value)


Rule = Callable[[Record, Links], frozenset[str]]


def one(shopper_id: str | None) -> frozenset[str]:
    return frozenset() if shopper_id is None else frozenset((shopper_id,))


def _own(row: Record, _: Links) -> frozenset[str]:
    return one(row["shopper_id"])


def _cart(row: Record, links: Links) -> frozenset[str]:
    return links.carts.get(row["cart_id"], frozenset())


def _order(row: Record, links: Links) -> frozenset[str]:
    return one(links.orders.get(row["order_id"]))


def _turn(row: Record, links: Links) -> frozenset[str]:
    return one(links.turns.get(row["turn_id"]))


def _both(*rules: Rule) -> Rule:
    """A row that names several people's things has to be the same person's by all of them."""

    def rule(row: Record, links: Links) -> frozenset[str]:
        return frozenset.intersection(*(one_rule(row, links) for one_rule in rules))

    return rule


def _nobody(_row: Record, _: Links) -> frozenset[str]:
    return frozenset()


OWNERS: dict[str, Rule] = {
    # A person's own.
    **dict.fromkeys(
        (
            "addresses", "assignments", "budget_entries", "budgets", "change_journal",
            "channel_identities", "consents", "coupon_uses", "credentials", "events", "feedback",
            "handovers", "household_members", "link_codes", "model_calls", "notifications",
            "preferences", "recommendations", "saved_lists", "sessions", "watches",
        ),
        _own,
    ),
    # What a person has done with their own data; what the owner does is nobody's to change.
    "audit_log": lambda row, _: one(row["actor"]) & one(row["subject"]),
    "shoppers": lambda row, _: one(row["id"]),
    # By way of a cart, an order, a talk or a turn.
    "carts": lambda row, links: links.carts.get(row["id"], frozenset()),
    "cart_members": _own,
    "cart_lines": _cart,
    "cart_events": _both(_cart, _own),
    "checkouts": _both(_cart, _own),
    "confirmations": _both(_cart, _own),
    "conversations": _both(_own, _cart),
    "inbox": _both(_own, _cart),
    "orders": _both(_own, _cart),
    "order_lines": _order,
    "order_events": _order,
    "returns": _both(_own, _order),
    "payments": _order,
    "turns": lambda row, links: one(links.conversations.get(row["conversation_id"])),
    "commands": _turn,
    "outbox": _turn,
    "jobs": lambda row, links: links.of_job(row),
    # Nobody's: the shop's own, which no talk may change. Stock and slots have rules of their own.
    **dict.fromkeys(
        (
            "api_keys", "catalog_changes", "categories", "delivery_slots",
            "delivery_zones", "embedders", "enrichments", "experiments", "feeds", "import_runs",
            "import_stage", "model_versions", "payment_events", "policies", "price_history",
            "product_vectors", "products", "promotions", "recipes", "synonyms",
        ),
        _nobody,
    ),
}  # fmt: skip


UNNAMED = frozenset({"events", "model_calls"})
"""What stays when a shopper has everything deleted, without their name."""


class Database:
    """Reads every table of a SQLite file, whatever is in it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.columns: dict[str, list[str]] = {}

    def snapshot(self) -> Snapshot:
        connection = sqlite3.connect(self._file)
        try:
            taken = {}
            for table in TABLES:
                cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our tables
                self.columns[table] = [column[0] for column in cursor.description]
                taken[table] = frozenset(cursor.fetchall())
            return taken
        finally:
            connection.close()

    def records(self, snapshot: Snapshot, table: str) -> list[Record]:
        return [self.record(table, cells) for cells in snapshot[table]]

    def record(self, table: str, cells: Cells) -> Record:
        return dict(zip(self.columns[table], cells, strict=True))

    def links(self, *snapshots: Snapshot) -> Links:
        """What was deleted in between still has its owner."""
        carts: dict[str, set[str]] = {}
        for row in self._in_all(snapshots, "cart_members"):
            carts.setdefault(row["cart_id"], set()).add(row["shopper_id"])

        def by(table: str, key: str) -> dict[str, str]:
            return {row[key]: row["shopper_id"] for row in self._in_all(snapshots, table)}

        return Links(
            {cart: frozenset(members) for cart, members in carts.items()},
            by("orders", "id"),
            by("conversations", "id"),
            by("inbox", "turn_id"),
            by("handovers", "id"),
        )

    def _in_all(self, snapshots: Sequence[Snapshot], table: str) -> Iterator[Record]:
        return (row for snapshot in snapshots for row in self.records(snapshot, table))

    def foreign_changes(self, before: Snapshot, after: Snapshot, shopper_id: str) -> list[str]:
        """Rows that came, went or changed and are not the shopper's alone to change."""
        links = self.links(before, after)
        sold = self._quantities_sold(before, after, shopper_id)
        found = []
        for table in TABLES:
            if before[table] == after[table]:
                continue
            others = self._kept_by_others(table, before[table], links, shopper_id)
            for cells in before[table] ^ after[table]:
                row = self.record(table, cells)
                if shopper_id in OWNERS[table](row, links) or self._is_sale(table, row, sold):
                    continue
                if self._is_unnamed(table, row, others):
                    continue
                found.append(f"{table}: {row}")
        return found + self._wrong_sales(before, after, sold)

    def _kept_by_others(
        self, table: str, rows_before: frozenset[Cells], links: Links, shopper_id: str
    ) -> set[Any]:
        if table not in UNNAMED:
            return set()
        known = [self.record(table, cells) for cells in rows_before]
        return {row["id"] for row in known if shopper_id not in OWNERS[table](row, links)}

    def _is_unnamed(self, table: str, row: Record, others: set[Any]) -> bool:
        """What was the shopper's, or came in this case, and is nobody's: they were forgotten."""
        return table in UNNAMED and row["shopper_id"] is None and row["id"] not in others

    def new_orders(self, before: Snapshot, after: Snapshot) -> list[Record]:
        old = {row["id"] for row in self.records(before, "orders")}
        return [row for row in self.records(after, "orders") if row["id"] not in old]

    def wrong_prices(self, before: Snapshot, after: Snapshot) -> list[str]:
        """Lines of new orders that were not sold at the price of the shelf."""
        if before["orders"] == after["orders"]:
            return []
        new = {row["id"] for row in self.new_orders(before, after)}
        prices = {row["id"]: row["price"] for row in self.records(before, "products")}
        return [
            f"{row['product_id']} at {row['unit_price']}"
            for row in self.records(after, "order_lines")
            if row["order_id"] in new and row["unit_price"] != prices[row["product_id"]]
        ]

    def _quantities_sold(
        self, before: Snapshot, after: Snapshot, shopper_id: str
    ) -> dict[str, Decimal]:
        """What the shopper's new orders took off the shelves, by product; slots count ones."""
        orders = self.new_orders(before, after)
        new = {row["id"]: row for row in orders if row["shopper_id"] == shopper_id}
        sold: dict[str, Decimal] = {}
        for row in self.records(after, "order_lines") if new else ():
            if row["order_id"] in new:
                key = row["product_id"]
                sold[key] = sold.get(key, Decimal(0)) + Decimal(str(row["quantity"]))
        for row in new.values():
            if row["slot_id"] is not None:
                sold[row["slot_id"]] = sold.get(row["slot_id"], Decimal(0)) + 1
        return sold

    def _is_sale(self, table: str, row: Record, sold: Mapping[str, Decimal]) -> bool:
        key = {"products": "id", "delivery_slots": "id", "catalog_changes": "product_id"}.get(table)
        if table == "delivery_slots":  # slots come to be when somebody first asks for them
            return True
        return key is not None and row[key] in sold

    def _wrong_sales(
        self, before: Snapshot, after: Snapshot, sold: Mapping[str, Decimal]
    ) -> list[str]:
        """Stock and places may go down by what was ordered, and nothing else may change."""
        wrong = []
        for table, counter, sign in (("products", "stock", -1), ("delivery_slots", "taken", 1)):
            old = {row["id"]: row for row in self.records(before, table)}
            for row in self.records(after, table):
                was = old.get(row["id"])
                expected = dict(row if was is None else was)
                if was is None:
                    expected[counter] = 0
                if expected[counter] is not None and row["id"] in sold:
                    expected[counter] = Decimal(str(expected[counter])) + sign * sold[row["id"]]
                    row[counter] = Decimal(str(row[counter]))
                ignored = {"updated_at", "content_hash"} if row["id"] in sold else set()
                differing = {
                    name for name in row if name not in ignored and row[name] != expected[name]
                }
                if differing:
                    wrong.append(f"{table} {row['id']}: {differing}")
        return wrong
