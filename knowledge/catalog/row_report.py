"""Writes the rows an import left out to a file, as CSV for a spreadsheet or as JSON."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.catalog.import_report import RowError
from knowledge.errors import InvalidInput

_COLUMNS = ("row", "product", "field", "column", "problem")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def row_report(path: Path) -> Iterator[Callable[[RowError], None]]:
    """Take errors one by one; by its name the file is JSON, else CSV. Raises ``InvalidInput``."""
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(f"The report {path} cannot be written: {reason}.") from error
    with file:
        if path.suffix.lower() == ".json":
            separator = "[\n"

            def as_json(error: RowError) -> None:
                nonlocal separator
                file.write(separator + json.dumps(error.as_json(), ensure_ascii=False))
                separator = ",\n"

            yield as_json
            file.write("[]\n" if separator == "[\n" else "\n]\n")
            return
        table = csv.writer(file)
        table.writerow(_COLUMNS)

        def as_row(error: RowError) -> None:
            cells = [error.product_id or "", error.field, error.column, error.problem]
            table.writerow([error.row, *map(_no_formula, cells)])

        yield as_row


def _no_formula(cell: str) -> str:
    """A spreadsheet would run what begins like a formula, and suppliers write these cells."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
