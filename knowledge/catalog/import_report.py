"""What an import did: counts, and each row it could not take with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.errors import InvalidInput

KEPT_ERRORS = 1000


class UnreadableImport(InvalidInput):
    """The file as a whole cannot be used; nothing of it was applied."""


@dataclass(frozen=True, slots=True)
class RowError:
    """``row`` counts as the file's format does: lines of JSONL, rows below a header, items.

    ``field`` is ours, ``column`` what the file calls it.
    """

    row: int
    product_id: str | None
    field: str
    problem: str
    column: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "product": self.product_id,
            "field": self.field,
            "column": self.column,
            "problem": self.problem,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "RowError":
        return cls(
            kept["row"], kept["product"], kept["field"], kept["problem"], kept.get("column", "")
        )


@dataclass(frozen=True, slots=True)
class ImportProgress:
    rows: int
    bytes_read: int
    bytes_total: int


@dataclass(slots=True)
class ImportReport:
    """``errors`` keeps the first thousand; ``rejected`` counts all rows not taken.

    ``withheld`` counts products that a full import would have delisted and did not, and
    ``withheld_because`` says why. ``resumed_at`` is the row an interrupted import went on after.
    """

    source: str
    run_id: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    delisted: int = 0
    withheld: int = 0
    withheld_because: str = ""
    resumed_at: int = 0
    format: str = ""
    errors: list[RowError] = field(default_factory=list)
    tell: Callable[[RowError], None] | None = None
    """Called with every error, also those beyond the first thousand."""

    def reject(
        self,
        row: int,
        product_id: str | None,
        problems: list[tuple[str, str]],
        columns: Mapping[str, str] | None = None,
    ) -> None:
        """Count a row that is left out. ``problems`` are (field, what is wrong)."""
        self.rejected += 1
        for name, problem in problems:
            column = _column(name, columns or {})
            self.note(RowError(row, product_id, name, problem, column))

    def note(self, error: RowError) -> None:
        if len(self.errors) < KEPT_ERRORS:
            self.errors.append(error)
        if self.tell is not None:
            self.tell(error)

    def counts(self) -> dict[str, int]:
        return {
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "delisted": self.delisted,
            "withheld": self.withheld,
        }


def _column(name: str, columns: Mapping[str, str]) -> str:
    """``labels.0`` is a part of ``labels``; ``nutrition.fat`` may have a column of its own."""
    return columns.get(name) or columns.get(name.partition(".")[0]) or name
