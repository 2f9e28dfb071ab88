"""Writes orders as CSV, one row per order line, safe to open in a spreadsheet."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

COLUMNS = (
    "order", "number", "status", "placed_at", "fulfilment", "slot_starts_at", "postal_code",
    "city", "contact_email", "contact_phone", "line", "product", "title", "quantity",
    "unit", "unit_price", "line_total", "line_to_pay", "order_total", "currency",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet reads as a formula, or cuts a cell at, when a text begins with it."""


def write_orders(documents: Iterable[dict[str, Any]], path: Path) -> int:
    """Returns the number of rows. The byte order mark makes Excel read UTF-8.

    A new file is readable by its owner alone: it holds addresses of shoppers.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        return _write(documents, file)


def _write(documents: Iterable[dict[str, Any]], file: TextIO) -> int:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    rows = 0
    for document in documents:
        for line in document["lines"]:
            writer.writerow([_safe(cell) for cell in _row(document, line)])
            rows += 1
    return rows


def _row(order: dict[str, Any], line: dict[str, Any]) -> list[str | None]:
    slot, address = order["slot"] or {}, order["address"] or {}
    contact = order["contact"] or {}
    return [
        order["id"],
        order["number"],
        order["status"],
        order["placed_at"],
        order["fulfilment"],
        slot.get("starts_at"),
        address.get("postal_code"),
        address.get("city"),
        contact.get("email"),
        contact.get("phone"),
        str(line["number"]),
        line["product"],
        line["title"],
        line["quantity"],
        line["unit"],
        line["unit_price"],
        line["total"],
        line["to_pay"],
        order["total"],
        order["currency"],
    ]


def _safe(cell: str | None) -> str:
    """A leading apostrophe makes text of what would be a formula."""
    if cell is None:
        return ""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
