"""What the grounding gate lets through and stops, and what it costs per sentence, in one run.

python -m benchmarks.grounding [--wrong 100] [--seed 1] [--known 200]
"""

import argparse
import gc
import itertools
import re
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from assistant.grounding.facts import Facts
from assistant.grounding.gate import Gate
from assistant.grounding.sentences import SentenceSplitter
from benchmarks.catalog import vary
from tests.assistant.grounding.measuring import (
    answers_in,
    family_score,
    held_out,
    right_score,
    sentences_of,
    sources,
)
from tests.assistant.grounding.mutations import families
from tests.assistant.grounding.recorded import add_talk, facts_of

ROUNDS = 3
TARGET = 2.0
_AMOUNTS = re.compile(r"[$€£]\s?\d+(?:[.,]\d+)?|\d+[.,]\d\d")
Spoken = Sequence[tuple[str, str]]
"""Talks and sentences."""


def say(line: str) -> None:
    print(line)  # noqa: T201 - people read it


def measure(wrong: int, seed: int) -> None:
    for path in [*sources(), held_out()]:
        right = right_score(path)
        share = len(right.stopped) / right.answers
        say(
            f"{right.name:24} {right.answers:4} right, {len(right.stopped):3} stopped ({share:.1%})"
        )
    for name in families():
        score = family_score(name, wrong, seed=seed, paths=sources())
        say(f"{name:24} {score.made:4} wrong, {len(score.passed):3} pass")


def shelf(count: int) -> list[dict[str, Any]]:
    """Lists of five products, as searches show them, so many in all."""
    cards = [_card(row) for row in itertools.islice(vary(4 * count), 3 * count, 4 * count)]
    return [
        {"type": "products", "title": "", "products": five, "total": len(five), "note": None}
        for five in (cards[at : at + 5] for at in range(0, len(cards), 5))
    ]


def _card(row: dict[str, Any]) -> dict[str, Any]:
    stock = row.get("stock")
    return {
        **{name: row.get(name) for name in ("id", "title", "brand", "size")},
        "price": str(row["price"]),
        "currency": "USD",
        "in_stock": stock != 0,
        "stock": None if stock is None else str(stock),
        "rating": str(row["rating"]) if row.get("rating") else None,
        "diets": row.get("diets") or [],
    }


def with_shelf(talk: str, blocks: list[dict[str, Any]]) -> Facts:
    facts = Facts()
    facts.add_dumped(blocks)
    add_talk(facts, talk)
    return facts


def timed(spoken: Spoken, act: Callable[[str, str], object]) -> list[float]:
    """Processor time of each in milliseconds; every round asks a little differently."""
    took = []
    gc.collect()
    gc.disable()  # as timeit does: it would collect what others left
    for number in range(1, ROUNDS + 1):
        for talk, sentence in spoken:
            asked = sentence.rstrip() + " " * number
            start = time.thread_time()
            act(talk, asked)
            took.append(1000 * (time.thread_time() - start))
    gc.enable()
    return took


def row(name: str, took: Sequence[float], baseline: float) -> None:
    p50, p99 = statistics.median(took), sorted(took)[int(0.99 * len(took))]
    ratio = f"x{p50 / baseline:.0f} / x{p99 / baseline:.0f}"
    say(f"{name:32} p50 {p50:.3f} ms  p99 {p99:.3f} ms  max {max(took):.3f} ms  {ratio}")


def split(text: str) -> list[str]:
    splitter = SentenceSplitter()
    return [*splitter.feed(text), *splitter.flush()]


def speed(known: int) -> None:
    answers = [one for path in sources() for one in answers_in(path)]
    spoken = [(talk, sentence) for talk, answer in answers for sentence in sentences_of(answer)]
    talks = {talk for talk, _ in spoken}
    blocks = shelf(known)
    own = {talk: Gate(facts_of(talk)) for talk in talks}
    full = {talk: Gate(with_shelf(talk, blocks)) for talk in talks}
    for talk, sentence in spoken[:50]:
        own[talk].check(sentence)
        full[talk].check(sentence)
    splitting = timed(spoken, lambda _, sentence: split(sentence))
    baseline = statistics.median(splitting)
    say(f"{len(spoken)} sentences, {ROUNDS} times each, processor time; ratios to splitting's p50")
    row("splitting into sentences", splitting, baseline)
    row("scan for amounts", timed(spoken, lambda _, one: _AMOUNTS.findall(one)), baseline)
    row(
        "gate, the talk's products", timed(spoken, lambda talk, one: own[talk].check(one)), baseline
    )
    took = timed(spoken, lambda talk, one: full[talk].check(one))
    row(f"gate, {known} products more", took, baseline)
    say(f"target: p50 <= {TARGET} ms; {sum(one <= TARGET for one in took) / len(took):.1%} hold it")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", type=int, default=100, help="wrong answers of each family")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--known", type=int, default=200, help="products shown before the talk")
    chosen = parser.parse_args()
    measure(chosen.wrong, chosen.seed)
    speed(chosen.known)


if __name__ == "__main__":
    main()
