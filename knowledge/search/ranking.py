"""Scores every product of a snapshot for a query and says which are relevant at all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.search.fusion import fused_score, lexical_score
from knowledge.search.lexical import inverse_frequencies
from knowledge.search.masks import rows_with
from knowledge.search.query import Query
from knowledge.search.snapshot import Snapshot

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_LEAST_COVERAGE = 0.5
_SOME = 0.3
_OF_BEST_COVERAGE = 0.75
_OF_BEST_SCORE = 0.4
_NEAR_ENOUGH = 0.6
_ON_TOPIC_HEAD = 0.8
_ON_TOPIC_SCORE = 0.6
_SHELF = 0.05
_DEPARTMENT = 0.1
_FEWEST_FOR_SHELVES = 3
_POPULARITY = 0.03
_IN_STOCK = 0.03


@dataclass(frozen=True, slots=True)
class Ranking:
    """Per row. ``relevant`` may be listed; ``on_topic`` are the things asked for by name.

    Both are decided over the whole shop, before any limit: when a limit takes away what fits,
    what barely fits does not move up in its place.
    """

    score: Floats
    lexical: Floats
    coverage: Floats
    relevant: Mask
    on_topic: Mask


def rank_words(snapshot: Snapshot, query: Query) -> Ranking:
    """Score by words alone."""
    size = snapshot.size
    alive = snapshot.alive()
    lexical = np.zeros(size, dtype=np.float32)
    coverage = np.zeros(size, dtype=np.float32)
    heads = np.zeros(size, dtype=np.float32)
    documents = max(snapshot.live(), 1)
    for variant in query.variants:
        frequency = {term: snapshot.frequency(term) for term in variant.terms}
        weights = inverse_frequencies(variant.terms, frequency, documents)
        parts = [segment.lexical.score(weights, variant.head) for segment in snapshot.segments]
        bm25 = np.concatenate([part.bm25 for part in parts])
        covered = np.concatenate([part.coverage for part in parts])
        head = np.concatenate([part.head for part in parts])
        bm25[~alive] = 0
        weight = np.float32(variant.weight)
        score = lexical_score(bm25, covered, head) * weight
        better = score > lexical
        lexical[better] = score[better]
        coverage = np.maximum(coverage, covered * weight)
        heads = np.maximum(heads, np.where(covered >= _LEAST_COVERAGE, head, 0))
    coverage[~alive] = 0
    lexical[~alive] = 0
    all_known = all(snapshot.frequency(term) for term in query.variants[0].terms)
    score = _on_one_shelf(snapshot, lexical, coverage)
    return with_floor(score, lexical, coverage, heads, all_known=all_known)


def _on_one_shelf(snapshot: Snapshot, lexical: Floats, coverage: Floats) -> Floats:
    """Move up what stands where most of what matches stands.

    Most chicken is meat; a cat food that names chicken as loudly is the odd one out.
    """
    best = float(lexical.max()) if lexical.size else 0.0
    rows = np.flatnonzero((lexical >= _OF_BEST_SCORE * best) & (coverage >= _LEAST_COVERAGE))
    if rows.size < _FEWEST_FOR_SHELVES:
        return lexical
    score = lexical.copy()
    mass = lexical[rows].astype(np.float64) ** 2
    for share, depth in ((_SHELF, None), (_DEPARTMENT, 1)):
        codes = snapshot.shelves(depth)[rows]
        sums = np.bincount(codes, weights=mass)
        score[rows] += (share * sums[codes] / sums.max()).astype(np.float32)
    return score


def with_floor(
    score: Floats, lexical: Floats, coverage: Floats, heads: Floats, *, all_known: bool
) -> Ranking:
    """Decide what is relevant: what meets at least half of the query.

    Less will do when nothing meets half although the shop knows all words ("snacks for kids").
    """
    best_coverage = float(coverage.max()) if coverage.size else 0.0
    best = float(lexical.max()) if lexical.size else 0.0
    least = _LEAST_COVERAGE if best_coverage >= _LEAST_COVERAGE or not all_known else _SOME
    relevant = (coverage >= max(least, _OF_BEST_COVERAGE * best_coverage)) & (
        lexical >= _OF_BEST_SCORE * best
    )
    named = relevant & (heads >= _ON_TOPIC_HEAD)
    on_topic = named if named.any() else relevant
    return Ranking(
        score, lexical, coverage, relevant, on_topic & (lexical >= _ON_TOPIC_SCORE * best)
    )


def with_vectors(
    ranking: Ranking, rows: NDArray[np.int64], cosine: Floats, weight: float, *, trusted: bool
) -> Ranking:
    """Fuse in the cosines of some rows; the others count as not similar.

    Near products join the relevant ones when the words find nothing in the whole shop, or when a
    language model, which knows more than words, says they are near.
    """
    every = np.zeros(ranking.score.size, dtype=np.float32)
    every[rows] = cosine
    relevant, on_topic = ranking.relevant, ranking.on_topic
    if not relevant.any():
        relevant = every >= _NEAR_ENOUGH
        on_topic = relevant
    elif trusted:
        relevant = relevant | (every >= _NEAR_ENOUGH)
    return replace(
        ranking,
        score=fused_score(ranking.score, every, weight),
        relevant=relevant,
        on_topic=on_topic,
    )


def moved_down(snapshot: Snapshot, score: Floats, words: Iterable[str]) -> Floats:
    """Halve the score of what a shopper does not like to see."""
    result = score.copy()
    for offset, segment in snapshot.offsets():
        for word in words:
            result[rows_with(segment, word) + offset] *= np.float32(0.5)
    return result


def nudged(snapshot: Snapshot, score: Floats) -> Floats:
    """Small additions that decide between equals: what others like, what can be had."""
    stock = snapshot.column("stock")
    available = np.isnan(stock) | (stock > 0)
    added = _POPULARITY * snapshot.column("popularity") + _IN_STOCK * available
    return np.asarray(score + added, dtype=np.float32)
