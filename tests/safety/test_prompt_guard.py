"""The guard stops prompts in any disguise, and no ordinary answer."""

import json
from pathlib import Path

import pytest
import yaml

from assistant.grounding.sentences import SentenceSplitter
from assistant.safety.prompt_guard import PromptGuard, leaked
from prompts import load, load_wording, names
from tests.safety.case_files import PROMPTS

TESTS = Path(__file__).parent.parent
ANSWERS = yaml.safe_load(
    (TESTS / "assistant" / "grounding" / "free_answers.yaml").read_text("utf-8")
)
WORDS = [
    line
    for file in sorted((TESTS / "evals").glob("*.jsonl"))
    for line in file.read_text("utf-8").splitlines()
]


def stopped(text: str) -> bool:
    guard = PromptGuard()
    splitter = SentenceSplitter()
    return any(guard.leaked(one) for one in [*splitter.feed(text), *splitter.flush()])


@pytest.mark.parametrize("name", sorted(PROMPTS))
def test_a_piece_of_a_prompt_is_stopped(name: str) -> None:
    assert stopped(PROMPTS[name])


@pytest.mark.parametrize("name", sorted(names()))
def test_every_prompt_is_guarded(name: str) -> None:
    assert stopped(load(name).text)


def test_no_ordinary_answer_is_stopped() -> None:
    tables = [one for name, table in ANSWERS.items() if name != "shopper" for one in table]
    assert [one for one in tables if stopped(one)] == []


def test_nothing_our_shoppers_say_is_stopped() -> None:
    said = [turn["user"] for line in WORDS for turn in json.loads(line).get("turns", [])]
    assert len(said) > 100
    assert [one for one in said if stopped(one)] == []


def test_nothing_the_offline_model_says_is_stopped() -> None:
    def texts(node: object) -> list[str]:
        if isinstance(node, str):
            return [node]
        inside = node.values() if isinstance(node, dict) else node
        return [text for one in inside for text in texts(one)]  # type: ignore[attr-defined]

    said = [
        text
        for name in ("apologies", "suggestions", "offline/en/replies", "offline/en/planning")
        for text in texts(load_wording(name))
    ]
    assert len(said) > 100
    assert [one for one in said if stopped(one)] == []


def test_a_prompt_in_pieces_is_noticed_across_sentences() -> None:
    words = load("assistant").text.split()
    guard = PromptGuard()
    pieces = [" ".join(words[at : at + 3]) + "." for at in range(0, 60, 3)]

    shown = [piece for piece in pieces if not guard.leaked(piece)]

    assert len("".join(shown[:4])) < 80
    assert len(shown) < len(pieces) / 2


@pytest.mark.parametrize("text", ["", "?", "!!", "\u200b", "QUJD" * 8, "ab" * 40, "4111" * 20])
def test_odd_texts_are_no_leak(text: str) -> None:
    assert not leaked(text)
