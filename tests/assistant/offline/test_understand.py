from pathlib import Path

import pytest

from assistant.offline.memory import Memory
from tests.assistant.offline.catalogs import CATALOGS, understanding_of
from tests.assistant.offline.readings import short

FOLDER = Path(__file__).parent / "sentences"


def table(catalog: str) -> list[tuple[str, str, str]]:
    lines = (FOLDER / f"{catalog}.txt").read_text("utf-8").splitlines()
    return [(catalog, *line.split(" => ")) for line in lines if line and line[0] != "#"]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("catalog", "sentence", "acts"), [row for catalog in CATALOGS for row in table(catalog)]
)
def test_a_sentence_is_understood(catalog: str, sentence: str, acts: str) -> None:
    before, _, text = sentence.rpartition(" | ")
    question = {"kind": "swaps"} if before == "swaps" else None
    memory = Memory(acts=(before,) if before else (), question=question)
    reading = understanding_of(catalog).read(text.replace("\\n", "\n"), memory)
    assert "; ".join(short(act) for act in reading.acts) == acts


def test_there_are_enough_sentences() -> None:
    assert sum(len(table(catalog)) for catalog in CATALOGS) >= 300
