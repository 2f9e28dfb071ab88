"""Streams the items of an RSS or Atom feed out of XML that nobody has vouched for.

A document type is refused outright: with it go entities, external files and their bombs.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from knowledge.catalog.feeds.source import Source
from knowledge.catalog.import_report import UnreadableImport

GOOGLE = "http://base.google.com/ns/1.0"
MAX_TEXT = 131_072
_MAX_DEPTH = 24
_CHUNK = 1 << 16
_ITEMS = frozenset({"item", "entry"})
_ROOTS = frozenset({"rss", "feed", "RDF"})
_DECLARED = re.compile(r"""<\?xml[^>]*encoding=["']([\w.:-]+)""")


@dataclass(slots=True)
class XmlItem:
    """``texts`` and those of Google's namespace by local name.

    ``nested`` has what stands within an element that is no text, one mapping an element.
    """

    line: int
    texts: dict[str, list[str]] = field(default_factory=dict)
    google: dict[str, list[str]] = field(default_factory=dict)
    nested: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    too_long: str | None = None


class XmlItems:
    """Reads one document. Not to be used twice."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._path: list[str] = []
        self._item: XmlItem | None = None
        self._item_depth = 0
        self._text: list[str] = []
        self._length = 0
        self._inner: dict[str, str] | None = None
        self._ready: list[XmlItem] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.EntityDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser

    def __iter__(self) -> Iterator[XmlItem]:
        """Raise ``UnreadableImport`` for what is not well-formed, hostile or no feed."""
        stream = self._source.open()
        while True:
            chunk = stream.read(_CHUNK)
            self._parse(lambda chunk=chunk: self._parser.Parse(chunk, not chunk))  # type: ignore[misc]
            yield from self._ready
            self._ready.clear()
            if not chunk:
                return

    def _parse(self, work: Callable[[], object]) -> None:
        try:
            work()
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise UnreadableImport(
                f"The XML is broken in line {error.lineno}, column {error.offset + 1}: {reason}."
            ) from error
        except (LookupError, ValueError, UnicodeError) as error:
            declared = _DECLARED.search(self._source.head_text)
            name = declared[1] if declared else "?"
            raise UnreadableImport(f"The XML is in an encoding we do not read: {name}.") from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _MAX_DEPTH:
            self._fail("elements are nested too deeply")
        namespace, _, name = tag.rpartition(" ")
        if not self._path and name not in _ROOTS:
            self._fail(f"its root is {name[:40]!r}, not an RSS or Atom feed")
        self._path.append(name)
        if self._item is None:
            if name in _ITEMS:
                self._item = XmlItem(self._parser.CurrentLineNumber)
                self._item_depth = len(self._path)
            return
        depth = len(self._path) - self._item_depth
        if depth == 1:
            self._inner = None
            self._clear()
            bare = name == "link" and namespace != GOOGLE
            if bare and "href" in attributes and attributes.get("rel", "alternate") == "alternate":
                self._item.texts.setdefault("link", []).append(attributes["href"])
        elif depth == 2:  # noqa: PLR2004 - an element within one of the item's
            if self._inner is None:
                self._inner = {}
            self._clear()

    def _end(self, tag: str) -> None:
        namespace, _, name = tag.rpartition(" ")
        item = self._item
        if item is not None:
            depth = len(self._path) - self._item_depth
            if depth == 0:
                self._ready.append(item)
                self._item = None
            elif depth == 1:
                self._take(item, namespace, name)
            elif depth == 2 and self._inner is not None:  # noqa: PLR2004
                self._inner[name] = "".join(self._text).strip()
                self._clear()
        self._path.pop()

    def _take(self, item: XmlItem, namespace: str, name: str) -> None:
        if self._inner is not None:
            item.nested.setdefault(name, []).append(self._inner)
            self._inner = None
        elif text := "".join(self._text).strip():
            places = item.google if namespace == GOOGLE else item.texts
            places.setdefault(name, []).append(text)
        if self._length > MAX_TEXT:
            item.too_long = name
        self._clear()

    def _characters(self, text: str) -> None:
        if self._item is None:
            return
        self._length += len(text)
        if self._length <= MAX_TEXT:
            self._text.append(text)

    def _clear(self) -> None:
        self._text.clear()
        self._length = 0

    def _fail(self, reason: str) -> NoReturn:
        raise UnreadableImport(
            f"The XML cannot be used (line {self._parser.CurrentLineNumber}): {reason}."
        )


def _refuse_doctype(*_: object) -> NoReturn:
    raise UnreadableImport(
        "The XML declares a document type or entities. Feeds need none, and they can be used to "
        "do harm, so the file is refused."
    )
