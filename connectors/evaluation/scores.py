"""Scores of a run: cases and turns passed, by kind and reason, tokens, cost and latency."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean
from typing import Any

from connectors.evaluation.records import CallRecord, CaseRecord, RunRecord, TurnRecord
from connectors.evaluation.reliability import all_pass, percentile

_MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Failure:
    """``turn`` counts from 1; 0 is the setup of the case."""

    id: str
    turn: int
    why: str


@dataclass(frozen=True, slots=True)
class ModelScores:
    """Of the turns a model answered, and of all calls made to it. Cost is in US dollars."""

    model: str
    turns: int = 0
    p50_seconds: float | None = None
    p95_seconds: float | None = None
    calls: int = 0
    failed_calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    unpriced: int = 0


@dataclass(slots=True)
class Scores:
    """A case that is repeated passes when every repetition does."""

    cases: int = 0
    passed: int = 0
    turns: int = 0
    turns_passed: int = 0
    by_kind: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    by_reason: dict[str, int] = field(default_factory=dict)
    repeat: int = 1
    all_pass: dict[int, float] = field(default_factory=dict)
    """By k: the chance that a case passes k times in a row."""
    models: list[ModelScores] = field(default_factory=list)
    p50_seconds: float | None = None
    p95_seconds: float | None = None

    @property
    def cost(self) -> float:
        return sum(model.cost for model in self.models)

    @property
    def tokens(self) -> int:
        return sum(model.input_tokens + model.output_tokens for model in self.models)

    @property
    def unpriced(self) -> int:
        return sum(model.unpriced for model in self.models)

    def as_json(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "passed": self.passed,
            "by_kind": self.by_kind,
            "turns": self.turns,
            "turns_passed": self.turns_passed,
            "failures": [asdict(failure) for failure in self.failures],
            "failures_by_reason": self.by_reason,
            "repeat": self.repeat,
            "pass_hat": {str(k): round(value, 4) for k, value in self.all_pass.items()},
            "models": [asdict(model) for model in self.models],
            "tokens": self.tokens,
            "cost": round(self.cost, 6),
            "unpriced": self.unpriced,
            "p50_seconds": self.p50_seconds,
            "p95_seconds": self.p95_seconds,
        }


def score(run: RunRecord) -> Scores:
    scores = Scores(repeat=run.repeat)
    cases = run.by_case()
    for repetitions in cases.values():
        _count(scores, repetitions)
    scores.by_reason = dict(Counter(_reasons(run.cases)).most_common())
    scores.all_pass = {
        k: fmean(
            all_pass(sum(one.passed for one in repetitions), len(repetitions), k)
            for repetitions in cases.values()
        )
        for k in range(1, min(map(len, cases.values()), default=0) + 1)
    }
    turns = [turn for case in run.cases for turn in case.turns]
    scores.models = _models(turns)
    scores.p50_seconds, scores.p95_seconds = _latency(turns)
    return scores


def cost_words(cost: float, unpriced: int) -> str:
    """A call without a known price is never taken for one that costs nothing."""
    known = f"${cost:.4f}" if cost else "$0"
    if not unpriced:
        return known
    return f"{known} and {unpriced} unpriced" if cost else "unpriced"


def failures_of(case: CaseRecord) -> list[Failure]:
    failed = [
        Failure(case.id, number, "; ".join(turn.why))
        for number, turn in enumerate(case.turns, 1)
        if turn.why
    ]
    if case.broken is not None:
        failed.append(Failure(case.id, len(case.turns) + 1 if case.turns else 0, case.broken))
    return failed


def _count(scores: Scores, repetitions: Sequence[CaseRecord]) -> None:
    passed = all(one.passed for one in repetitions)
    kind = scores.by_kind.setdefault(repetitions[0].kind, {"cases": 0, "passed": 0})
    kind["cases"] += 1
    kind["passed"] += passed
    scores.cases += 1
    scores.passed += passed
    for one in repetitions:
        scores.turns += one.planned
        scores.turns_passed += sum(not turn.why for turn in one.turns)
        scores.failures += failures_of(one)


def _reasons(cases: Sequence[CaseRecord]) -> Iterator[str]:
    """The field of the expectation that did not hold, each one once a turn."""
    for case in cases:
        if case.broken is not None:
            yield case.broken.partition(":")[0]
        for turn in case.turns:
            yield from dict.fromkeys(why.partition(":")[0] for why in turn.why)


def _models(turns: Sequence[TurnRecord]) -> list[ModelScores]:
    answered: dict[str, list[TurnRecord]] = {}
    called: dict[str, list[CallRecord]] = {}
    for turn in turns:
        answered.setdefault(turn.answered_by, []).append(turn)
        for call in turn.calls:
            called.setdefault(call.name, []).append(call)
    names = sorted({*answered, *called}, key=lambda name: (-len(answered.get(name, ())), name))
    return [_model(name, answered.get(name, []), called.get(name, [])) for name in names]


def _model(name: str, turns: Sequence[TurnRecord], calls: Sequence[CallRecord]) -> ModelScores:
    p50, p95 = _latency(turns)
    return ModelScores(
        model=name,
        turns=len(turns),
        p50_seconds=p50,
        p95_seconds=p95,
        calls=len(calls),
        failed_calls=sum(call.outcome != "ok" for call in calls),
        input_tokens=sum(call.input_tokens for call in calls),
        cached_tokens=sum(call.cached_tokens for call in calls),
        output_tokens=sum(call.output_tokens for call in calls),
        cost=sum(call.cost_micros or 0 for call in calls) / _MICROS,
        unpriced=sum(call.cost_micros is None for call in calls),
    )


def _latency(turns: Sequence[TurnRecord]) -> tuple[float | None, float | None]:
    seconds = [turn.seconds for turn in turns]
    return percentile(seconds, 50), percentile(seconds, 95)
