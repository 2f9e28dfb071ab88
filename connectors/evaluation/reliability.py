"""Figures over repetitions: how often all of k would pass, percentiles, and chance (pure)."""

import math
from collections.abc import Sequence


def all_pass(passed: int, of: int, k: int) -> float:
    """The chance that k attempts all pass, from ``passed`` of ``of``: unbiased, for k <= of.

    Of all ways to take k of the attempts that were made, the share in which each one passed.
    """
    return math.comb(passed, k) / math.comb(of, k)


def percentile(values: Sequence[float], percent: float) -> float | None:
    """By nearest rank: a value that was measured; None when nothing was."""
    if not values:
        return None
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def chance_of(better: int, worse: int) -> float:
    """McNemar's exact test: how likely so uneven a split is if neither is better (two-sided)."""
    both = better + worse
    if both == 0:
        return 1.0
    tail = sum(math.comb(both, k) for k in range(min(better, worse) + 1))
    return float(min(1.0, 2 * tail / 2**both))
