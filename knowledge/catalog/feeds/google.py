"""Reads Google Merchant feeds: RSS 2.0 or Atom with the g: namespace, and TSV."""

from collections.abc import Iterator, Mapping

from knowledge.catalog.feeds.google_fields import COLUMNS, google_record, plain_name
from knowledge.catalog.feeds.rows import FeedRow, ReadingTerms, Record
from knowledge.catalog.feeds.source import Source
from knowledge.catalog.feeds.tables import Table
from knowledge.catalog.feeds.wording import plain_text
from knowledge.catalog.feeds.xml_items import MAX_TEXT, XmlItem, XmlItems
from knowledge.catalog.import_report import UnreadableImport

_PREFIX = "g:"
# Of RSS and Atom, not of the product; a bare <id> of Atom is an address of the entry.
_OF_THE_ENTRY = frozenset({"pubDate", "updated", "published", "author", "guid"})
_DESCRIPTIONS = ("summary", "content", "encoded")
_MARKS = frozenset({"link", "image_link", "availability"})


class GoogleXml:
    """Rows are items, counted from 1."""

    def __init__(self, source: Source, terms: ReadingTerms) -> None:
        self._items = XmlItems(source)
        self._terms = terms
        self.columns: Mapping[str, str] = _prefixed(COLUMNS)

    def rows(self) -> Iterator[FeedRow]:
        usual = self.columns
        for number, item in enumerate(self._items, 1):
            if item.too_long is not None:
                problem = f"has more than {MAX_TEXT:,} characters (line {item.line})"
                yield FeedRow(number, None, (_PREFIX + item.too_long, problem))
                continue
            record, differing = google_record(_attributes(item), self._terms)
            _details(record, item)
            self.columns = {**usual, **_prefixed(differing)} if differing else usual
            yield FeedRow(number, record)


class GoogleTable:
    """Rows are those below the header."""

    def __init__(self, source: Source, terms: ReadingTerms) -> None:
        self._table = Table(source)
        self._terms = terms
        self._names = {name: plain_name(name) for name in self._table.header}
        self._written = {plain: name for name, plain in self._names.items()}
        missing = [name for name in ("id", "title", "price") if name not in self._written]
        if missing:
            raise UnreadableImport(f"The header of the Google feed lacks {', '.join(missing)}.")
        self.columns: Mapping[str, str] = {}

    def rows(self) -> Iterator[FeedRow]:
        written = self._written
        usual = {field: written.get(name, name) for field, name in COLUMNS.items()}
        for number, cells, problem in self._table.rows():
            if cells is None:
                yield FeedRow(number, None, ("", problem))
                continue
            found = {self._names[name]: [cell] for name, cell in cells.items() if cell}
            record, differing = google_record(found, self._terms)
            self.columns = usual | {
                field: written.get(name, name) for field, name in differing.items()
            }
            yield FeedRow(number, record)


def is_google_header(header: list[str]) -> bool:
    names = {plain_name(name) for name in header}
    return {"id", "title"} <= names and bool(names & _MARKS)


def _prefixed(columns: Mapping[str, str]) -> dict[str, str]:
    return {field: _PREFIX + name for field, name in columns.items()}


def _attributes(item: XmlItem) -> dict[str, list[str]]:
    bare = {name: texts for name, texts in item.texts.items() if name not in _OF_THE_ENTRY}
    if "description" not in bare:
        for name in _DESCRIPTIONS:
            if name in bare:
                bare["description"] = bare[name]
                break
    return {**bare, **item.google}


def _details(record: Record, item: XmlItem) -> None:
    """Product details are a name and a value each: our attributes."""
    for detail in item.nested.get("product_detail", ()):
        name, value = detail.get("attribute_name"), detail.get("attribute_value")
        if name and value:
            record["attributes"].setdefault(plain_text(name)[:64], plain_text(value))
