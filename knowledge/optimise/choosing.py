"""Chooses one of each group so that the value is greatest and the cost within a limit (pure).

The multiple-choice knapsack problem (Sinha and Zoltners, Operations Research 27, 1979), solved to
proven optimality as an integer program by HiGHS (Huangfu and Hall, 2018) through SciPy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """What choosing it costs, in minor units of the currency, and what it is worth."""

    cost: int
    value: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """``picks`` holds, per group, the index of the choice that was taken."""

    picks: tuple[int, ...]
    cost: int
    value: float


@dataclass(frozen=True, slots=True)
class Rule:
    """What the chosen must add up to; ``weights`` by (group, choice), 0 where none is given."""

    weights: Mapping[tuple[int, int], int]
    least: int | None = None
    most: int | None = None


def choose(
    groups: Sequence[Sequence[Choice]], limit: int, rules: Sequence[Rule] = ()
) -> Chosen | None:
    """Take exactly one choice of each group; None when that cannot be done within the limit.

    Of choices that are equal otherwise the cheaper is taken, then the first; with ``rules``, any.
    """
    if rules:
        # What is worse by itself may be what a rule leaves, so every choice is considered.
        every = [list(range(len(group))) for group in groups]
        picks = _solve(groups, every, limit, rules)
        return None if picks is None else _chosen(groups, picks)
    fronts = [_worth_considering(group) for group in groups]
    if any(not front for front in fronts):
        return None
    if sum(group[front[0]].cost for group, front in zip(groups, fronts, strict=True)) > limit:
        return None
    best = tuple(front[-1] for front in fronts)
    found = _chosen(groups, best)
    if found.cost <= limit:
        return found
    picks = _solve(groups, fronts, limit)
    assert picks is not None  # the cheapest choices fit
    return _chosen(groups, picks)


def cheapest(groups: Sequence[Sequence[Choice]]) -> Chosen | None:
    """The least that one of each can cost; None when a group is empty."""
    fronts = [_worth_considering(group) for group in groups]
    if any(not front for front in fronts):
        return None
    return _chosen(groups, tuple(front[0] for front in fronts))


def _worth_considering(group: Sequence[Choice]) -> list[int]:
    """Indexes by rising cost, without those for which a cheaper one is worth as much."""
    kept: list[int] = []
    for index in sorted(range(len(group)), key=lambda one: (group[one].cost, -group[one].value)):
        if not kept or group[index].value > group[kept[-1]].value:
            kept.append(index)
    return kept


def _chosen(groups: Sequence[Sequence[Choice]], picks: tuple[int, ...]) -> Chosen:
    taken = [group[pick] for group, pick in zip(groups, picks, strict=True)]
    return Chosen(picks, sum(one.cost for one in taken), sum(one.value for one in taken))


def _solve(
    groups: Sequence[Sequence[Choice]],
    fronts: Sequence[Sequence[int]],
    limit: int,
    rules: Sequence[Rule] = (),
) -> tuple[int, ...] | None:
    import numpy as np  # noqa: PLC0415 - heavy, and most choices need no solver
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - the same
    from scipy.sparse import csr_array  # noqa: PLC0415 - the same

    places = [(number, index) for number, front in enumerate(fronts) for index in front]
    values = np.array([groups[number][index].value for number, index in places])
    costs = np.array([[float(groups[number][index].cost) for number, index in places]])
    columns = np.arange(len(places))
    rows = np.array([number for number, _ in places])
    one_each = csr_array((np.ones(len(places)), (rows, columns)), shape=(len(fronts), len(places)))
    solution = milp(
        -values,
        integrality=np.ones(len(places)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(one_each, 1, 1),
            # Costs are whole, so half a unit of room admits nothing more and forgives rounding.
            LinearConstraint(costs, -np.inf, limit + 0.5),
            *(
                LinearConstraint(
                    np.array([[float(rule.weights.get(place, 0)) for place in places]]),
                    -np.inf if rule.least is None else rule.least - 0.5,
                    np.inf if rule.most is None else rule.most + 0.5,
                )
                for rule in rules
            ),
        ],
        options={"mip_rel_gap": 0.0},
    )
    if solution.x is None:
        return None
    taken = {places[column] for column in np.flatnonzero(solution.x > 0.5)}  # noqa: PLR2004
    return tuple(
        next(index for index in front if (number, index) in taken)
        for number, front in enumerate(fronts)
    )
