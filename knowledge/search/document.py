"""What of a product is searched: its fields as terms, what names it, the text to embed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntFlag
from itertools import chain

from knowledge.catalog.models import Product
from knowledge.search.naming import Naming, absent_terms, compound, naming
from knowledge.search.text import CLOSED_CLASS, is_size, repeated_terms, stem, terms, words

_SEVERAL = re.compile(r"[&,/]|\band\b")  # a shelf of several kinds names none of its products
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
    KIND = 64
    """Things of its kind are called so, even if it does not say it: almonds are nuts."""
    UNUSUAL = 128
    """It is named so, but is not what the plain word asks for first."""
    ABSENT = 256
    """It is said to be free of that."""


_KIND_WEIGHT = 1.0

# How much a term counts by where it stands; titles say what a thing is, descriptions what it
# goes with. Chosen on tests/knowledge/search/judgments.
_WEIGHTS = {
    Where.TITLE: 2.0,
    Where.BRAND: 1.0,
    Where.CATEGORY: 1.0,
    Where.BODY: 0.4,
}


def postings(product: Product, named: Naming | None = None) -> dict[str, tuple[float, int]]:
    """Each term of a product with its weighted frequency and where it stands.

    ``named`` is its ``naming``, where the caller has it already.
    """
    named = naming(product) if named is None else named
    found: dict[str, tuple[float, int]] = {}
    absent: set[str] = set()
    for said, weight, bit in _said(product):
        absent |= absent_terms(said)
        once = (weight, bit)
        for term in said:
            if term in found:
                frequency, places = found[term]
                found[term] = (frequency + weight, places | bit)
            elif term not in CLOSED_CLASS:
                found[term] = once
    unusual = Where.UNUSUAL if named.unusual else Where(0)
    shelf = product.category[-1] if product.category else ""
    if (called := repeated_terms(shelf)) and not _SEVERAL.search(shelf):
        _mark(found, called[:-1], Where.TITLE)  # as good as said: plant drinks are drinks of plants
        _mark(found, (compound(called, called[-1]),), Where.LEAF | unusual)
    for head in named.heads:
        if " " in head:
            found[head] = (0.0, 0)  # so that it can be asked for as one name
            last = head.rpartition(" ")[2]
            frequency, places = found[last]
            found[last] = (frequency, places & ~int(Where.TITLE) | int(Where.BODY))
    _mark(found, named.heads, Where.HEAD | unusual)
    for name in named.also:
        for place, term in enumerate((*name[:-1], compound(name, name[-1]))):
            frequency, places = found.get(term, (0.0, 0))
            bit = Where.KIND | unusual if place == len(name) - 1 else Where.TITLE
            found[term] = (frequency + _KIND_WEIGHT, places | int(bit))
    _mark(found, absent.difference(named.heads), Where.ABSENT)
    return found


def _said(product: Product) -> Iterator[tuple[Sequence[str], float, int]]:
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


def _mark(found: dict[str, tuple[float, int]], marked: Iterable[str], where: Where) -> None:
    bit = int(where)
    for term in marked:
        if term in found:
            frequency, places = found[term]
            found[term] = (frequency, places | bit)


def title_phrase(product: Product) -> list[str]:
    """Title words as written, without brand and sizes."""
    brand = repeated_terms(product.brand or "")
    return [word for word in words(product.title) if stem(word) not in brand and not is_size(word)]


def embedding_text(product: Product) -> str:
    """The text a product's vector is made from."""
    parts = [product.title, product.brand or "", " ".join(product.category)]
    parts += [(product.description or "")[:_EMBEDDED_DESCRIPTION], " ".join(product.labels)]
    return ". ".join(part for part in parts if part)
