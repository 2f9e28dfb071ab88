"""What is bought together: cosine of items over baskets, shrunk so that chance does not count."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)

SHRINKAGE = 10
"""Pairs seen n times count n / (n + 10): the value measured best on public baskets."""
_LEAST_TOGETHER = 3
_LEAST_LIFT = 1.15
_NEIGHBOURS = 60
_LARGEST = 80  # larger baskets are stock-keeping, not taste


@dataclass(frozen=True, slots=True)
class Neighbour(Generic[Item]):
    """``together`` of the ``alone`` baskets with the asked item held this one too."""

    item: Item
    score: float
    together: int
    alone: int


@dataclass(frozen=True, slots=True)
class PairModel(Generic[Item]):
    """Neighbours of each item, best first; immutable, safe to share."""

    neighbours: Mapping[Item, tuple[Neighbour[Item], ...]]
    counts: Mapping[Item, int]
    baskets: int

    def of(self, item: Item) -> tuple[Neighbour[Item], ...]:
        return self.neighbours.get(item, ())


def train_goes_with(baskets: Iterable[Iterable[Item]]) -> PairModel[Item]:
    """Learn from baskets; an item counts once in each."""
    counts: Counter[Item] = Counter()
    pairs: Counter[tuple[Item, Item]] = Counter()
    total = 0
    for basket in baskets:
        items = list(dict.fromkeys(basket))
        if not items or len(items) > _LARGEST:
            continue
        total += 1
        counts.update(items)
        pairs.update(combinations(items, 2))
    together: Counter[frozenset[Item]] = Counter()
    for (one, other), count in pairs.items():
        together[frozenset((one, other))] += count
    found: dict[Item, list[Neighbour[Item]]] = {}
    for pair, count in together.items():
        one, other = pair
        lift = count * total / (counts[one] * counts[other])
        if count < _LEAST_TOGETHER or lift < _LEAST_LIFT:
            continue
        score = count / sqrt(counts[one] * counts[other]) * count / (count + SHRINKAGE)
        found.setdefault(one, []).append(Neighbour(other, score, count, counts[one]))
        found.setdefault(other, []).append(Neighbour(one, score, count, counts[other]))
    neighbours = {
        item: tuple(sorted(others, key=lambda one: (-one.score, str(one.item)))[:_NEIGHBOURS])
        for item, others in found.items()
    }
    return PairModel(neighbours, dict(counts), total)


def train_shelves(
    baskets: Iterable[Iterable[str]], shelf_of: Callable[[str], tuple[str, ...] | None]
) -> PairModel[tuple[str, ...]]:
    """The same over shelves: what to say of a product that few have bought yet."""
    return train_goes_with(
        [shelf for shelf in map(shelf_of, basket) if shelf] for basket in baskets
    )
