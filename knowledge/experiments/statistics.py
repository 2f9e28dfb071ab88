"""How sure a share is, and whether two shares differ by more than chance (Wilson, Newcombe)."""

import math
from dataclasses import dataclass

Z_95 = 1.959964
"""Of 100 such intervals 95 hold the true share."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def share_interval(count: int, of: int) -> Interval:
    """Wilson's interval: right also for few and for shares near 0 and 1. Nothing known: 0 to 1."""
    if of == 0:
        return Interval(0.0, 1.0)
    share, spread = count / of, Z_95**2 / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def difference_interval(first: tuple[int, int], second: tuple[int, int]) -> Interval:
    """By how much the second share is greater: Newcombe's method 10 (1998), of (count, of)."""
    (share_1, one), (share_2, two) = (
        (count / of if of else 0.5, share_interval(count, of)) for count, of in (first, second)
    )
    below = math.hypot(share_2 - two.low, one.high - share_1)
    above = math.hypot(two.high - share_2, share_1 - one.low)
    difference = share_2 - share_1
    return Interval(difference - below, difference + above)
