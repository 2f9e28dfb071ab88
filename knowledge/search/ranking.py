"""Scores every product of a snapshot for a query and says which are relevant at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.search.fusion import fused_score, lexical_score
from knowledge.search.lexical import (
    BODY_STRENGTH,
    SHELF_STRENGTH,
    UNUSUAL_STRENGTH,
    insisted,
    inverse_frequencies,
    softened,
)
from knowledge.search.masks import rows_with
from knowledge.search.naming import kinds
from knowledge.search.query import Query, Variant
from knowledge.search.snapshot import Snapshot

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_LEAST_COVERAGE = 0.5
_SOME = 0.25
_OF_BEST_COVERAGE = 0.75
_OF_BEST_SCORE = 0.4
_NEAR_ENOUGH = 0.6
_ON_TOPIC_SCORE = 0.6
_OF_BEST_UNNAMED = 0.65
_ASIDE = 0.3
_MET = 0.9
_SEVERAL = 2
_SHELF = 0.04
_DEPARTMENT = 0.07
_FEWEST_FOR_SHELVES = 3
_POPULARITY = 0.03
_IN_STOCK = 0.03


@dataclass(frozen=True, slots=True)
class Ranking:
    """Per row. ``relevant`` may be listed; ``on_topic`` are the things asked for by name.

    ``plain`` are those of them that are called just so. All are decided over the whole shop, before
    any limit: when a limit takes away what fits, what barely fits does not move up in its place.
    """

    score: Floats
    lexical: Floats
    coverage: Floats
    relevant: Mask
    on_topic: Mask
    plain: Mask


def rank_words(snapshot: Snapshot, query: Query) -> Ranking:
    """Score by words alone."""
    size = snapshot.size
    alive = snapshot.alive()
    lexical = np.zeros(size, dtype=np.float32)
    coverage = np.zeros(size, dtype=np.float32)
    heads = np.zeros(size, dtype=np.float32)
    own_heads = heads
    documents = max(snapshot.live(), 1)
    for variant in query.variants:
        frequency = {term: snapshot.frequency(term) for term in variant.terms}
        weights = inverse_frequencies(variant.terms, frequency, documents)
        bm25, covered, head = _scores(snapshot, variant, weights)
        if kinds().soft & weights.keys() and not _is_named(covered, head):
            weights = softened(weights, kinds().soft)
            bm25, covered, head = _scores(snapshot, variant, weights)
        bm25[~alive] = 0
        if variant.needs_head and head.any():
            covered[head == 0] *= np.float32(_ASIDE)
        weight = np.float32(variant.weight)
        score = lexical_score(bm25, covered, head) * weight
        better = score > lexical
        lexical[better] = score[better]
        coverage = np.maximum(coverage, covered * weight)
        heads = np.maximum(heads, np.where(covered >= _LEAST_COVERAGE, head, 0))
        if variant is query.variants[0]:
            own_heads = heads
    coverage[~alive] = 0
    lexical[~alive] = 0
    all_known = all(snapshot.frequency(term) for term in query.variants[0].terms)
    score = _on_one_shelf(snapshot, lexical, coverage)
    ranking = with_floor(score, lexical, coverage, heads, all_known=all_known)
    ranking = _without_mentions(snapshot, ranking, heads)
    return replace(ranking, plain=ranking.on_topic & (own_heads > UNUSUAL_STRENGTH))


def _scores(
    snapshot: Snapshot, variant: Variant, weights: Mapping[str, float]
) -> tuple[Floats, Floats, Floats]:
    """BM25, coverage and head match of every row."""
    weights = insisted(weights, variant.insists)
    parts = [
        segment.lexical.score(weights, variant.head, variant.free_of)
        for segment in snapshot.segments
    ]
    return (
        np.concatenate([part.bm25 for part in parts]),
        np.concatenate([part.coverage for part in parts]),
        np.concatenate([part.head for part in parts]),
    )


def _is_named(covered: Floats, head: Floats) -> bool:
    """Whether something is called so and has all the rest, its looks included."""
    return bool(((covered >= _MET) & (head >= UNUSUAL_STRENGTH)).any())


def _without_mentions(snapshot: Snapshot, ranking: Ranking, heads: Floats) -> Ranking:
    """Where something is called so, leave out what only mentions it.

    That is what has the word in its description; where there are more, also what stands on a shelf
    of that name among other things, and what is named after it in another department: to who asks
    for red wine, vinegar of red wine is none.
    """
    met = ranking.coverage >= _MET * ranking.coverage.max(initial=0)
    called = ranking.relevant & (heads >= UNUSUAL_STRENGTH) & met
    count = int(called.sum())
    if not count:
        return ranking
    if count < _SEVERAL:
        kept = heads > BODY_STRENGTH
    else:
        departments = snapshot.shelves(1)
        near = np.isin(departments, np.unique(departments[called]))
        kept = (heads >= UNUSUAL_STRENGTH) | ((heads > SHELF_STRENGTH) & near)
    return replace(ranking, relevant=ranking.relevant & kept, on_topic=ranking.on_topic & kept)


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
    # Where nothing is called so, a shelf of that name is as good as a mention in a title.
    of_best = _OF_BEST_COVERAGE if (heads >= UNUSUAL_STRENGTH).any() else _OF_BEST_UNNAMED
    relevant = (coverage >= max(least, of_best * best_coverage)) & (
        lexical >= _OF_BEST_SCORE * best
    )
    named = relevant & (heads >= UNUSUAL_STRENGTH)
    on_topic = named if named.any() else relevant
    on_topic = on_topic & (lexical >= _ON_TOPIC_SCORE * best)
    return Ranking(score, lexical, coverage, relevant, on_topic, on_topic)


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


def to_sort(ranking: Ranking, mask: Mask) -> NDArray[np.int64]:
    """The rows to sort by price or the like: what is called just so, if it is not only one."""
    rows = np.flatnonzero(ranking.plain & mask)
    return rows if rows.size >= _SEVERAL else np.flatnonzero(ranking.on_topic & mask)


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
