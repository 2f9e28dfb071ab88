"""Tells which format a product file is in, and opens the reader of it."""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from knowledge.catalog.feeds.google import GoogleTable, GoogleXml, is_google_header
from knowledge.catalog.feeds.json_ld import JsonLd
from knowledge.catalog.feeds.mapped import MappedTable
from knowledge.catalog.feeds.mapping import ColumnMapping, InvalidMapping
from knowledge.catalog.feeds.native import JsonLines, NativeTable
from knowledge.catalog.feeds.rows import FeedFormat, FeedReader, FeedRow, ReadingTerms
from knowledge.catalog.feeds.shopify import ShopifyTable, is_shopify_header
from knowledge.catalog.feeds.source import Source
from knowledge.catalog.feeds.tables import header_of
from knowledge.catalog.import_report import UnreadableImport

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)
_FEED_ROOT = re.compile(r"(?:<\?[^>]*>|<!--.*?-->|\s)*<(?:\w+:)?(?:rss|feed|RDF)\b", re.DOTALL)
_LINKED = re.compile(r'"@(?:context|type|graph|id)"\s*:')

_READERS: Mapping[FeedFormat, Callable[[Source, ReadingTerms], FeedReader]] = {
    "jsonl": lambda source, _: JsonLines(source),
    "csv": lambda source, _: NativeTable(source),
    "google-xml": GoogleXml,
    "google-tsv": GoogleTable,
    "shopify-csv": lambda source, _: ShopifyTable(source),
    "json-ld": JsonLd,
}


class OpenFeed:
    """One open product file. ``columns`` is of the row read last."""

    def __init__(self, source: Source, feed_format: FeedFormat, reader: FeedReader) -> None:
        self._source = source
        self._reader = reader
        self.format = feed_format

    @property
    def bytes_total(self) -> int:
        return self._source.bytes_total

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    @property
    def columns(self) -> Mapping[str, str]:
        return self._reader.columns

    def rows(self) -> Iterator[FeedRow]:
        """Raise ``UnreadableImport`` when the file turns out to be unusable."""
        with _in_words():
            yield from self._reader.rows()


@contextmanager
def open_feed(
    path: Path,
    terms: ReadingTerms,
    *,
    feed_format: FeedFormat | None = None,
    mapping: ColumnMapping | None = None,
) -> Iterator[OpenFeed]:
    """Raises ``UnreadableImport``, also when it cannot tell the format."""
    with _in_words():
        source = Source(path)
    try:
        with _in_words():
            if feed_format is None:
                feed_format = "mapped" if mapping is not None else recognise(source)
            reader = _reader(source, terms, feed_format, mapping)
        yield OpenFeed(source, feed_format, reader)
    finally:
        source.close()


def recognise(source: Source) -> FeedFormat:
    """By content, and by the name where two formats look alike."""
    head = source.head_text.lstrip()
    suffixes = {suffix.lower() for suffix in source.path.suffixes}
    if head.startswith("<"):
        page = _HTML.search(head) and not _FEED_ROOT.match(head)
        return "json-ld" if page else "google-xml"
    if head.startswith(("{", "[")):
        linked = ".jsonld" in suffixes or _LINKED.search(head)
        return "json-ld" if linked else "jsonl"
    header = header_of(head)
    if is_shopify_header(header):
        return "shopify-csv"
    return "google-tsv" if is_google_header(header) else "csv"


def _reader(
    source: Source,
    terms: ReadingTerms,
    feed_format: FeedFormat,
    mapping: ColumnMapping | None,
) -> FeedReader:
    if mapping is not None and feed_format != "mapped":
        raise InvalidMapping(f"A mapping goes with a table of its own, not with {feed_format}.")
    if feed_format == "mapped":
        if mapping is None:
            raise InvalidMapping("The format 'mapped' needs a mapping file.")
        return MappedTable(source, mapping)
    return _READERS[feed_format](source, terms)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableImport(f"The file cannot be read to its end: {error}.") from error
    except UnicodeDecodeError as error:
        raise UnreadableImport(f"The file is not text in {error.encoding}.") from error
    except UnicodeError as error:
        raise UnreadableImport("The file is not text in the encoding it claims.") from error
