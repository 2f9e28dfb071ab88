from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from knowledge.catalog.import_report import ImportProgress, RowError, UnreadableImport
from knowledge.catalog.importing import ImportTerms, import_file
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.catalog import ImportRunRow, ImportStageRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Contended
from tests.fixed_clock import FixedClock
from tests.knowledge.catalog.conftest import WriteFile

STAGED = ImportTerms(feed_id="f", delist="feed", staged_from=0)


@pytest.fixture
def long_file(write_jsonl: WriteFile) -> Path:
    """1,400 rows: of every hundred one is bad and one was there before."""
    rows: list[object] = [{"id": f"p{n}", "title": f"P{n}", "price": "1"} for n in range(1400)]
    for n in range(50, 1400, 100):
        rows[n] = {"id": f"p{n}", "title": ""}
        rows[n + 1] = rows[n - 1]
    return write_jsonl(*rows)


def stop_after(rows: int) -> Callable[[ImportProgress], None]:
    def stop(progress: ImportProgress) -> None:
        if progress.rows >= rows:
            raise KeyboardInterrupt

    return stop


def counts_of(units: UnitsOfWork) -> tuple[int, int]:
    """(products, staged rows)."""
    with units.read() as session:
        staged = session.scalar(select(func.count()).select_from(ImportStageRow)) or 0
        return CatalogRepository(session, FixedClock()).count(), staged


def test_an_interrupted_import_goes_on_where_it_was(
    units: UnitsOfWork, clock: FixedClock, long_file: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_file(long_file, units, clock, "USD", stop_after(1000), terms=STAGED)
    assert counts_of(units) == (0, 500)

    errors: list[RowError] = []
    report = import_file(long_file, units, clock, "USD", terms=STAGED, tell=errors.append)

    assert report.resumed_at > 500
    assert (report.rows, report.added, report.rejected) == (1400, 1372, 28)
    # Also what was wrong before the interruption, and what was there before it.
    assert len(errors) == len({(one.row, one.field) for one in errors})
    assert any("was already given" in one.problem for one in errors if one.row > 1000)
    assert counts_of(units) == (1372, 0)
    with units.read() as session:
        (run,) = session.scalars(select(ImportRunRow)).all()
        assert (run.status, run.counts["added"], run.feed_id) == ("done", 1372, "f")


def test_another_file_begins_anew_and_old_stages_are_forgotten(
    sqlite_units: UnitsOfWork, clock: FixedClock, long_file: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_file(long_file, sqlite_units, clock, "USD", stop_after(1000), terms=STAGED)
    long_file.write_bytes(long_file.read_bytes() + b'{"id": "new", "title": "N", "price": "1"}\n')
    clock.advance(days=8)

    report = import_file(long_file, sqlite_units, clock, "USD", terms=STAGED)

    assert (report.resumed_at, report.added) == (0, 1373)
    assert counts_of(sqlite_units) == (1373, 0)


def test_of_a_staged_file_that_turns_out_unusable_nothing_stays(
    sqlite_units: UnitsOfWork, clock: FixedClock, tmp_path: Path
) -> None:
    path = tmp_path / "feed.csv"
    rows = "".join(f"p{n},P,1\n" for n in range(1200))
    path.write_text(f'id,title,price\n{rows}last,"cut')

    with pytest.raises(UnreadableImport, match="row 1201"):
        import_file(path, sqlite_units, clock, "USD", terms=STAGED)

    assert counts_of(sqlite_units) == (0, 0)


def test_two_imports_of_one_file_do_not_mix(
    sqlite_units: UnitsOfWork, clock: FixedClock, long_file: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_file(long_file, sqlite_units, clock, "USD", stop_after(1000), terms=STAGED)

    def rival(progress: ImportProgress) -> None:
        if progress.rows == 1000:
            import_file(long_file, sqlite_units, clock, "USD", terms=STAGED)

    with pytest.raises(Contended):
        import_file(long_file, sqlite_units, clock, "USD", rival, terms=STAGED)

    assert counts_of(sqlite_units) == (1372, 0)


def test_large_files_are_staged_and_small_ones_are_not(
    sqlite_units: UnitsOfWork, clock: FixedClock, long_file: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_file(long_file, sqlite_units, clock, "USD", stop_after(1000))

    assert counts_of(sqlite_units) == (0, 0)
