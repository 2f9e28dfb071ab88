"""What every reader of a product file yields: numbered records in our own format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

FeedFormat = Literal["jsonl", "csv", "google-xml", "google-tsv", "shopify-csv", "json-ld", "mapped"]
FORMATS: tuple[FeedFormat, ...] = (
    "jsonl", "csv", "google-xml", "google-tsv", "shopify-csv", "json-ld", "mapped",
)  # fmt: skip
Record = dict[str, Any]


class FeedRow(NamedTuple):
    """``number`` counts as a person would: lines of JSONL, rows below a header, items, products.

    ``problem`` is (column, what is wrong) of a row that is no record at all. ``hidden`` marks
    what the file names but does not sell now, such as a draft.
    """

    number: int
    data: object | None
    problem: tuple[str, str] | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ReadingTerms:
    """What readers need to know of the shop: prices hold at ``now``, in ``currency``."""

    currency: str
    now: datetime


class FeedReader(Protocol):
    """``columns`` says which column of the file each of our fields came from, row by row."""

    columns: Mapping[str, str]

    def rows(self) -> Iterator[FeedRow]:
        """Raises ``UnreadableImport`` when the file as a whole cannot be used."""
        ...
