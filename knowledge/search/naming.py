"""Finds what a title names: the noun it ends in, what that is also called, what it is not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from knowledge.catalog.models import Product
from knowledge.scoring.tables import read_table
from knowledge.search.text import CLOSED_CLASS, is_size, repeated_terms, stem, terms, words

_FILE = Path(__file__).with_name("kinds.yaml")
_SEGMENT_END = re.compile(
    r"\s*(?:[,;:(\[/|+]|\s[-\u2013\u2014]\s|\b(?:no|zero|with|in|for|by|from)\b).*$", re.IGNORECASE
)
_JOINED = re.compile(r"\s(?:&|and)\s", re.IGNORECASE)
_COUNTED = frozenset(
    ("piece", "pieces", "pack", "packs", "pcs", "pc", "ct", "count", "size", "ply", "rolls")
)
_STATES = frozenset(
    (
        "style",
        "original",
        "plain",
        "classic",
        "unsweetened",
        "grated",
        "variety",
        "assorted",
        "spf",
        "brut",
        "rigate",
    )
)
_NO_CORE = CLOSED_CLASS | _COUNTED | _STATES
_FREE, _NON = "free", "non"
Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """``heads`` name the thing; two words that are one name are one of them, with a space.

    ``also`` are other names of its kind, which the title need not say. ``unusual`` things are not
    what their plain name asks for first.
    """

    heads: Terms
    also: tuple[Terms, ...]
    unusual: bool


@dataclass(frozen=True, slots=True)
class Kinds:
    """The table of kinds, in terms."""

    also: Mapping[str, tuple[Terms, ...]]
    compounds: frozenset[str]
    forms: frozenset[str]
    flavored: frozenset[str]
    flavors: frozenset[str]
    unusual: frozenset[str]
    soft: frozenset[str]


@lru_cache(maxsize=1)
def kinds() -> Kinds:
    table = read_table(_FILE)
    also: dict[str, list[Terms]] = {}
    for name, narrower in table["also"].items():
        for one in narrower:
            also.setdefault(" ".join(terms(one)), []).append(tuple(terms(name)))
    return Kinds(
        {name: tuple(others) for name, others in also.items()},
        frozenset(" ".join(terms(name)) for name in table["compounds"]),
        *(_stems(table[part]) for part in ("forms", "flavored", "flavors", "unusual", "soft")),
    )


def _stems(listed: Iterable[str]) -> frozenset[str]:
    return frozenset(map(stem, listed))


def heads(product: Product) -> list[str]:
    """The terms that name what the thing is: "drink" of "Northfield Oat Drink, Barista 1 l"."""
    return list(dict.fromkeys(head.rpartition(" ")[2] for head in naming(product).heads))


def naming(product: Product) -> Naming:
    """Read the title: the last noun before a comma, "with" or a size names the thing.

    So does the last one that the category names too. A flavor said after the noun does not.
    """
    table = kinds()
    core, border = _core_of(product)
    shelf = {term for part in product.category for term in repeated_terms(part)}
    places = [
        one for place in _places(core, border, table) for one in _with_forms(core, place, table)
    ]
    shelved = (place for place in range(len(core) - 1, -1, -1) if core[place] in shelf)
    places += [place for place in islice(shelved, 1) if place not in places]
    found: dict[str, None] = {}
    also: dict[Terms, None] = {}
    for place in places:
        found[_name(core, place, table)] = None
        for called in (" ".join(core[max(place - 1, 0) : place + 1]), core[place]):
            also.update(dict.fromkeys(table.also.get(called, ())))
    said = terms(product.title)
    return Naming(
        tuple(found),
        tuple(also),
        not (table.unusual.isdisjoint(said) and table.unusual.isdisjoint(shelf)),
    )


def compound(said: Sequence[str], head: str) -> str:
    """The two words that are one name, where the head is the second of them; else the head."""
    place = len(said) - 1 - said[::-1].index(head)
    return _name(said, place, kinds())


def _name(core: Sequence[str], place: int, table: Kinds) -> str:
    pair = " ".join(core[place - 1 : place + 1]) if place else ""
    return pair if pair in table.compounds else core[place]


def _places(core: Sequence[str], border: int, table: Kinds) -> Iterable[int]:
    """Where the naming nouns stand; ``border`` is how many terms stand before an "and"."""
    last = len(core) - 1
    if last < 0:
        return
    if core[last] in table.flavors:
        for place in range(last - 1, -1, -1):
            if core[place] in table.flavored:
                yield place
                return
    yield last
    if border == last and border:  # "wash & shampoo", but not "salt & vinegar chips"
        yield border - 1


def _with_forms(core: Sequence[str], place: int, table: Kinds) -> Iterable[int]:
    yield place
    while place and core[place] in table.forms:
        place -= 1
        yield place


def absent_terms(said: Sequence[str]) -> frozenset[str]:
    """What is said before "free" or after "non"; not so in "free range"."""
    if _FREE not in said and _NON not in said:
        return frozenset()
    places = zip(said, said[1:], [*said[2:], ""], strict=False)
    return frozenset(
        two if one == _NON else one
        for one, two, three in places
        if one == _NON or (two == _FREE and three != "range")
    )


def _core_of(product: Product) -> tuple[list[str], int]:
    """Title terms without brand, sizes and closed-class words, and how many precede an "and"."""
    title = _without_brand(product)
    named = _SEGMENT_END.sub("", title)
    before = _JOINED.split(named)
    brand = repeated_terms(product.brand or "")
    parts = [_core(part, brand) for part in before]
    core = [term for part in parts for term in part]
    if core[-1:] == [_FREE]:
        core, parts = core[:-2], []
    if not core:
        core, parts = _core(product.title, brand), []
    return core, len(core) - len(parts[-1]) if parts[1:] else 0


def _without_brand(product: Product) -> str:
    brand = product.brand or ""
    if brand and product.title.casefold().startswith(brand.casefold()):
        return product.title[len(brand) :].lstrip(" -,:")
    return product.title


def _core(title: str, brand: Sequence[str]) -> list[str]:
    return [
        term
        for word in words(title)
        if word not in _NO_CORE
        and not is_size(word)
        and len(word) > 1
        and (term := stem(word)) not in brand
    ]
