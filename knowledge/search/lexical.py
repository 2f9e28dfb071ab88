"""BM25 and IDF coverage over compressed columns of postings, in NumPy."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.search.document import Where

_K1 = 1.2
_B = 0.75
_UNKNOWN_IDF = 8.0
_NUMBER_IDF = 1.0

Floats = NDArray[np.float32]
_LEAF_STRENGTH = 0.85
_MODIFIER_STRENGTH = 0.35
_SHELF_STRENGTH = 0.2
_BODY_STRENGTH = 0.1
_SHELF_COVERAGE = 0.7
_TOLD_SHELF_COVERAGE = 0.9
_BODY_COVERAGE = 0.6


def _strength(bits: int) -> tuple[float, float]:
    """How well a term that stands there names the thing, and how far it counts as covered.

    A word that only the description has is a weaker sign than one of the title.
    """
    where = Where(bits)
    if Where.HEAD in where:
        return 1.0, 1.0
    if Where.LEAF in where:
        return _LEAF_STRENGTH, 1.0
    if where & (Where.TITLE | Where.BRAND):
        return _MODIFIER_STRENGTH, 1.0
    if Where.CATEGORY in where:
        told = Where.BODY in where
        return _SHELF_STRENGTH, _TOLD_SHELF_COVERAGE if told else _SHELF_COVERAGE
    return _BODY_STRENGTH, _BODY_COVERAGE


_HEADNESS, _COVERED = np.array([_strength(bits) for bits in range(64)], dtype=np.float32).T


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
        self._places = np.asarray(places, dtype=np.uint8)[order]
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

    def score(self, weights: Mapping[str, float], head: str | None) -> LexicalScores:
        """Score all documents for terms with their IDF; ``head`` names what is asked for."""
        bm25 = np.zeros(self.size, dtype=np.float32)
        coverage = np.zeros(self.size, dtype=np.float32)
        headness = np.zeros(self.size, dtype=np.float32)
        total = sum(weights.values()) or 1.0
        for term, idf in weights.items():
            number = self.term_ids.get(term)
            if number is None:
                continue
            part = slice(self._starts[number], self._starts[number + 1])
            rows, places = self._rows[part], self._places[part]
            bm25[rows] += np.float32(idf) * self._weights[part]
            coverage[rows] += np.float32(idf / total) * _COVERED[places]
            if term == head:
                headness[rows] = _HEADNESS[places]
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
