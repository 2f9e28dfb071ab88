"""What an import did: counts, and each row it could not take with the reason."""

from dataclasses import dataclass, field
from typing import Any

from knowledge.errors import InvalidInput

KEPT_ERRORS = 1000


class UnreadableImport(InvalidInput):
    """The file as a whole cannot be used; nothing of it was applied."""


@dataclass(frozen=True, slots=True)
class RowError:
    """``row`` is the line in a JSONL file, and the record counted from 1 in a CSV."""

    row: int
    product_id: str | None
    field: str
    problem: str

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "product": self.product_id,
            "field": self.field,
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True)
class ImportProgress:
    rows: int
    bytes_read: int
    bytes_total: int


@dataclass(slots=True)
class ImportReport:
    """``errors`` keeps the first thousand; ``rejected`` counts all rows not taken."""

    source: str
    run_id: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    errors: list[RowError] = field(default_factory=list)

    def reject(self, row: int, product_id: str | None, problems: list[tuple[str, str]]) -> None:
        self.rejected += 1
        for name, problem in problems:
            if len(self.errors) < KEPT_ERRORS:
                self.errors.append(RowError(row, product_id, name, problem))

    def counts(self) -> dict[str, int]:
        return {
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }
