import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.catalog.import_report import ImportProgress, UnreadableImport
from knowledge.catalog.importing import import_file
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import ImportRunRow
from knowledge.db.unit_of_work import UnitsOfWork
from tests.fixed_clock import FixedClock
from tests.knowledge.catalog.conftest import WriteFile

MILK = {"id": "m1", "title": "Milk", "price": "1.39", "stock": 10}
SOAP = {"id": "s1", "title": "Soap", "price": "2.00"}


@pytest.fixture
def ids_in(clock: FixedClock) -> Callable[[UnitsOfWork], list[str]]:
    def ids(units: UnitsOfWork) -> list[str]:
        with units.read() as session:
            return [product.id for product in CatalogRepository(session, clock).iterate()]

    return ids


def test_good_rows_are_applied_and_bad_ones_reported(
    units: UnitsOfWork,
    clock: FixedClock,
    write_jsonl: WriteFile,
    ids_in: Callable[[UnitsOfWork], list[str]],
) -> None:
    path = write_jsonl(MILK, {"id": "x", "title": "No price"}, "{not json", "", SOAP)

    report = import_file(path, units, clock, "USD")

    assert report.counts() == {
        "rows": 4, "added": 2, "changed": 0, "unchanged": 0, "rejected": 2,
        "delisted": 0, "withheld": 0,
    }  # fmt: skip
    assert [(error.row, error.product_id, error.field) for error in report.errors] == [
        (2, "x", "price"),
        (3, None, "record"),
    ]
    assert ids_in(units) == ["m1", "s1"]


def test_importing_twice_changes_nothing(
    units: UnitsOfWork, clock: FixedClock, write_jsonl: WriteFile
) -> None:
    path = write_jsonl(MILK, SOAP)
    import_file(path, units, clock, "USD")
    with units.read() as session:
        revision = CatalogRepository(session, clock).revision()

    report = import_file(path, units, clock, "USD")

    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    with units.read() as session:
        assert CatalogRepository(session, clock).revision() == revision


def test_the_second_row_with_an_id_is_refused(
    sqlite_units: UnitsOfWork, clock: FixedClock, write_jsonl: WriteFile
) -> None:
    path = write_jsonl(MILK, MILK | {"price": "9.99"})

    report = import_file(path, sqlite_units, clock, "USD")

    assert report.rejected == 1
    assert "row 1" in report.errors[0].problem
    with sqlite_units.read() as session:
        assert str(CatalogRepository(session, clock).get("m1").price) == "1.39"


def test_another_currency_is_refused_row_by_row(
    sqlite_units: UnitsOfWork, clock: FixedClock, write_jsonl: WriteFile
) -> None:
    path = write_jsonl(MILK | {"currency": "EUR"}, SOAP | {"currency": "USD"})

    report = import_file(path, sqlite_units, clock, "USD")

    assert (report.added, report.rejected) == (1, 1)
    assert report.errors[0].field == "currency"


def test_csv_is_read_with_its_own_separators(
    units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    path = tmp_path / "products.csv"
    path.write_text(
        "\ufeffid;title;price;diets;allergens;nutrition.fat\n"
        'a;"Milk; whole";1.39;vegetarian|halal;milk;3.6\n'
        "b;Soap;2.00;;;\n"
        "c;Too;few\n",
        encoding="utf-8",
    )

    report = import_file(path, units, clock, "USD")

    assert (report.added, report.rejected) == (2, 1)
    with units.read() as session:
        found = CatalogRepository(session, clock).get_many(["a", "b"])
    assert found["a"].title == "Milk; whole"
    assert found["a"].diets == ("vegetarian", "halal")
    assert found["b"].allergens is None


def test_gzipped_files_are_read(
    sqlite_units: UnitsOfWork, clock: FixedClock, write_jsonl: WriteFile, tmp_path: Path
) -> None:
    path = tmp_path / "products.jsonl.gz"
    path.write_bytes(gzip.compress(write_jsonl(MILK, SOAP).read_bytes()))

    assert import_file(path, sqlite_units, clock, "USD").added == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"id,title\na,Milk\n",
        b"id,title,price,margin\na,Milk,1,2\n",
        b"id,title,price,price\na,Milk,1,2\n",
        b'[{"id": "a"}]\n',
        b"%PDF-1.7 \xff\xfe\x00\x01\n",
        b"id,title,price\na,\xff\xfe,1\n",
        gzip.compress(b'{"id": "a", "title": "A", "price": "1"}\n' * 50, mtime=0)[:-20],
    ],
)
def test_of_an_unusable_file_nothing_is_applied(
    sqlite_units: UnitsOfWork,
    clock: FixedClock,
    tmp_path: Path,
    ids_in: Callable[[UnitsOfWork], list[str]],
    content: bytes,
) -> None:
    path = tmp_path / "products"
    path.write_bytes(content)

    with pytest.raises(UnreadableImport):
        import_file(path, sqlite_units, clock, "USD")

    assert ids_in(sqlite_units) == []
    with sqlite_units.read() as session:
        run = session.scalars(select(ImportRunRow)).one()
        assert run.errors[0]["field"] == "file"


def test_a_missing_file_is_told_by_name(
    sqlite_units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableImport, match=r"nothing\.jsonl cannot be opened"):
        import_file(tmp_path / "nothing.jsonl", sqlite_units, clock, "USD")


def test_an_import_that_is_interrupted_leaves_the_catalog_as_it_was(
    units: UnitsOfWork,
    clock: FixedClock,
    write_jsonl: WriteFile,
    ids_in: Callable[[UnitsOfWork], list[str]],
) -> None:
    path = write_jsonl(*({"id": f"p{n}", "title": "P", "price": "1"} for n in range(1200)))

    def interrupt(progress: ImportProgress) -> None:
        if progress.rows >= 1000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(path, units, clock, "USD", progress=interrupt)

    assert ids_in(units) == []


def test_progress_ends_with_everything_read(
    sqlite_units: UnitsOfWork, clock: FixedClock, write_jsonl: WriteFile
) -> None:
    path = write_jsonl(*({"id": f"p{n}", "title": "P", "price": "1"} for n in range(1100)))
    seen: list[ImportProgress] = []

    import_file(path, sqlite_units, clock, "USD", progress=seen.append)

    assert [progress.rows for progress in seen] == [500, 1000, 1100]
    assert seen[-1].bytes_read == seen[-1].bytes_total == path.stat().st_size


def test_a_run_is_kept_with_its_counts_and_errors(
    units: UnitsOfWork, clock: FixedClock, write_jsonl: WriteFile
) -> None:
    report = import_file(write_jsonl(MILK, {"id": "x"}), units, clock, "USD")

    with units.read() as session:
        run = session.get(ImportRunRow, report.run_id)
        assert run is not None
        assert run.counts == report.counts()
        assert run.errors[0] == {
            "row": 2, "product": "x", "field": "title", "column": "title",
            "problem": "Field required",
        }  # fmt: skip
        assert run.source == "products.jsonl"


def test_a_file_full_of_errors_does_not_fill_the_memory(
    sqlite_units: UnitsOfWork, clock: FixedClock, write_jsonl: WriteFile
) -> None:
    report = import_file(write_jsonl(*(["{"] * 1500)), sqlite_units, clock, "USD")

    assert report.rejected == 1500
    assert len(report.errors) == 1000
