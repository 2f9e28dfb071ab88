"""What of a product is searched: its fields as terms, its head noun, the text to embed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntFlag
from itertools import chain

from knowledge.catalog.models import Product
from knowledge.search.text import CLOSED_CLASS, is_size, repeated_terms, stem, terms, words

_SEGMENT_END = re.compile(
    r"\s*(?:[,;:(\[/|+&]|\s[-\u2013\u2014]\s|\b(?:no|with|in|for|by|from)\b).*$", re.IGNORECASE
)
_SEVERAL = re.compile(r"[&,/]|\band\b")  # a shelf of several kinds names none of its products
_COUNTED = frozenset(
    ("piece", "pieces", "pack", "packs", "pcs", "pc", "ct", "count", "size", "ply", "rolls")
)
_NO_CORE = CLOSED_CLASS | _COUNTED
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


def postings(product: Product, named: Sequence[str] | None = None) -> dict[str, tuple[float, int]]:
    """Each term of a product with its weighted frequency and where it stands.

    ``named`` are its ``heads``, where the caller has them already.
    """
    found: dict[str, tuple[float, int]] = {}
    for said, weight, bit in _said(product):
        once = (weight, bit)
        for term in said:
            if term in found:
                frequency, places = found[term]
                found[term] = (frequency + weight, places | bit)
            elif term not in CLOSED_CLASS:
                found[term] = once
    if product.category and not _SEVERAL.search(product.category[-1]):
        _mark(found, repeated_terms(product.category[-1]), _LEAF)
    _mark(found, heads(product) if named is None else named, _HEAD)
    return found


def _said(product: Product) -> Iterator[tuple[Iterable[str], float, int]]:
    """The terms of each field, what they count, and their bit of ``Where``."""
    weight, bit = _WEIGHTS[Where.TITLE], int(Where.TITLE)
    yield terms(product.title), weight, bit
    weight, bit = _WEIGHTS[Where.BRAND], int(Where.BRAND)
    if product.brand:
        yield repeated_terms(product.brand), weight, bit
    weight, bit = _WEIGHTS[Where.CATEGORY], int(Where.CATEGORY)
    for part in product.category:
        yield repeated_terms(part), weight, bit
    weight, bit = _WEIGHTS[Where.BODY], int(Where.BODY)
    if product.description:
        yield terms(product.description), weight, bit
    facts = (product.labels, product.diets, product.options.values(), product.attributes.values())
    for fact in chain(*facts):
        yield repeated_terms(fact.replace("_", " ")), weight, bit


def _mark(found: dict[str, tuple[float, int]], marked: Iterable[str], bit: int) -> None:
    for term in marked:
        if term in found:
            frequency, places = found[term]
            found[term] = (frequency, places | bit)


def heads(product: Product) -> list[str]:
    """The terms that name what the thing is: "drink" of "Northfield Oat Drink, Barista 1 l".

    The last word before a comma, "with" or a size, and the last one that the category names too.
    """
    named = _core(product, _SEGMENT_END.sub("", _without_brand(product)))
    named = named or _core(product, product.title)
    shelf = {term for part in product.category for term in repeated_terms(part)}
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
    brand = repeated_terms(product.brand or "")
    return [
        term
        for word in words(title)
        if word not in _NO_CORE
        and not is_size(word)
        and len(word) > 1
        and (term := stem(word)) not in brand
    ]


def title_phrase(product: Product) -> list[str]:
    """Title words as written, without brand and sizes."""
    brand = repeated_terms(product.brand or "")
    return [word for word in words(product.title) if stem(word) not in brand and not is_size(word)]


def embedding_text(product: Product) -> str:
    """The text a product's vector is made from."""
    parts = [product.title, product.brand or "", " ".join(product.category)]
    parts += [(product.description or "")[:_EMBEDDED_DESCRIPTION], " ".join(product.labels)]
    return ". ".join(part for part in parts if part)
