import string
from pathlib import Path

import pytest

from assistant.turn_context import MAX_MODEL_CALLS
from prompts import load, load_wording
from tools.registry import TOOLS

PROMPTS = sorted(path.stem for path in Path("prompts").glob("*.md"))


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_is_known_by_its_digest(name: str) -> None:
    prompt = load(name)

    assert prompt.text
    assert len(prompt.digest) == 16


def test_the_prompt_names_every_tool() -> None:
    text = load("assistant").text

    assert [tool.name for tool in TOOLS if f"`{tool.name}`" not in text] == []


def test_the_repair_prompt_has_the_places_that_are_filled() -> None:
    fields = {name for _, name, _, _ in string.Formatter().parse(load("repair").text) if name}

    assert fields == {"problem", "facts", "already_said"}


def test_wording_is_read_as_words() -> None:
    apologies = load_wording("apologies")

    assert all(isinstance(text, str) and text for text in apologies.values())
    assert MAX_MODEL_CALLS > 1
