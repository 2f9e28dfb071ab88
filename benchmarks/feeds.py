"""Imports a product file of any format against reading the same file, in one run.

python -m benchmarks.feeds FILE [--mapping FILE] [--currency USD] [--format csv] [--staged]
"""

import argparse
import csv
import gzip
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.catalog.feeds.mapping import read_mapping
from knowledge.catalog.feeds.opening import open_feed
from knowledge.catalog.feeds.rows import FORMATS, ReadingTerms
from knowledge.catalog.import_report import RowError
from knowledge.catalog.importing import ImportTerms, import_file
from knowledge.clock import SystemClock
from knowledge.db.engine import open_engine
from knowledge.db.migrate import upgrade
from knowledge.db.unit_of_work import UnitsOfWork

GZIP = b"\x1f\x8b"


def say(line: str) -> None:
    print(line)  # noqa: T201 - people read it


def timed(work: Callable[[], int]) -> tuple[int, float, float]:
    """(rows, seconds, seconds of processor time)."""
    start, cpu = time.perf_counter(), time.process_time()
    rows = work()
    return rows, time.perf_counter() - start, time.process_time() - cpu


def plain_reading(path: Path) -> int:
    """csv.DictReader over the lines, whatever they are: what any import has to beat or bear."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    opener = gzip.open if packed else open
    with opener(path, "rt", encoding="utf-8", errors="replace", newline="") as text:
        return sum(1 for _ in csv.DictReader(text))


def run(path: Path, terms: ImportTerms, currency: str, folder: Path) -> None:
    engine = open_engine(f"sqlite:///{folder / 'shop.db'}")
    upgrade(engine)
    units, clock = UnitsOfWork(engine), SystemClock()

    def read() -> int:
        reading = ReadingTerms(currency, clock.now())
        with open_feed(path, reading, feed_format=terms.format, mapping=terms.mapping) as feed:
            return sum(1 for _ in feed.rows())

    problems: Counter[str] = Counter()

    def count(error: RowError) -> None:
        problems[f"{error.column}: {error.problem}"] += 1

    base_rows, base, base_cpu = timed(lambda: plain_reading(path))
    say(f"{'':24}{'rows':>9}{'s':>9}{'rows/s':>11}{'rows/s cpu':>12}   times the baseline")
    rows: list[tuple[str, int, float, float]] = [
        ("csv.DictReader alone", base_rows, base, base_cpu),
        ("reader alone", *timed(read)),
    ]
    refused = 0
    for name in ("import", "import again"):
        started, cpu = time.perf_counter(), time.process_time()
        report = import_file(path, units, clock, currency, terms=terms, tell=count)
        taken, taken_cpu = time.perf_counter() - started, time.process_time() - cpu
        rows.append((name, report.rows, taken, taken_cpu))
        refused = report.rejected
    for name, number, seconds, cpu in rows:
        say(
            f"{name:24}{number:9,}{seconds:9.2f}{number / seconds:11,.0f}"
            f"{number / max(cpu, 1e-9):12,.0f}{seconds / base:12.1f}x"
        )
    total = rows[-1][1]
    say(f"\nrefused {refused} of {total} rows, {refused / max(total, 1):.3%}")
    for problem, number in problems.most_common(5):
        say(f"  {number // 2:6} {problem}")
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--mapping", type=Path)
    parser.add_argument("--format", choices=FORMATS)
    parser.add_argument("--currency", default="USD")
    parser.add_argument("--staged", action="store_true", help="stage it, whatever its size")
    chosen = parser.parse_args()
    mapping = read_mapping(chosen.mapping) if chosen.mapping else None
    terms = ImportTerms(format=chosen.format, mapping=mapping)
    if chosen.staged:
        terms = ImportTerms(format=chosen.format, mapping=mapping, staged_from=0)
    with TemporaryDirectory() as folder:
        run(chosen.file, terms, chosen.currency, Path(folder))


if __name__ == "__main__":
    main()
