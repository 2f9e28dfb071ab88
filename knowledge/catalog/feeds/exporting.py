"""Writes the catalog to a file, product by product, in our own formats or as a Google feed."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TextIO
from xml.sax.saxutils import escape

import orjson

from knowledge.catalog.enrichment.filling import without
from knowledge.catalog.feeds.google_writing import TSV_COLUMNS, google_attributes
from knowledge.catalog.feeds.xml_items import GOOGLE
from knowledge.catalog.models import Product
from knowledge.catalog.record import (
    DECLARED_NONE,
    LIST_FIELDS,
    LIST_SEPARATOR,
    NUTRITION_FIELDS,
    OBJECT_FIELDS,
    PRODUCT_FIELDS,
    ProductRecord,
)

ExportFormat = Literal["jsonl", "csv", "google-xml", "google-tsv"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = ("jsonl", "csv", "google-xml", "google-tsv")
Products = Callable[[], Iterable[Product]]
"""Starts from the first product each time: a CSV needs to know its columns before."""
_DEFAULTS = {"sell_by": "each", "step": "1"}
_NOT_IN_XML = dict.fromkeys([*range(0x20), 0x7F, 0xFFFE, 0xFFFF])
for _kept in "\t\n\r":
    del _NOT_IN_XML[ord(_kept)]


@dataclass(frozen=True, slots=True)
class ExportTerms:
    """``address`` is what links and pictures of this shop begin with, without a last slash."""

    format: ExportFormat
    shop_name: str
    address: str = ""


def export(products: Products, terms: ExportTerms, out: TextIO) -> int:
    """Write what owners said of all products; facts of other sources stay here. Returns how many.

    ``out`` must be opened with newline="".
    """
    match terms.format:
        case "jsonl":
            return _jsonl(_own(products), out)
        case "csv":
            return _csv(lambda: _own(products), out)
        case "google-xml":
            return _google_xml(_own(products), terms, out)
        case "google-tsv":
            return _google_tsv(_own(products), terms, out)


def native_record(product: Product) -> dict[str, Any]:
    """The JSON object of a product, without what is unknown or usual."""
    dumped = ProductRecord.from_product(product).model_dump(mode="json", exclude_none=True)
    return {
        name: value
        for name, value in dumped.items()
        if _says_something(name, value) and _DEFAULTS.get(name) != value
    }


def _own(products: Products) -> Iterator[Product]:
    return (without(product) for product in products())


def _says_something(name: str, value: object) -> bool:
    """An empty list of allergens is a declaration."""
    return name in {"allergens", "traces"} or value not in ({}, [], "")


def _jsonl(products: Iterable[Product], out: TextIO) -> int:
    count = 0
    for count, product in enumerate(products, 1):  # noqa: B007 - counts
        out.write(orjson.dumps(native_record(product)).decode() + "\n")
    return count


def _csv(products: Products, out: TextIO) -> int:
    columns = _columns(products())
    table = csv.writer(out, lineterminator="\n")
    table.writerow(columns)
    count = 0
    for count, product in enumerate(products(), 1):  # noqa: B007 - counts
        record = native_record(product)
        table.writerow([_cell(record, name) for name in columns])
    return count


def _columns(products: Iterable[Product]) -> list[str]:
    """Options and attributes are columns of their own: as many as there are names."""
    free: dict[str, dict[str, None]] = {"options": {}, "attributes": {}}
    for product in products:
        free["options"].update(dict.fromkeys(product.options))
        free["attributes"].update(dict.fromkeys(product.attributes))
    columns = [name for name in PRODUCT_FIELDS if name not in OBJECT_FIELDS]
    columns += [f"nutrition.{name}" for name in NUTRITION_FIELDS]
    return columns + [f"{field}.{name}" for field, names in free.items() for name in names]


def _cell(record: dict[str, Any], column: str) -> str:
    head, dot, rest = column.partition(".")
    value = record.get(head, {}).get(rest) if dot else record.get(head)
    if value is None:
        return ""
    if head in LIST_FIELDS:
        return LIST_SEPARATOR.join(value) or DECLARED_NONE
    return str(value)


def _google_xml(products: Iterable[Product], terms: ExportTerms, out: TextIO) -> int:
    title = _xml(terms.shop_name)
    link = _xml(terms.address or "https://shop.example")
    out.write(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="{GOOGLE}">\n'
        f"<channel><title>{title}</title><link>{link}</link>"
        f"<description>Products of {title}</description>\n"
    )
    count = 0
    for count, product in enumerate(products, 1):  # noqa: B007 - counts
        attributes = google_attributes(product, terms.address)
        parts = [f"<g:{name}>{_xml(text)}</g:{name}>" for name, text in attributes.items()]
        parts += [
            "<g:product_detail><g:section_name>Product</g:section_name>"
            f"<g:attribute_name>{_xml(name)}</g:attribute_name>"
            f"<g:attribute_value>{_xml(value)}</g:attribute_value></g:product_detail>"
            for name, value in product.attributes.items()
            if name not in attributes
            and not (name == "regular_price" and "sale_price" in attributes)
        ]
        out.write(f"<item>{''.join(parts)}</item>\n")
    out.write("</channel></rss>\n")
    return count


def _xml(text: str) -> str:
    return escape(text.translate(_NOT_IN_XML))


def _google_tsv(products: Iterable[Product], terms: ExportTerms, out: TextIO) -> int:
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(TSV_COLUMNS)
    count = 0
    for count, product in enumerate(products, 1):  # noqa: B007 - counts
        attributes = google_attributes(product, terms.address)
        table.writerow([" ".join(attributes.get(name, "").split()) for name in TSV_COLUMNS])
    return count
