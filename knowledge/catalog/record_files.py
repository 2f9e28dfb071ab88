"""Reads product files row by row: JSONL or CSV, plain or gzipped."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import orjson

from knowledge.catalog.import_report import UnreadableImport
from knowledge.catalog.record import from_csv_row, unknown_columns

_GZIP = b"\x1f\x8b"
_REQUIRED = ("id", "title", "price")
_LONGEST_LINE = 4_000_000
Row = tuple[int, object, str | None]
"""(row number, decoded object or None, what is wrong with the row as such)."""


class RecordFile:
    """One open product file. ``bytes_read`` counts what was taken from the disk."""

    def __init__(self, raw: BinaryIO, path: Path) -> None:
        self._raw = raw
        self.bytes_total = path.stat().st_size
        gzipped = raw.peek(2)[:2] == _GZIP if isinstance(raw, io.BufferedReader) else False
        self._lines = cast("io.BufferedReader", gzip.GzipFile(fileobj=raw) if gzipped else raw)

    @property
    def bytes_read(self) -> int:
        return self._raw.tell()

    def rows(self) -> Iterator[Row]:
        """Raises ``UnreadableImport`` when the file is no product file."""
        try:
            first = self._lines.readline(_LONGEST_LINE)
            while first and not first.strip(b"\xef\xbb\xbf \t\r\n"):
                first = self._lines.readline(_LONGEST_LINE)
            first = first.removeprefix(b"\xef\xbb\xbf")
            if not first:
                raise UnreadableImport("The file is empty.")
            if first.lstrip().startswith((b"{", b"[")):
                yield from self._json_rows(first)
            else:
                yield from self._csv_rows(first)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableImport(f"The file cannot be read to its end: {error}.") from error
        except UnicodeDecodeError as error:
            raise UnreadableImport("The file is not text in UTF-8.") from error
        except csv.Error as error:
            raise UnreadableImport(f"The file is not CSV: {error}.") from error

    def _json_rows(self, first: bytes) -> Iterator[Row]:
        if first.lstrip().startswith(b"["):
            raise UnreadableImport("The file is one JSON array; it must be one object a line.")
        number, line = 1, first
        while line:
            if line.strip():
                try:
                    yield number, orjson.loads(line), None
                except orjson.JSONDecodeError as error:
                    yield number, None, f"is not JSON: {error}"
            line = self._lines.readline(_LONGEST_LINE)
            number += 1

    def _csv_rows(self, first: bytes) -> Iterator[Row]:
        heading = first.decode("utf-8")
        delimiter = max(",;\t", key=heading.count)
        header = [name.strip() for name in next(csv.reader([heading], delimiter=delimiter))]
        missing = [name for name in _REQUIRED if name not in header]
        if missing:
            raise UnreadableImport(
                f"The header lacks {', '.join(missing)}. It is neither JSONL nor a product CSV."
            )
        if unknown := unknown_columns(header):
            raise UnreadableImport(f"The header has unknown columns: {', '.join(unknown)}.")
        if len(set(header)) != len(header):
            raise UnreadableImport("The header names a column twice.")
        text = io.TextIOWrapper(self._lines, encoding="utf-8", newline="")
        for number, cells in enumerate(csv.reader(text, delimiter=delimiter, strict=True), 1):
            if not any(cells):
                continue
            if len(cells) != len(header):
                yield number, None, f"has {len(cells)} cells; the header has {len(header)}"
                continue
            yield number, from_csv_row(dict(zip(header, cells, strict=True))), None
        text.detach()


@contextmanager
def open_records(path: Path) -> Iterator[RecordFile]:
    """Raises ``UnreadableImport`` when there is no such file."""
    try:
        raw = path.open("rb")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableImport(f"{path.name} cannot be opened: {reason}.") from error
    with raw:
        yield RecordFile(raw, path)
