from itertools import combinations, product

import pytest

from connectors.evaluation.reliability import all_pass, chance_of, percentile
from connectors.evaluation.scores import ModelScores, score
from tests.connectors.evaluation.runs import call, case, run, turn

WRONG = "cart: is empty, not 2 x P001"


@pytest.mark.parametrize(("passed", "of"), [(0, 4), (1, 4), (3, 4), (4, 4), (2, 3)])
def test_passing_k_times_is_the_share_of_ways_to_take_k_that_all_passed(
    passed: int, of: int
) -> None:
    attempts = [True] * passed + [False] * (of - passed)

    for k in range(1, of + 1):
        ways = [all(taken) for taken in combinations(attempts, k)]
        assert all_pass(passed, of, k) == pytest.approx(sum(ways) / len(ways))


def test_the_estimate_of_passing_k_times_is_unbiased() -> None:
    chance, of, k = 0.7, 4, 3

    mean = sum(
        chance ** sum(attempts)
        * (1 - chance) ** (of - sum(attempts))
        * all_pass(sum(attempts), of, k)
        for attempts in product([0, 1], repeat=of)
    )

    assert mean == pytest.approx(chance**k)


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(20, 0, -1)]

    assert [percentile(values, one) for one in (0, 50, 95, 100)] == [1, 10, 19, 20]
    assert percentile([3.0], 95) == 3
    assert percentile([], 50) is None


@pytest.mark.parametrize(
    ("better", "worse", "chance"),
    [(0, 0, 1.0), (1, 0, 1.0), (3, 3, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (8, 1, 0.0390625)],
)
def test_the_chance_of_a_split_is_that_of_thrown_coins(
    better: int, worse: int, chance: float
) -> None:
    assert chance_of(better, worse) == chance_of(worse, better) == pytest.approx(chance)


def test_a_case_passes_when_all_its_repetitions_do() -> None:
    scores = score(
        run(
            case("a", turn(), turn(), repetition=1),
            case("a", turn(), turn(WRONG, "tools: none"), repetition=2),
            case("b", turn(), kind="multi", repetition=1),
            case("b", turn(), kind="multi", repetition=2),
            case("c", planned=1, broken="setup: there is no product 'x'", repetition=1),
            case("c", turn(), planned=2, broken="no answer: busy", repetition=2),
            repeat=2,
        )
    )

    assert (scores.cases, scores.passed, scores.turns, scores.turns_passed) == (3, 1, 9, 6)
    assert scores.by_kind == {
        "single": {"cases": 2, "passed": 0},
        "multi": {"cases": 1, "passed": 1},
    }
    assert [(one.id, one.turn) for one in scores.failures] == [("a", 2), ("c", 0), ("c", 2)]
    assert scores.by_reason == {"cart": 1, "tools": 1, "setup": 1, "no answer": 1}
    assert scores.all_pass == {1: pytest.approx(0.5), 2: pytest.approx(1 / 3)}


def test_tokens_cost_and_latency_are_those_of_each_model() -> None:
    fallen_back = [
        call(outcome="timeout", input_tokens=0, cached_tokens=0, output_tokens=0, cost_micros=None),
        call(provider="google", model="gemini-2.5-flash", cost_micros=None),
        call(purpose="summary", cost_micros=40),
    ]
    scores = score(
        run(
            case("a", turn(seconds=1.0), turn(seconds=3.0)),
            case("b", turn(seconds=9.0, calls=fallen_back, model="gemini-2.5-flash")),
            case("c", turn(seconds=0.01, calls=[], model="offline")),
            case("d", turn(seconds=0.02, calls=[], model=None, outcome="decided")),
        )
    )

    assert scores.models == [
        ModelScores(
            "openai:gpt-5-mini",
            turns=2, p50_seconds=1.0, p95_seconds=3.0, calls=6, failed_calls=1,
            input_tokens=15000, cached_tokens=10000, output_tokens=500, cost=0.00204, unpriced=1,
        ),
        ModelScores(
            "google:gemini-2.5-flash",
            turns=1, p50_seconds=9.0, p95_seconds=9.0, calls=1,
            input_tokens=3000, cached_tokens=2000, output_tokens=100, unpriced=1,
        ),
        ModelScores("no model", turns=1, p50_seconds=0.02, p95_seconds=0.02),
        ModelScores("offline", turns=1, p50_seconds=0.01, p95_seconds=0.01),
    ]  # fmt: skip
    assert (scores.p50_seconds, scores.p95_seconds) == (1.0, 9.0)
    assert (scores.tokens, scores.cost, scores.unpriced) == (18600, 0.00204, 2)
    assert scores.as_json()["cost"] == 0.00204
