"""Draws all tables as a Mermaid diagram: ``python -m knowledge.db.erd``."""

import sys
from collections.abc import Iterator

from sqlalchemy import Column, Table, UniqueConstraint

import knowledge.db.rows  # noqa: F401 - registers every table
from knowledge.db.base import Row
from knowledge.db.types import Amount, Json, UtcDateTime

_NAMES = {
    "string": "text",
    "text": "text",
    "integer": "integer",
    "boolean": "boolean",
    "large_binary": "bytes",
}


def diagram() -> str:
    """Every table with its columns, and every foreign key as a line."""
    tables = sorted(Row.metadata.tables.values(), key=lambda table: table.name)
    lines = ["erDiagram"]
    for table in tables:
        lines += _table(table)
    for table in tables:
        lines += _references(table)
    return "\n".join(lines)


def _table(table: Table) -> Iterator[str]:
    alone = {
        next(iter(constraint.columns)).name
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint) and len(constraint.columns) == 1
    }
    yield f"    {table.name} {{"
    for column in table.columns:
        keys = [
            name
            for name, holds in (
                ("PK", column.primary_key),
                ("FK", bool(column.foreign_keys)),
                ("UK", column.name in alone),
            )
            if holds
        ]
        marks = f" {', '.join(keys)}" if keys else ""
        optional = ' "may be unknown"' if column.nullable else ""
        yield f"        {_type(column)} {column.name}{marks}{optional}"
    yield "    }"


def _type(column: "Column[object]") -> str:
    kind = column.type
    if isinstance(kind, Amount):
        return "decimal"
    if isinstance(kind, UtcDateTime):
        return "moment"
    if isinstance(kind, type(Json)):
        return "json"
    return _NAMES[kind.__visit_name__]


def _references(table: Table) -> Iterator[str]:
    for column in table.columns:
        for key in column.foreign_keys:
            least = "|o" if column.nullable else "||"
            yield f"    {key.column.table.name} {least}--o{{ {table.name} : {column.name}"


if __name__ == "__main__":
    sys.stdout.write(diagram() + "\n")
