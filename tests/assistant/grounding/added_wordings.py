"""How the added families word one more sentence, name a product in it, and place it."""

import re
from functools import cache
from pathlib import Path
from random import Random

import yaml

from tests.assistant.grounding.mutations import alike, spoken
from tests.assistant.grounding.record_reading import Seen, Source


@cache
def wordings() -> dict[str, list[str]]:
    path = Path(__file__).with_name("wrong_wordings.yaml")
    found: dict[str, list[str]] = yaml.safe_load(path.read_text("utf-8"))
    return found


def called(one: Seen, source: Source, random: Random) -> str:
    """With its size where another is called the same; bold now and then."""
    name = one.title if alike(one, source) else spoken(one, source, random)
    return f"**{name}**" if random.random() < 0.15 else name


def placed(answer: str, sentence: str, random: Random) -> str:
    """All of the answer, before it, behind it, or its last point or line."""
    chance = random.random()
    if chance < 0.25:
        return sentence
    if "\n" not in answer:
        return f"{sentence} {answer}" if chance < 0.4 else f"{answer} {sentence}"
    point = re.match(r"[-*] ", answer.rsplit("\n", 1)[1])
    return f"{answer}\n{point[0]}{sentence}" if point else f"{answer}\n\n{sentence}"
