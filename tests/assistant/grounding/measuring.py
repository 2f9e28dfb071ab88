"""Measures the gate: which wrong answers pass, by family, and which right ones are stopped.

`python -m tests.assistant.grounding.measuring [--seeds 1 2 3] [--family price] [--show]`
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from random import Random

import yaml

from assistant.grounding.gate import Gate
from assistant.grounding.sentences import SentenceSplitter
from tests.assistant.grounding.mutations import families
from tests.assistant.grounding.record_reading import source_of
from tests.assistant.grounding.recorded import facts_of

HERE = Path(__file__).parent
_TRIES = 60


@dataclass(slots=True)
class FamilyScore:
    """``passed`` holds the wrong answers that were let through, with the talk they belong to."""

    name: str
    made: int = 0
    passed: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class RightScore:
    """``stopped`` holds talk, sentence and why."""

    name: str
    answers: int = 0
    stopped: list[tuple[str, str, str]] = field(default_factory=list)


def sources() -> list[Path]:
    """Files of right answers: ours and whoever else's lie beside it."""
    return sorted(HERE.glob("right_answers*.yaml"))


def held_out() -> Path:
    """Right answers that the gate was not mended on."""
    return HERE / "held_out_answers.yaml"


@cache
def answers_in(path: Path) -> tuple[tuple[str, str], ...]:
    """Talks and answers."""
    talks: dict[str, list[str]] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple((talk, answer) for talk, answers in talks.items() for answer in answers)


def sentences_of(answer: str) -> list[str]:
    splitter = SentenceSplitter()
    return [*splitter.feed(answer), *splitter.flush()]


@cache
def why_stopped(talk: str, answer: str) -> tuple[str, str] | None:
    """The first sentence that is stopped, and why."""
    gate = Gate(facts_of(talk))
    for sentence in sentences_of(answer):
        why = gate.check(sentence)
        if why is not None:
            return sentence.strip(), why
    return None


def right_score(path: Path) -> RightScore:
    score = RightScore(path.stem)
    for talk, answer in answers_in(path):
        score.answers += 1
        stopped = why_stopped(talk, answer)
        if stopped is not None:
            score.stopped.append((talk, *stopped))
    return score


def family_score(name: str, wanted: int, *, seed: int, paths: Sequence[Path]) -> FamilyScore:
    """So many wrong answers of one family, made from right ones that pass."""
    random = Random(f"{name}{seed}")  # noqa: S311 - to be made again
    right = [one for path in paths for one in answers_in(path)]
    random.shuffle(right)
    make_wrong = families()[name]
    score, made = FamilyScore(name), set[tuple[str, str]]()
    for talk, answer in islice(cycle(right), _TRIES * wanted):
        if why_stopped(talk, answer) is not None:
            continue
        wrong = make_wrong(answer, source_of(talk), random)
        if wrong is None or wrong == answer or (talk, wrong) in made:
            continue
        made.add((talk, wrong))
        score.made += 1
        if why_stopped(talk, wrong) is None:
            score.passed.append((talk, wrong))
        if score.made == wanted:
            break
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--family", choices=families(), nargs="+", default=list(families()))
    parser.add_argument("--wanted", type=int, default=100)
    parser.add_argument(
        "--show", action="store_true", help="print what passed and what was stopped"
    )
    chosen = parser.parse_args()
    for path in sources():
        right = right_score(path)
        print(f"{right.name}: {len(right.stopped)} of {right.answers} right answers stopped")  # noqa: T201
        for talk, sentence, why in right.stopped if chosen.show else ():
            print(f"    [{talk}] {sentence!r}: {why}")  # noqa: T201
    for name in chosen.family:
        for seed in chosen.seeds:
            score = family_score(name, chosen.wanted, seed=seed, paths=sources())
            print(f"{name}, seed {seed}: {len(score.passed)} of {score.made} wrong ones pass")  # noqa: T201
            for talk, answer in score.passed if chosen.show else ():
                print(f"    [{talk}] {answer!r}")  # noqa: T201


if __name__ == "__main__":
    main()
