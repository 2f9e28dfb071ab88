import csv
from pathlib import Path
from typing import Any

import pytest

from connectors.order_export.csv_file import COLUMNS, write_orders
from tests.connectors.mail.test_order_mail import document


def rows(path: Path, *documents: dict[str, Any]) -> list[dict[str, str]]:
    write_orders(documents, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_line_of_an_order_is_a_row(tmp_path: Path) -> None:
    order = document(contact={"email": "anna@example.com"})
    order["lines"] = [order["lines"][0] | {"number": n} for n in (1, 2)]

    found = rows(tmp_path / "orders.csv", order)

    assert [row["line"] for row in found] == ["1", "2"]
    assert tuple(found[0]) == COLUMNS
    assert found[0]["contact_email"] == "anna@example.com"
    assert found[0]["city"] == ""
    assert found[0]["line_total"] == "5.00"


@pytest.mark.parametrize(
    "title", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"]
)
def test_no_cell_is_read_as_a_formula(tmp_path: Path, title: str) -> None:
    order = document(contact={"phone": "+15550100"})
    order["lines"][0]["title"] = title

    (row,) = rows(tmp_path / "orders.csv", order)

    assert row["title"] == f"'{title}"
    assert row["contact_phone"] == "'+15550100"


def test_goods_by_weight_have_their_unit(tmp_path: Path) -> None:
    order = document(contact={})
    order["lines"][0] |= {"quantity": "0.5", "unit": "kg"}

    (row,) = rows(tmp_path / "orders.csv", order)

    assert (row["quantity"], row["unit"]) == ("0.5", "kg")
