"""Writes a row of a shopper into every table there is, whatever its columns are."""

from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table, Text, insert
from sqlalchemy.orm import Session

from knowledge.db.base import Row
from knowledge.db.types import Amount, UtcDateTime
from knowledge.shoppers.shoppers import Shopper

NOW = datetime(2026, 11, 20, tzinfo=UTC)
# Of what state such a row is matters to who deletes it.
_STATES = {
    "inbox": "done",
    "outbox": "sent",
    "handovers": "done",
    "confirmations": "declined",
}


# What is read by more than the database has to make sense.
_CONTENTS: dict[tuple[str, str], Any] = {
    ("turns", "parts"): [{"type": "user", "text": "hello"}],
    ("returns", "lines"): [[1, "1"]],
}
_FREE = 999
"""A number that no row of a new shopper has."""
_OTHERS: dict[type[Any], Any] = {Boolean: True, UtcDateTime: NOW, Amount: Decimal(1)}


def canary(table: str) -> str:
    """What stands in the rows of a table and nowhere else; short enough for most columns."""
    return f"~{table}"[:16]


def fill(
    session: Session,
    shopper: Shopper,
    *,
    order_id: str | None = None,
    without: Collection[str] = (),
) -> None:
    """In the order in which tables refer to each other; ``order_id`` is one there is."""
    made: dict[str, dict[str, Any]] = {
        "shoppers": {"id": shopper.id},
        "carts": {"id": shopper.cart_id},
        "cart_members": {"cart_id": shopper.cart_id},
    }
    if order_id is not None:
        made["orders"] = {"id": order_id}
    for table in Row.metadata.sorted_tables:
        if table.name in made or table.name in without:
            continue
        made[table.name] = {
            column.name: _value(table, column, made, shopper)
            for column in table.columns
            if not _numbers_itself(column)
        }
        session.execute(insert(table).values(made[table.name]))


def _numbers_itself(column: Column[Any]) -> bool:
    return column.primary_key and column.autoincrement is True


def _value(table: Table, column: Column[Any], made: dict[str, Any], shopper: Shopper) -> Any:
    if column.name in {"shopper_id", "actor", "added_by"}:
        return shopper.id
    for key in column.foreign_keys:
        found = made.get(key.column.table.name, {})
        return found.get(key.column.name)
    if (table.name, column.name) in _CONTENTS:
        return _CONTENTS[table.name, column.name]
    if column.name == "status":
        return _STATES.get(table.name, "done")
    return _plain(column, canary(table.name))


def _plain(column: Column[Any], text: str) -> Any:
    kind = column.type
    if isinstance(kind, String | Text):
        return text[: kind.length] if kind.length else text
    if isinstance(kind, LargeBinary):
        return text.encode()
    if isinstance(kind, Integer):
        return _FREE
    for of, value in _OTHERS.items():
        if isinstance(kind, of):
            return value
    return [text]
