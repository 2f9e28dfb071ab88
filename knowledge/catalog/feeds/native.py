"""Reads our own formats: JSONL with one product a line, and CSV with the same names."""

from collections.abc import Iterator, Mapping

import orjson

from knowledge.catalog.feeds.rows import FeedRow
from knowledge.catalog.feeds.source import MAX_LINE_BYTES, Source
from knowledge.catalog.feeds.tables import Table
from knowledge.catalog.import_report import UnreadableImport
from knowledge.catalog.record import from_csv_row, unknown_columns

_REQUIRED = ("id", "title", "price")


class JsonLines:
    """A problem that is not in a field is said of the line, with the character it is at."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.columns: Mapping[str, str] = {}

    def rows(self) -> Iterator[FeedRow]:
        seen = False
        for number, line in self._source.byte_lines():
            if line is None:
                yield FeedRow(number, None, ("", f"is longer than {MAX_LINE_BYTES:,} bytes"))
                continue
            if line.isspace():
                continue
            if not seen and line.lstrip().startswith(b"["):
                raise UnreadableImport(
                    "The file is one JSON array; it must be one object a line, or JSON-LD."
                )
            seen = True
            try:
                data = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                yield FeedRow(number, None, (f"character {error.colno}", f"is not JSON: {error}"))
                continue
            yield FeedRow(number, data)
        if not seen:
            raise UnreadableImport("The file is empty.")


class NativeTable:
    def __init__(self, source: Source) -> None:
        self._table = Table(source)
        header = self._table.header
        self.columns: Mapping[str, str] = {}
        missing = [name for name in _REQUIRED if name not in header]
        if missing:
            raise UnreadableImport(
                f"The header lacks {', '.join(missing)}, and it is none of the feeds we know. "
                "A mapping file can say which columns mean what (docs/feeds.md)."
            )
        if unknown := unknown_columns(header):
            raise UnreadableImport(
                f"The header has unknown columns: {', '.join(unknown)}. "
                "A mapping file can say what they mean (docs/feeds.md)."
            )

    def rows(self) -> Iterator[FeedRow]:
        for number, cells, problem in self._table.rows():
            if cells is None:
                yield FeedRow(number, None, ("", problem))
            else:
                yield FeedRow(number, from_csv_row(cells))
