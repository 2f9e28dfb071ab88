"""What of a product is searched: its fields as terms, its head noun, the text to embed."""

import re
from collections.abc import Iterable, Iterator
from enum import IntFlag

from knowledge.catalog.models import Product
from knowledge.search.text import CLOSED_CLASS, is_size, stem, terms, words

_SEGMENT_END = re.compile(
    r"\s*(?:[,;:(\[/|+&]|\s[-\u2013\u2014]\s|\b(?:no|with|in|for|by|from)\b).*$", re.IGNORECASE
)
_SEVERAL = re.compile(r"[&,/]|\band\b")  # a shelf of several kinds names none of its products
_COUNTED = frozenset(
    ("piece", "pieces", "pack", "packs", "pcs", "pc", "ct", "count", "size", "ply", "rolls")
)
_EMBEDDED_DESCRIPTION = 400


class Where(IntFlag):
    """In which part of a product a term was found."""

    TITLE = 1
    HEAD = 2
    """It names what the thing is."""
    LEAF = 4
    """Its shelf is called by it, and by nothing else."""
    BRAND = 8
    CATEGORY = 16
    BODY = 32


_HEAD, _LEAF = int(Where.HEAD), int(Where.LEAF)

# How much a term counts by where it stands; titles say what a thing is, descriptions what it
# goes with. Chosen on tests/knowledge/search/judgments.
_WEIGHTS = {
    Where.TITLE: 2.0,
    Where.BRAND: 1.0,
    Where.CATEGORY: 1.0,
    Where.BODY: 0.4,
}


def postings(product: Product) -> dict[str, tuple[float, int]]:
    """Each term of a product with its weighted frequency and where it stands."""
    found: dict[str, tuple[float, int]] = {}

    def add(text: str, where: Where) -> None:
        weight, bit = _WEIGHTS[where], int(where)
        for term in terms(text):
            if term in CLOSED_CLASS:
                continue
            frequency, places = found.get(term, (0.0, 0))
            found[term] = (frequency + weight, places | bit)

    add(product.title, Where.TITLE)
    if product.brand:
        add(product.brand, Where.BRAND)
    for part in product.category:
        add(part, Where.CATEGORY)
    for text in _body(product):
        add(text, Where.BODY)
    if product.category and not _SEVERAL.search(product.category[-1]):
        _mark(found, terms(product.category[-1]), _LEAF)
    _mark(found, heads(product), _HEAD)
    return found


def _mark(found: dict[str, tuple[float, int]], marked: Iterable[str], bit: int) -> None:
    for term in marked:
        if term in found:
            frequency, places = found[term]
            found[term] = (frequency, places | bit)


def _body(product: Product) -> Iterator[str]:
    if product.description:
        yield product.description
    yield from product.labels
    yield from product.options.values()
    yield from product.attributes.values()
    for diet in product.diets:
        yield diet.replace("_", " ")


def heads(product: Product) -> list[str]:
    """The terms that name what the thing is: "drink" of "Northfield Oat Drink, Barista 1 l".

    The last word before a comma, "with" or a size, and the last one that the category names too.
    """
    named = _core(product, _SEGMENT_END.sub("", _without_brand(product)))
    named = named or _core(product, product.title)
    shelf = {term for part in product.category for term in terms(part)}
    found = named[-1:]
    for term in reversed(named):
        if term in shelf and term not in found:
            found.append(term)
            break
    return found


def _without_brand(product: Product) -> str:
    brand = product.brand or ""
    if brand and product.title.casefold().startswith(brand.casefold()):
        return product.title[len(brand) :].lstrip(" -,:")
    return product.title


def _core(product: Product, title: str) -> list[str]:
    """Title terms without brand, sizes and closed-class words."""
    brand = {stem(word) for word in words(product.brand or "")}
    return [
        stem(word)
        for word in words(title)
        if word not in CLOSED_CLASS
        and word not in _COUNTED
        and not is_size(word)
        and len(word) > 1
        and stem(word) not in brand
    ]


def title_phrase(product: Product) -> list[str]:
    """Title words as written, without brand and sizes."""
    brand = {stem(word) for word in words(product.brand or "")}
    return [word for word in words(product.title) if stem(word) not in brand and not is_size(word)]


def embedding_text(product: Product) -> str:
    """The text a product's vector is made from."""
    parts = [product.title, product.brand or "", " ".join(product.category)]
    parts += [(product.description or "")[:_EMBEDDED_DESCRIPTION], " ".join(product.labels)]
    return ". ".join(part for part in parts if part)
