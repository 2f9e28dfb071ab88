"""BM25 and IDF coverage over compressed columns of postings, in NumPy."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.search.document import Where

_K1 = 1.2
_B = 0.75
_UNKNOWN_IDF = 8.0
_NUMBER_IDF = 1.0

Floats = NDArray[np.float32]
UNUSUAL_STRENGTH = 0.7
_KIND_STRENGTH = 0.95
_LEAF_STRENGTH = 0.85
_MODIFIER_STRENGTH = 0.35
_TOLD_SHELF_STRENGTH = 0.25
SHELF_STRENGTH = 0.2
BODY_STRENGTH = 0.1
_SHELF_COVERAGE = 0.7
_TOLD_SHELF_COVERAGE = 0.9
_BODY_COVERAGE = 0.6
_ABSENT = np.uint16(Where.ABSENT)
_NAMED = Where.HEAD | Where.KIND | Where.LEAF


def _strength(bits: int) -> tuple[float, float]:
    """How well a term that stands there names the thing, and how far it counts as covered.

    A word that only the description has is a weaker sign than one of the title.
    """
    where = Where(bits)
    told = Where.BODY in where
    signs = (
        (_NAMED, UNUSUAL_STRENGTH if Where.UNUSUAL in where else None, 1.0),
        (Where.HEAD, 1.0, 1.0),
        (Where.KIND, _KIND_STRENGTH, 1.0),
        (Where.LEAF, _LEAF_STRENGTH, 1.0),
        (Where.TITLE | Where.BRAND, _MODIFIER_STRENGTH, 1.0),
        (Where.CATEGORY, _TOLD_SHELF_STRENGTH if told else None, _TOLD_SHELF_COVERAGE),
        (Where.CATEGORY, SHELF_STRENGTH, _SHELF_COVERAGE),
    )
    for sign, strength, covered in signs:
        if where & sign and strength is not None:
            return strength, covered
    return BODY_STRENGTH, _BODY_COVERAGE


_HEADNESS, _COVERED = np.array([_strength(bits) for bits in range(512)], dtype=np.float32).T


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """Per product: raw BM25, share of the query's IDF found (0 to 1), and head match (0 to 1)."""

    bm25: Floats
    coverage: Floats
    head: Floats


class LexicalIndex:
    """Immutable postings of one segment. Document frequencies are summed over segments."""

    def __init__(self, documents: Iterable[Mapping[str, tuple[float, int]]]) -> None:
        numbered: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        term_column: list[int] = []
        frequencies: list[float] = []
        places: list[int] = []
        sizes: list[int] = []
        lengths: list[float] = []
        for document in documents:
            sizes.append(len(document))
            if document:
                seen, where = zip(*document.values(), strict=True)
                term_column.extend(map(numbered.__getitem__, document))
                frequencies.extend(seen)
                places.extend(where)
                lengths.append(sum(seen))
            else:
                lengths.append(0.0)
        self.size = len(sizes)
        self.term_ids: dict[str, int] = dict(numbered)
        order = np.argsort(np.asarray(term_column, dtype=np.int32), kind="stable")
        counts = np.bincount(np.asarray(term_column, dtype=np.int64), minlength=len(self.term_ids))
        self._starts = np.concatenate(([0], np.cumsum(counts)))
        self._rows = np.repeat(np.arange(self.size, dtype=np.int32), sizes)[order]
        self._places = np.asarray(places, dtype=np.uint16)[order]
        frequency_column = np.asarray(frequencies, dtype=np.float32)[order]
        length_column = np.asarray(lengths, dtype=np.float32)
        self._average = float(length_column.mean()) if self.size else 1.0
        norm = _K1 * (1 - _B + _B * length_column / (self._average or 1.0))
        self._weights = (
            frequency_column * (_K1 + 1) / (frequency_column + norm[self._rows])
        ).astype(np.float32)

    def frequency(self, term: str) -> int:
        """In how many documents the term occurs."""
        number = self.term_ids.get(term)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])

    def rows_with(self, term: str) -> NDArray[np.int32]:
        number = self.term_ids.get(term)
        if number is None:
            return self._rows[:0]
        return self._rows[self._starts[number] : self._starts[number + 1]]

    def _postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.uint16], Floats]:
        number = self.term_ids.get(term)
        part = slice(0, 0)
        if number is not None:
            part = slice(self._starts[number], self._starts[number + 1])
        return self._rows[part], self._places[part], self._weights[part]

    def score(
        self,
        weights: Mapping[str, float],
        head: str | None,
        free_of: Collection[str] = (),
    ) -> LexicalScores:
        """Score all documents for terms with their IDF; ``head`` names what is asked for.

        Of ``free_of`` only the absence counts.
        """
        bm25 = np.zeros(self.size, dtype=np.float32)
        coverage = np.zeros(self.size, dtype=np.float32)
        headness = np.zeros(self.size, dtype=np.float32)
        total = sum(weights.values()) or 1.0
        for term, idf in weights.items():
            rows, places, seen = self._postings(term)
            # "Nut free" is about nuts only to who asks for what is free of them.
            there = (places & _ABSENT != 0) == (term in free_of)
            if not there.all():
                rows, places, seen = rows[there], places[there], seen[there]
            bm25[rows] += np.float32(idf) * seen
            coverage[rows] += np.float32(idf / total) * _COVERED[places]
        if head is not None:
            rows, places, _ = self._postings(head)
            headness[rows] = _HEADNESS[places]
            if (last := head.rpartition(" ")[2]) != head:  # here its last word names the thing
                missed = np.float32(weights.get(last, 0.0) / total * (1 - _BODY_COVERAGE))
                coverage[rows] = np.minimum(coverage[rows] + missed, 1)
        return LexicalScores(bm25, coverage, headness)


def inverse_frequencies(
    terms: Iterable[str], frequency: Mapping[str, int], documents: int
) -> dict[str, float]:
    """BM25's IDF. A word the catalog lacks weighs heavily: it is likely the point of the query."""
    weights: dict[str, float] = {}
    for term in terms:
        count = frequency.get(term, 0)
        if count:
            idf = float(np.log1p((documents - count + 0.5) / (count + 0.5)))
            weights[term] = max(idf, 0.1)
        else:
            weights[term] = _NUMBER_IDF if term[0].isdigit() else _UNKNOWN_IDF
    return weights


def insisted(weights: Mapping[str, float], on: Collection[str]) -> dict[str, float]:
    """Let no other term weigh more than those: a vegan cheese is first of all vegan."""
    most = max(weights.values(), default=0.0)
    return {term: most if term in on else idf for term, idf in weights.items()}


def softened(weights: Mapping[str, float], soft: Collection[str]) -> dict[str, float]:
    """Halve what says little of what a thing is: apples will do for red apples."""
    return {
        term: idf / 2 if term in soft and len(weights) > 1 else idf for term, idf in weights.items()
    }
