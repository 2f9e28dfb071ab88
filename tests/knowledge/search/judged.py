"""The judged queries over the sample shop, and the measure they are read with."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

_FOLDER = Path(__file__).parent / "judgments"


def queries() -> list[tuple[str, str]]:
    lines = (_FOLDER / "queries.tsv").read_text(encoding="utf-8").splitlines()
    return [(name, text) for name, text in (line.split("\t") for line in lines)]


def judgments() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for line in (_FOLDER / "qrels.txt").read_text(encoding="utf-8").splitlines():
        query, _, product, grade = line.split()
        found.setdefault(query, {})[product] = int(grade)
    return found


def ndcg(hits: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Gain 2^grade - 1, unjudged 0. A query without an answer is met by showing nothing."""
    if not grades:
        return 0.0 if hits else 1.0
    ideal = sorted(grades.values(), reverse=True)
    return _gain([grades.get(hit, 0) for hit in hits[:depth]]) / _gain(ideal[:depth])


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
