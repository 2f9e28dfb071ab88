"""Reads rows of a CSV or TSV file below their header, with what is wrong with single rows."""

import csv
from collections.abc import Iterator

from knowledge.catalog.feeds.source import Source
from knowledge.catalog.import_report import UnreadableImport

Cells = dict[str, str]
TableRow = tuple[int, Cells | None, str]
"""(row below the header from 1, cells by column, what is wrong with a row that has none)."""
_DELIMITERS = ",;\t|"


class Table:
    """``header`` holds the column names as written, without blanks around them."""

    def __init__(
        self, source: Source, *, delimiter: str | None = None, encoding: str | None = None
    ) -> None:
        """Raise ``UnreadableImport`` when there is no header."""
        self.delimiter = delimiter or sniff_delimiter(source.head_text)
        lines = source.lines(encoding)
        self._reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            first = next((cells for cells in self._reader if any(map(str.strip, cells))), None)
        except csv.Error as error:
            raise UnreadableImport(f"The header is not CSV: {error}.") from error
        if first is None:
            raise UnreadableImport("The file is empty.")
        self.header = [name.strip() for name in first]
        while self.header and not self.header[-1]:
            self.header.pop()  # spreadsheets write empty columns at the end
        twice = {name for name in self.header if name and self.header.count(name) > 1}
        if twice:
            raise UnreadableImport(f"The header names a column twice: {', '.join(sorted(twice))}.")
        self._width = len(first)

    def rows(self) -> Iterator[TableRow]:
        header, width, reader = self.header, self._width, self._reader
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise UnreadableImport(
                        f"The file ends within a quoted cell of row {number}; it is cut off."
                    ) from error
                yield number, None, f"is not CSV: {error}"
                continue
            if len(cells) == width:
                if any(cells):
                    yield number, dict(zip(header, cells, strict=False)), ""
            elif any(cells):
                yield number, None, f"has {len(cells)} cells; the header has {width}"


def sniff_delimiter(head: str) -> str:
    """What separates the cells of the first line that is not blank."""
    first = next((line for line in head.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)


def header_of(head: str) -> list[str]:
    """The column names in the beginning of a file, as far as they can be told."""
    first = next((line for line in head.splitlines() if line.strip()), "")
    try:
        return [name.strip() for name in next(csv.reader([first], delimiter=sniff_delimiter(head)))]
    except (csv.Error, StopIteration):
        return []
