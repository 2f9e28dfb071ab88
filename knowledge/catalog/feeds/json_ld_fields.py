"""What the properties of a schema.org Product mean in our own record."""

from typing import Any

from knowledge.catalog.feeds.amounts import UnclearNumber, read_number, read_price
from knowledge.catalog.feeds.rows import ReadingTerms, Record
from knowledge.catalog.feeds.wording import plain_text

Node = dict[str, Any]
COLUMNS = {
    "id": "sku", "title": "name", "price": "offers.price", "currency": "offers.priceCurrency",
    "stock": "offers.availability", "rating": "aggregateRating.ratingValue",
    "ratings_count": "aggregateRating.reviewCount", "image_url": "image", "gtin": "gtin",
    "group_id": "productGroupID", "origin": "countryOfOrigin", "attributes": "additionalProperty",
}  # fmt: skip
_GTINS = ("gtin13", "gtin14", "gtin12", "gtin8", "gtin")
_VARIES = ("color", "size", "material", "pattern")
# Common codes of UN/CEFACT recommendation 20, as unitCode wants them.
_UNITS = {
    "GRM": "g", "KGM": "kg", "MGM": "mg", "MLT": "ml", "LTR": "l", "CLT": "cl", "DLT": "dl",
    "ONZ": "oz", "LBR": "lb", "OZA": "fl oz", "GLL": "gal", "PT": "pint", "QT": "quart",
    "C62": "pieces", "H87": "pieces", "NAR": "pieces",
}  # fmt: skip
_SOLD = frozenset({"OutOfStock", "SoldOut", "PreOrder", "PreSale", "BackOrder", "Reserved"})
_GONE = "Discontinued"
_FIVE_STARS = 5
_SECONDS_LEFT = ("OutOfStock", "SoldOut")


def types_of(node: Node) -> set[str]:
    return {_enum(one) for one in listed(node.get("@type")) if isinstance(one, str)}


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    """One or many: schema.org allows both everywhere."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def product_record(node: Node, group: Node | None, terms: ReadingTerms) -> tuple[Record, bool]:
    """Our record, and whether the maker has given the product up."""
    attributes: dict[str, str] = {}
    record: Record = {"attributes": attributes}
    shared = group or {}
    offer = _offer(node, terms.currency) or _offer(shared, terms.currency)
    if product_id := _id(node, offer):
        record["id"] = product_id
    for name, field in (
        ("name", "title"),
        ("description", "description"),
        ("category", "category"),
    ):
        if text := _text(node.get(name)) or _text(shared.get(name)):
            record[field] = plain_text(text)
    for field, value in (
        ("brand", _text(node.get("brand")) or _text(shared.get("brand"))),
        ("image_url", _text(node.get("image")) or _text(shared.get("image"))),
        ("url", _text(node.get("url")) or _text(offer.get("url"))),
        ("gtin", next((found for name in _GTINS if (found := _text(node.get(name)))), "")),
        ("origin", _text(node.get("countryOfOrigin"))),
        ("size", _size(node)),
    ):
        if value:
            record[field] = value
    hidden = _offered(record, offer, attributes)
    _rating(record, node)
    varying = {name: text for name in _VARIES if (text := _text(node.get(name)))}
    if group is not None:
        record["group_id"] = _text(group.get("productGroupID")) or _text(group.get("@id"))[-64:]
        record["group_id"] = record["group_id"] or plain_text(_text(group.get("name")))[:64] or None
        record["options"] = varying
    else:
        varying.pop("size", None)
        attributes |= varying
    for one in listed(node.get("additionalProperty")):
        if isinstance(one, dict) and (name := _text(one.get("name"))):
            attributes.setdefault(name[:64], plain_text(_text(one.get("value"))))
    if mpn := _text(node.get("mpn")):
        attributes["mpn"] = mpn
    return record, hidden


def _enum(text: str) -> str:
    """InStock of "https://schema.org/InStock", also with http, a prefix or a #."""
    return text.strip().rstrip("/").replace("#", "/").rpartition("/")[2].removeprefix("schema:")


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(value, bool):
        return ""
    if isinstance(value, str | int | float):
        return str(value).strip()
    if isinstance(value, list):
        return next((text for one in value if (text := _text(one))), "")
    if isinstance(value, dict):
        for name in ("name", "@value", "url", "contentUrl", "value", "@id"):
            if text := _text(value.get(name)):
                return text
    return ""


