"""More than a hundred product files that are broken in ways feeds are."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

GOOD = {"id": "good", "title": "Good", "price": "1.00"}


@dataclass(frozen=True)
class Broken:
    """``column`` is where the one bad row must be said to be wrong; None: the file is refused.

    ``taken`` tells whether the good row beside it comes into the shop.
    """

    name: str
    content: bytes
    column: str | None = None
    row: int = 2
    taken: bool = True


NATIVE = ("id", "title", "price", "stock", "currency", "image_url", "allergens")
_COLUMNS = {
    "csv": dict(zip(NATIVE, NATIVE, strict=True)),
    "jsonl": dict(zip(NATIVE, NATIVE, strict=True)),
    "google-tsv": {"id": "id", "title": "title", "price": "price", "image_url": "image link"},
    "google-xml": {
        "id": "g:id", "title": "g:title", "price": "g:price", "image_url": "g:image_link",
    },
    "shopify-csv": {
        "id": "Variant SKU", "title": "Title", "price": "Variant Price", "image_url": "Image Src",
    },
    "json-ld": {
        "id": "sku", "title": "name", "price": "offers.price", "image_url": "image",
        "currency": "offers.priceCurrency",
    },
}  # fmt: skip
_BAD_ROWS = {
    "negative price": ("price", {"price": "-2.00"}),
    "no price": ("price", {"price": ""}),
    "free": ("price", {"price": "0"}),
    "price in words": ("price", {"price": "cheap"}),
    "price too exact": ("price", {"price": "1.999"}),
    "endless price": ("price", {"price": "9" * 30}),
    "NaN": ("price", {"price": "NaN"}),
    "no title": ("title", {"title": ""}),
    "NUL in the title": ("title", {"title": "B\0d"}),
    "title of a megabyte": ("title", {"title": "x" * 1_000_000}),
    "title of 600 letters": ("title", {"title": "long " * 120}),
    "id with blanks": ("id", {"id": "b a d"}),
    "id with a tab": ("id", {"id": "b\\td#"}),
    "script as picture": ("image_url", {"image_url": "javascript:alert(1)"}),
    "same id": ("id", {"id": "good"}),
}


def broken_feeds() -> Iterator[Broken]:
    for kind in _COLUMNS:
        for name, (field, change) in _BAD_ROWS.items():
            if kind == "shopify-csv" and name == "no title":
                continue  # a row that continues the one above it
            if kind == "google-xml" and "NUL" in name:
                continue  # no XML: below
            bad = {"id": "bad", "title": "Bad", "price": "2.00"} | change
            yield _row(f"{kind}: {name}", kind, bad, field)
        yield from _cut_off(kind)
        yield from _wrong_encoding(kind)
    yield from _wrong_currency()
    yield from _hostile_xml()
    yield from _no_feeds()


def _row(name: str, kind: str, bad: dict[str, str], field: str) -> Broken:
    column = _COLUMNS[kind].get(field, field)
    if "megabyte" in name and kind in {"csv", "google-tsv", "shopify-csv"}:
        column = "record"
    return Broken(name, document(kind, [GOOD, bad]), column)


def document(kind: str, rows: list[dict[str, str]]) -> bytes:
    """The rows in a format, as its programs write it."""
    columns = _COLUMNS[kind]
    if kind == "jsonl":
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    if kind == "json-ld":
        return json.dumps([_json_ld(row) for row in rows], indent=1).encode()
    if kind == "google-xml":
        items = ["".join(f"<{columns[k]}>{v}</{columns[k]}>" for k, v in row.items()) for row in rows]  # fmt: skip  # noqa: E501
        body = "".join(f"<item>{item}</item>\n" for item in items)
        head = '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>'
        return f"{head}{body}</channel></rss>".encode()
    names = list(columns.values())
    separator = "\t" if kind == "google-tsv" else ","
    if kind == "shopify-csv":
        names += ["Handle", "Vendor"]
        rows = [row | {"Handle": row["id"].replace(" ", "-")} for row in rows]
    lines = [separator.join(names)]
    by_column = {column: field for field, column in columns.items()}
    lines += [separator.join(row.get(by_column.get(name, name), "") for name in names) for row in rows]  # fmt: skip  # noqa: E501
    return "\n".join(lines).encode() + b"\n"


def _json_ld(row: dict[str, str]) -> dict[str, object]:
    price = {"price": row["price"], "priceCurrency": row.get("currency", "USD")}
    return {
        "@type": "Product", "sku": row["id"], "name": row["title"], "offers": price,
        "image": row.get("image_url", ""),
    }  # fmt: skip


def _cut_off(kind: str) -> Iterator[Broken]:
    whole = document(kind, [GOOD, {"id": "bad", "title": "Bad", "price": "2.00"}])
    cut = whole.rstrip()[:-4]
    if kind == "jsonl":
        yield Broken(f"{kind}: cut off", cut[:-10], "character 33")
    elif kind in {"google-xml", "json-ld"}:
        yield Broken(f"{kind}: cut off", cut)
    else:
        quoted = whole.replace(b"Bad", b'"Bad')
        yield Broken(f"{kind}: cut off in a quoted cell", quoted)
        few = b"\n".join([*whole.splitlines()[:2], b"bad"])
        many = whole[:-1] + (b"\tx" if kind == "google-tsv" else b",x")
        yield Broken(f"{kind}: too few cells", few, "record")
        yield Broken(f"{kind}: too many cells", many, "record")
        yield Broken(f"{kind}: header only of blanks", b"\n  \n \n")
        header = whole.splitlines()[0]
        yield Broken(f"{kind}: a column twice", header + b"," + header)
    yield Broken(f"{kind}: gzip cut off", gzip.compress(whole * 50, mtime=0)[:-9])
    yield Broken(f"{kind}: empty", b"")
    yield Broken(f"{kind}: blank", b" \n\n")


def _wrong_encoding(kind: str) -> Iterator[Broken]:
    whole = document(kind, [GOOD, {"id": "bad", "title": "Cafe", "price": "2.00"}])
    latin = whole.replace(b"Cafe", b"Caf\xe9")
    if kind == "jsonl":
        yield Broken(f"{kind}: latin-1", latin, "character 1")
    else:
        yield Broken(f"{kind}: latin-1", latin)
    yield Broken(f"{kind}: half a UTF-16", b"\xff\xfe" + whole.decode().encode("utf-16-le")[:-1])


def _wrong_currency() -> Iterator[Broken]:
    bad = {"id": "bad", "title": "Bad", "price": "2.00", "currency": "EUR"}
    for kind in ("csv", "jsonl", "json-ld"):
        yield Broken(f"{kind}: currency", document(kind, [GOOD, bad]), _COLUMNS[kind]["currency"])
    for kind in ("google-tsv", "google-xml"):
        bad = {"id": "bad", "title": "Bad", "price": "2.00 EUR"}
        yield Broken(f"{kind}: currency", document(kind, [GOOD, bad]), _COLUMNS[kind]["price"])


def _hostile_xml() -> Iterator[Broken]:
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {one} "{f"&{other};" * 10}">'
        for one, other in zip("bcdefghi", "abcdefgh", strict=True)
    )
    files = {
        "entity bomb": f"{bomb}]><rss><channel><item><title>&i;</title></item></channel></rss>",
        "quadratic bomb": f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]><rss>{"&a;" * 500}</rss>',
        "external entity": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
        "parameter entity": '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><rss/>',
        "external document type": '<!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd"><rss/>',
        "undeclared entity": "<rss><channel><item><title>&secret;</title></item></channel></rss>",
        "too deep": "<rss>" + "<a>" * 5000 + "</a>" * 5000 + "</rss>",
        "no feed": "<catalog><product/></catalog>",
        "NUL": "<rss><channel><item><title>\0</title></item></channel></rss>",
        "wrong encoding name": '<?xml version="1.0" encoding="utf-42"?><rss/>',
        "two roots": "<rss/><rss/>",
        "crossed tags": "<rss><channel></rss></channel>",
        "undeclared prefix": "<rss><channel><item><g:id>a</g:id></item></channel></rss>",
    }
    for name, content in files.items():
        yield Broken(f"google-xml: {name}", content.encode())


def _no_feeds() -> Iterator[Broken]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("products.csv", "id,title,price\na,A,1\n")
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as tape:
        tape.addfile(tarfile.TarInfo("products.csv"), io.BytesIO())
    files = {
        "zip": packed.getvalue(),
        "tar": tar.getvalue(),
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "png": b"\x89PNG\r\n\x1a\n" + bytes(64),
        "zeros": bytes(4096),
        "noise": bytes(range(256)) * 8,
        "prose": b"Dear customer,\nthe feed has moved. Please call us.\n",
        "error page": b"<html><body><h1>502 Bad Gateway</h1></body></html>",
        "json error": b'{"error": {"code": 503}}',
        "json array": b'[{"id": "a", "title": "A", "price": "1"}]',
        "json of nothing": b"null",
        "unknown columns": b"id,title,price,margin\na,A,1,2\n",
        "no id column": b"title,price\nA,1\n",
        "gzip of noise": gzip.compress(bytes(range(256)) * 8, mtime=0),
        "a million brackets": b"[" * 1_000_000,
        "endless line": b"a" * 5_000_000,
    }
    for name, content in files.items():
        rejected = {"json error": "id"}
        yield Broken(name, content, rejected.get(name), row=1, taken=False)
