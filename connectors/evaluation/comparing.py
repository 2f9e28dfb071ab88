"""Compares two runs: which cases changed, by how much, and whether that is more than chance."""

from dataclasses import asdict, dataclass
from typing import Any

from connectors.evaluation.records import RunRecord
from connectors.evaluation.reliability import chance_of
from connectors.evaluation.scores import Scores, score

UNLIKELY = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of the cases that both runs have. ``first`` and ``second`` are scores of those alone."""

    first: Scores
    second: Scores
    mended: list[str]
    broken: list[str]
    only_first: list[str]
    only_second: list[str]
    chance: float
    """How likely so uneven a change is where nothing has changed."""

    @property
    def verdict(self) -> str:
        changed = f"{len(self.mended)} cases got right, {len(self.broken)} got wrong"
        if not self.mended and not self.broken:
            return f"No case changed; both pass {self.first.passed} of {self.first.cases}."
        if self.chance >= UNLIKELY:
            return (
                f"{changed}: that may well be chance (p = {self.chance:.3f}). More cases are needed"
                " to tell the two apart."
            )
        better = "second" if len(self.mended) > len(self.broken) else "first"
        return f"{changed}: the {better} run is better, hardly by chance (p = {self.chance:.3f})."

    def as_json(self) -> dict[str, Any]:
        return {
            "first": _figures(self.first),
            "second": _figures(self.second),
            "mended": self.mended,
            "broken": self.broken,
            "only_first": self.only_first,
            "only_second": self.only_second,
            "p": round(self.chance, 6),
            "verdict": self.verdict,
        }


def compare(first: RunRecord, second: RunRecord) -> Comparison:
    """A case counts as passed when every repetition of it did."""
    one, two = first.by_case(), second.by_case()
    common = [name for name in one if name in two]
    before, after = (
        {name for name in common if all(case.passed for case in run[name])} for run in (one, two)
    )
    mended = [name for name in common if name in after - before]
    broken = [name for name in common if name in before - after]
    return Comparison(
        first=score(_only(first, common)),
        second=score(_only(second, common)),
        mended=mended,
        broken=broken,
        only_first=[name for name in one if name not in two],
        only_second=[name for name in two if name not in one],
        chance=chance_of(len(mended), len(broken)),
    )


def _only(run: RunRecord, names: list[str]) -> RunRecord:
    return run.model_copy(update={"cases": [case for case in run.cases if case.id in set(names)]})


def _figures(scores: Scores) -> dict[str, Any]:
    return {
        "cases": scores.cases,
        "passed": scores.passed,
        "turns": scores.turns,
        "turns_passed": scores.turns_passed,
        "repeat": scores.repeat,
        "pass_hat": {str(k): round(value, 4) for k, value in scores.all_pass.items()},
        "failures_by_reason": scores.by_reason,
        "tokens": scores.tokens,
        "cost": round(scores.cost, 6),
        "unpriced": scores.unpriced,
        "p50_seconds": scores.p50_seconds,
        "p95_seconds": scores.p95_seconds,
        "models": [asdict(model) for model in scores.models],
    }
