import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from knowledge.catalog.repository import CatalogRepository
from knowledge.catalog.serving import is_stocked, serve_file
from knowledge.db.unit_of_work import UnitsOfWork
from tests.fixed_clock import FixedClock


def write(path: Path, **stock: int | None) -> Path:
    rows: list[dict[str, Any]] = [
        {"id": name, "title": f"Thing {name}", "price": "1.00", "stock": left}
        for name, left in stock.items()
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def on_sale(units: UnitsOfWork, clock: FixedClock) -> dict[str, str]:
    with units.read() as session:
        return {one.id: str(one.stock) for one in CatalogRepository(session, clock).iterate()}


def test_the_file_becomes_the_whole_range(
    units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    assert not is_stocked(units, clock)

    report = serve_file(write(tmp_path / "a.jsonl", A=1, B=2), units, clock, "USD")

    assert report is not None
    assert report.added == 2
    assert is_stocked(units, clock)
    assert set(on_sale(units, clock)) == {"A", "B"}


def test_an_unchanged_file_does_not_fill_the_shelves_again(
    units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.jsonl", A=5)
    serve_file(file, units, clock, "USD")
    with units.write() as session:
        CatalogRepository(session, clock).take_stock("A", Decimal(2))

    assert serve_file(file, units, clock, "USD") is None
    assert on_sale(units, clock)["A"] == "3"


def test_a_changed_file_delists_what_it_no_longer_names(
    units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    serve_file(write(tmp_path / "a.jsonl", A=1, B=2), units, clock, "USD")

    serve_file(write(tmp_path / "a.jsonl", B=2, C=3), units, clock, "USD")

    assert set(on_sale(units, clock)) == {"B", "C"}


def test_going_back_to_an_earlier_file_serves_it_again(
    units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    first, second = write(tmp_path / "a.jsonl", A=1), write(tmp_path / "b.jsonl", B=1)

    for file in (first, second, first):
        assert serve_file(file, units, clock, "USD") is not None

    assert set(on_sale(units, clock)) == {"A"}


def test_a_row_that_cannot_be_read_does_not_take_its_product_off_sale(
    units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.jsonl", A=1, B=2)
    serve_file(file, units, clock, "USD")
    file.write_text(
        file.read_text("utf-8").replace('"price": "1.00", "stock": 1', '"price": "?"'), "utf-8"
    )

    report = serve_file(file, units, clock, "USD")

    assert report is not None
    assert report.rejected == 1
    assert set(on_sale(units, clock)) == {"A", "B"}
