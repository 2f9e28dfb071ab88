"""Reads the products CSV of Shopify in both dialects of its header, one product a variant.

Source: help.shopify.com, "Using CSV files to import and export products", read in 2026.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from knowledge.catalog.feeds.rows import FeedRow, Record
from knowledge.catalog.feeds.source import Source
from knowledge.catalog.feeds.tables import Table
from knowledge.catalog.feeds.wording import plain_text
from knowledge.catalog.import_report import UnreadableImport
from knowledge.catalog.units import parse_size

# Our short name: the column in the new dialect, then in the old one. Case does not matter.
_COLUMNS = {
    "handle": ("url handle", "handle"),
    "title": ("title",),
    "body": ("description", "body (html)", "body html"),
    "vendor": ("vendor",),
    "category": ("product category", "standardized product type"),
    "type": ("type", "custom product type"),
    "tags": ("tags",),
    "published": ("published on online store", "published"),
    "status": ("status",),
    "sku": ("sku", "variant sku"),
    "barcode": ("barcode", "variant barcode"),
    "price": ("price", "variant price"),
    "compare": ("compare-at price", "variant compare at price"),
    "tracker": ("inventory tracker", "variant inventory tracker"),
    "quantity": ("inventory quantity", "variant inventory qty"),
    "policy": ("continue selling when out of stock", "variant inventory policy"),
    "grams": ("weight value (grams)", "variant grams"),
    "measure": ("unit price total measure",),
    "measure_unit": ("unit price total measure unit",),
    "image": ("product image url", "image src"),
    "variant_image": ("variant image url", "variant image"),
    "gift": ("gift card",),
    **{
        f"option{number}_{part}": (f"option{number} {part}",)
        for number in (1, 2, 3)
        for part in ("name", "value")
    },
}
_FIELDS = {
    "id": "sku", "title": "title", "price": "price", "gtin": "barcode", "group_id": "handle",
    "description": "body", "brand": "vendor", "category": "category", "stock": "quantity",
    "image_url": "image", "size": "grams", "options": "option1_value", "attributes": "compare",
}  # fmt: skip
_NO_OPTION = "Default Title"
_NO = frozenset({"false", "no", "0", "deny"})
_YES = frozenset({"true", "yes", "1", "continue"})
_HIDDEN = frozenset({"draft", "archived", "unlisted"})
_NOT_IN_IDS = re.compile(r"[^0-9A-Za-z_.-]+")
_CATEGORY_LENGTH = 255
Cells = dict[str, str]


@dataclass(slots=True)
class _Parent:
    """What the rows of one handle share; only the first has it."""

    handle: str
    cells: Cells
    names: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> bool:
        return (
            self.cells.get("status", "").lower() in _HIDDEN
            or self.cells.get("published", "").lower() in _NO
            or self.cells.get("gift", "").lower() in _YES
        )


class ShopifyTable:
    """Rows are those below the header; a continuation row is a variant, or only a picture."""

    def __init__(self, source: Source) -> None:
        self._table = Table(source)
        self._places = shopify_places(self._table.header)
        if "title" not in self._places or "price" not in self._places:
            raise UnreadableImport("The header of the Shopify file lacks Title or a price.")
        self.columns: Mapping[str, str] = {
            field: self._places[name] for field, name in _FIELDS.items() if name in self._places
        }

    def rows(self) -> Iterator[FeedRow]:
        places = list(self._places.items())
        parent: _Parent | None = None
        for number, written, problem in self._table.rows():
            if written is None:
                yield FeedRow(number, None, ("", problem))
                continue
            cells = {name: cell for name, column in places if (cell := written[column].strip())}
            handle = cells.get("handle") or _slug(cells.get("title", ""))
            if "title" in cells:
                parent = _Parent(handle, cells, _option_names(cells))
            elif parent is None or handle not in {parent.handle, ""}:
                lost = f"continues {handle!r}, which is not the product above it"
                yield FeedRow(number, None, (self._places.get("handle", "Title"), lost))
                continue
            elif not (cells.keys() & {"price", "sku", "option1_value"}):
                continue
            yield FeedRow(number, _record(parent, cells), None, parent.hidden)


def shopify_places(header: list[str]) -> dict[str, str]:
    """The columns as written, by our short names."""
    lower = {" ".join(name.lower().split()): name for name in header}
    return {
        short: lower[known]
        for short, names in _COLUMNS.items()
        for known in names[::-1]
        if known in lower
    }


def is_shopify_header(header: list[str]) -> bool:
    places = shopify_places(header)
    marks = {"body", "vendor", "option1_name", "status", "published", "sku", "tags"}
    return {"handle", "title"} <= places.keys() and bool(marks & places.keys())


def _option_names(cells: Cells) -> list[str]:
    return [cells.get(f"option{number}_name", "") for number in (1, 2, 3)]


def _options(parent: _Parent, cells: Cells) -> dict[str, str]:
    found = {}
    for number, name in enumerate(parent.names, 1):
        value = cells.get(f"option{number}_value", "")
        if value and value != _NO_OPTION:
            found[name or f"Option {number}"] = value
    return found


def _record(parent: _Parent, cells: Cells) -> Record:
    shared = parent.cells
    options = _options(parent, cells)
    attributes: dict[str, str] = {}
    title = plain_text(shared["title"])
    record: Record = {
        "id": _id(parent, cells, options),
        "title": f"{title}, {' / '.join(options.values())}" if options else title,
        "options": options,
        "attributes": attributes,
        "stock": _stock(cells),
    }
    if options:
        record["group_id"] = parent.handle[:64]
    category = shared.get("category") or shared.get("type") or ""
    for name, text in (
        ("price", cells.get("price")),
        ("gtin", cells.get("barcode", "").lstrip("'").replace(" ", "")),
        ("description", plain_text(shared.get("body", ""))),
        ("brand", plain_text(shared.get("vendor", ""))),
        ("category", plain_text(category)[:_CATEGORY_LENGTH]),
        ("image_url", cells.get("variant_image") or shared.get("image")),
        ("size", _size(cells, options)),
    ):
        if text:
            record[name] = text
    if compare := cells.get("compare"):
        attributes["compare_at_price"] = compare
    if tags := shared.get("tags"):
        attributes["tags"] = plain_text(tags)
    return record


def _id(parent: _Parent, cells: Cells, options: dict[str, str]) -> str:
    if sku := cells.get("sku", "").lstrip("'"):
        return sku
    return "-".join([parent.handle, *(_slug(value) for value in options.values())])[:64]


def _slug(text: str) -> str:
    return _NOT_IN_IDS.sub("-", text.lower()).strip("-")


def _stock(cells: Cells) -> str | None:
    """None where Shopify does not count, or goes on selling."""
    quantity = cells.get("quantity")
    if quantity is None or cells.get("policy", "").lower() in _YES:
        return None
    if "tracker" not in cells:
        return None
    return "0" if quantity.startswith("-") else quantity


def _size(cells: Cells, options: dict[str, str]) -> str | None:
    measure, unit = cells.get("measure"), cells.get("measure_unit")
    if measure and unit:
        return f"{measure} {unit}"
    for value in options.values():
        if parse_size(value):
            return value
    grams = cells.get("grams", "").removesuffix(".0")
    return f"{grams} g" if grams.strip("0.") else None