def _id(node: Node, offer: Node) -> str:
    for found in (node.get("sku"), node.get("productID"), offer.get("sku")):
        if text := _text(found):
            return text.removeprefix("sku:")
    for name in _GTINS:
        if text := _text(node.get(name)):
            return text
    # An address such as https://shop.example/products/oat-drink#product ends in what it is.
    address = _text(node.get("@id")) or _text(node.get("url")) or _text(offer.get("url"))
    return address.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]


def _offer(node: Node, currency: str) -> Node:
    """The one to believe: in the shop's currency and not sold out, if there is such a one."""
    found: list[Node] = []
    for one in listed(node.get("offers")):
        if not isinstance(one, dict):
            continue
        inner = [part for part in listed(one.get("offers")) if isinstance(part, dict)]
        found += inner if inner and "lowPrice" not in one else [one]

    def worse(offer: Node) -> tuple[bool, bool]:
        money = _text(_priced(offer).get("priceCurrency")).upper()
        sold = _enum(_text(offer.get("availability"))) in _SECONDS_LEFT
        return bool(money) and money != currency, sold

    return min(found, key=worse) if found else {}


def _priced(offer: Node) -> Node:
    """The price stands in the offer, or in its specification."""
    if "price" in offer or "lowPrice" in offer:
        return offer
    for one in listed(offer.get("priceSpecification")):
        if isinstance(one, dict) and "price" in one:
            return {**one, "priceCurrency": one.get("priceCurrency", offer.get("priceCurrency"))}
    return offer


def _offered(record: Record, offer: Node, attributes: dict[str, str]) -> bool:
    priced = _priced(offer)
    text = _text(priced.get("price")) or _text(priced.get("lowPrice"))
    currency = _text(priced.get("priceCurrency")).upper()
    if text:
        try:
            record["price"], written = read_price(text)
        except UnclearNumber:
            record["price"], written = text[:40], None
        currency = currency or written or ""
    if currency:
        record["currency"] = currency
    high = _text(priced.get("highPrice"))
    if high and high != text and "price" not in priced:
        attributes["price_up_to"] = high
    said = _enum(_text(offer.get("availability")))
    level = offer.get("inventoryLevel")
    if said in _SOLD:
        record["stock"] = "0"
        if said not in _SECONDS_LEFT:
            attributes["availability"] = said
    elif isinstance(level, dict) and (value := _text(level.get("value"))):
        record["stock"] = value
    return said == _GONE


def _rating(record: Record, node: Node) -> None:
    rated = node.get("aggregateRating")
    if not isinstance(rated, dict):
        return
    try:
        value = float(read_number(_text(rated.get("ratingValue"))))
        best = float(read_number(_text(rated.get("bestRating")) or str(_FIVE_STARS)))
    except UnclearNumber:
        return
    if best > 0 and 0 <= value <= best:
        record["rating"] = str(round(value * _FIVE_STARS / best, 2))
    count = _text(rated.get("reviewCount")) or _text(rated.get("ratingCount"))
    if count.isdigit():
        record["ratings_count"] = count


def _size(node: Node) -> str:
    for name in ("size", "weight", "hasMeasurement"):
        value = node.get(name)
        if isinstance(value, dict):
            unit = _text(value.get("unitText")) or _UNITS.get(_text(value.get("unitCode")), "")
            amount = _text(value.get("value"))
            if amount and unit:
                return f"{amount.removesuffix('.0')} {unit}"
        elif name != "hasMeasurement" and (text := _text(value)):
            return text
    return ""
