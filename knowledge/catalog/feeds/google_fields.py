"""What the attributes of Google's product data specification mean in our own record.

Source: support.google.com/merchants/answer/7052112, read in 2026.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from knowledge.catalog.feeds.amounts import UnclearNumber, read_price
from knowledge.catalog.feeds.rows import ReadingTerms, Record
from knowledge.catalog.feeds.wording import plain_text
from knowledge.catalog.units import parse_size

Attributes = Mapping[str, list[str]]
OPTIONS = ("color", "size", "material", "pattern")
"""What tells variants of a group apart."""
_SAME = {"image_link": "image_url", "link": "url", "brand": "brand", "gtin": "gtin"}
_FACTS = (
    "mpn", "gender", "age_group", "size_type", "size_system", "energy_efficiency_class",
    "multipack",
)  # fmt: skip
_AVAILABLE = {
    "in_stock": None, "available": None, "limited_availability": None, "preorder": "0",
    "backorder": "0", "out_of_stock": "0", "sold_out": "0",
}  # fmt: skip
_ADULT_AGE = 18
COLUMNS = {
    "id": "id", "title": "title", "price": "price", "currency": "price", "gtin": "gtin",
    "group_id": "item_group_id", "description": "description", "image_url": "image_link",
    "url": "link", "brand": "brand", "category": "product_type", "size": "size",
    "stock": "availability", "age_limit": "adult", "options": "item_group_id",
}  # fmt: skip
"""Our fields by the attribute they are read from."""


def plain_name(name: str) -> str:
    """Make image_link of "g:Image link"."""
    return name.strip().lower().removeprefix("g:").replace(" ", "_").replace("-", "_")


def google_record(found: Attributes, terms: ReadingTerms) -> tuple[Record, dict[str, str]]:
    """Our record, and the columns that differ from ``COLUMNS``."""
    columns: dict[str, str] = {}
    attributes: dict[str, str] = {}
    record: Record = {"attributes": attributes}
    if product_id := _first(found, "id"):
        record["id"] = product_id
    for name in ("title", "description"):
        if text := _first(found, name):
            record[name] = plain_text(text)
    for name, field in _SAME.items():
        if text := _first(found, name):
            record[field] = text.replace(" ", "") if field == "gtin" else text
    _category(record, found, columns, attributes)
    _price(record, found, terms, columns, attributes)
    _stock(record, found, attributes)
    _variant(record, found, columns, attributes)
    _others(record, found, attributes)
    return record, columns


def _others(record: Record, found: Attributes, attributes: dict[str, str]) -> None:
    condition = _first(found, "condition").lower()
    if condition and condition != "new":
        attributes["condition"] = condition
    for name in _FACTS:
        if text := _first(found, name):
            attributes[name] = text
    if _first(found, "adult").lower() in {"yes", "true", "1"}:
        record["age_limit"] = _ADULT_AGE


def _first(found: Attributes, name: str) -> str:
    values = found.get(name)
    return values[0].strip() if values else ""


def _category(
    record: Record, found: Attributes, columns: dict[str, str], attributes: dict[str, str]
) -> None:
    if path := _first(found, "product_type"):
        record["category"] = plain_text(path)
        return
    path = _first(found, "google_product_category")
    if path.isdigit():
        attributes["google_product_category"] = path
    elif path:
        record["category"] = plain_text(path)
        columns["category"] = "google_product_category"


def _price(
    record: Record,
    found: Attributes,
    terms: ReadingTerms,
    columns: dict[str, str],
    attributes: dict[str, str],
) -> None:
    text = _first(found, "price")
    if not text:
        return
    amount, currency = _amount(text)
    sale = _first(found, "sale_price")
    if sale and _in_effect(_first(found, "sale_price_effective_date"), terms.now):
        regular = amount
        amount, currency = _amount(sale)
        columns["price"] = columns["currency"] = "sale_price"
        attributes["regular_price"] = regular
    record["price"] = amount
    if currency:
        record["currency"] = currency


def _amount(text: str) -> tuple[str, str | None]:
    try:
        return read_price(text)
    except UnclearNumber:
        return text[:40], None  # the record check says what is wrong with it


def _in_effect(interval: str, now: datetime) -> bool:
    """An ISO 8601 interval; without one a sale price holds, with a broken one it does not."""
    if not interval:
        return True
    start, slash, end = interval.partition("/")
    try:
        begins, ends = _moment(start), _moment(end)
    except ValueError:
        return False
    return bool(slash) and begins <= now <= ends


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _stock(record: Record, found: Attributes, attributes: dict[str, str]) -> None:
    said = plain_name(_first(found, "availability"))
    if not said:
        return
    if said not in _AVAILABLE:
        record["stock"] = said  # no number: reported
        return
    record["stock"] = _AVAILABLE[said]
    if said in {"preorder", "backorder"}:
        attributes["availability"] = said


def _variant(
    record: Record, found: Attributes, columns: dict[str, str], attributes: dict[str, str]
) -> None:
    group = _first(found, "item_group_id")
    options = {name: text for name in OPTIONS if (text := _first(found, name))}
    if measure := _first(found, "unit_pricing_measure"):
        record["size"] = measure
        columns["size"] = "unit_pricing_measure"
    if group:
        record["group_id"] = group
        record["options"] = options
        if "size" not in record and parse_size(options.get("size", "")):
            record["size"] = options["size"]
        return
    size = options.pop("size", "")
    if size and "size" not in record:
        record["size"] = size
    elif size:
        attributes["size"] = size
    attributes |= options
