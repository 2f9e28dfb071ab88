"""Reads any CSV or TSV through a mapping of its columns to our fields."""

from collections.abc import Callable, Iterator, Mapping

from knowledge.catalog.feeds.amounts import UnclearNumber, read_number, read_price
from knowledge.catalog.feeds.mapping import PLACE, ColumnMapping
from knowledge.catalog.feeds.rows import FeedRow, Record
from knowledge.catalog.feeds.source import Source
from knowledge.catalog.feeds.tables import Table
from knowledge.catalog.feeds.wording import plain_text
from knowledge.catalog.import_report import UnreadableImport
from knowledge.catalog.record import CATEGORY_SEPARATOR, LIST_FIELDS, NUTRITION_FIELDS

_NUMBERS = frozenset(
    {
        "step", "min_quantity", "max_quantity", "stock", "rating", "ratings_count",
        "carbon_kg_per_kg", "age_limit", *(f"nutrition.{name}" for name in NUTRITION_FIELDS),
    }
)  # fmt: skip
_TEXTS = frozenset({"title", "description", "brand", "ingredients"})
Cells = Mapping[str, str]


class MappedTable:
    """Rows are those below the header."""

    def __init__(self, source: Source, mapping: ColumnMapping) -> None:
        self._mapping = mapping
        self._table = Table(source, delimiter=mapping.delimiter, encoding=mapping.encoding)
        used = mapping.columns_used()
        missing = sorted(used - set(self._table.header))
        if missing:
            raise UnreadableImport(
                f"The mapping names columns the file lacks: {', '.join(missing)}. "
                f"It has: {', '.join(self._table.header[:40])}."
            )
        self.columns: Mapping[str, str] = mapping.fields
        self._readers = [(name, _reader(text)) for name, text in mapping.fields.items()]
        self._values = {
            name: {word.strip().casefold(): meant for word, meant in words.items()}
            for name, words in mapping.values.items()
        }
        self._none_words = {word.casefold() for word in mapping.none_words}
        others = mapping.other_columns
        if others == "attributes":
            others = [name for name in self._table.header if name and name not in used]
        self._others = [] if isinstance(others, str) else list(others)

    def rows(self) -> Iterator[FeedRow]:
        for number, cells, problem in self._table.rows():
            if cells is None:
                yield FeedRow(number, None, ("", problem))
                continue
            yield FeedRow(number, self._record(cells))

    def _record(self, cells: Cells) -> Record:
        record: Record = {}
        if self._mapping.currency:
            record["currency"] = self._mapping.currency
        for name, read in self._readers:
            text = read(cells)
            meant = self._values.get(name)
            if meant is not None and text.casefold() in meant:
                text = meant[text.casefold()] or ""
            if text:
                self._put(record, name, text)
        for name in self._others:
            if text := cells.get(name, "").strip():
                record.setdefault("attributes", {}).setdefault(name, plain_text(text))
        return record

    def _put(self, record: Record, name: str, text: str) -> None:
        mapping = self._mapping
        head, dot, rest = name.partition(".")
        if name == "price":
            self._price(record, text)
        elif name in LIST_FIELDS:
            parts = [part.strip() for part in text.split(mapping.list_separator)]
            none = text.casefold() in self._none_words
            record[name] = [] if none else [part for part in parts if part]
        elif name in _NUMBERS:
            number = self._number(text)
            if dot:
                record.setdefault(head, {})[rest] = number
            else:
                record[name] = number
        elif dot:
            record.setdefault(head, {})[rest] = plain_text(text)
        elif name == "category":
            parts = [part.strip() for part in text.split(mapping.category_separator)]
            record[name] = f" {CATEGORY_SEPARATOR} ".join(
                plain_text(part) for part in parts if part
            )
        else:
            record[name] = plain_text(text) if name in _TEXTS else text

    def _price(self, record: Record, text: str) -> None:
        try:
            amount, currency = read_price(text, decimal_comma=self._mapping.decimal_comma)
        except UnclearNumber:
            record["price"] = text[:40]
            return
        record["price"] = amount
        if currency:
            record["currency"] = currency

    def _number(self, text: str) -> str:
        try:
            return read_number(text, decimal_comma=self._mapping.decimal_comma)
        except UnclearNumber:
            return text


def _reader(text: str) -> Callable[[Cells], str]:
    if PLACE.search(text):
        names = PLACE.findall(text)

        def fill(cells: Cells) -> str:
            if not any(cells[name].strip() for name in names):
                return ""
            return " ".join(PLACE.sub(lambda place: cells[place[1]].strip(), text).split())

        return fill
    if text.startswith("="):
        constant = text[1:].strip()
        return lambda _: constant
    return lambda cells: cells[text].strip()
