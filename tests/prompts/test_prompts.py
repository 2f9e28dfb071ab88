import re
import string
from pathlib import Path

import pytest

from assistant.toolset import SMALL_SET
from assistant.turn_context import MAX_MODEL_CALLS
from prompts import load, load_wording
from tools.registry import TOOLS
from tools.schema import argument_schema

PROMPTS = sorted(path.stem for path in Path("prompts").glob("*.md"))


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_is_known_by_its_digest(name: str) -> None:
    prompt = load(name)

    assert prompt.text
    assert len(prompt.digest) == 16


def test_the_prompt_names_every_tool() -> None:
    text = load("assistant").text

    assert [tool.name for tool in TOOLS if f"`{tool.name}`" not in text] == []


@pytest.mark.parametrize(("name", "most"), [("assistant", 2300), ("assistant.small", 700)])
def test_a_prompt_leaves_room_for_the_conversation(name: str, most: int) -> None:
    text = load(name).text

    # A vendor's tokenizer is not at hand without network; for English its tokens are about these.
    assert len(re.findall(r"\w+|[^\w\s]", text)) <= most


def test_the_short_prompt_names_only_tools_a_small_model_has() -> None:
    named = set(re.findall(r"`([a-z]+_[a-z_]+|undo)`", load("assistant.small").text))

    assert "search_catalog" in named
    assert named <= SMALL_SET


@pytest.mark.parametrize("name", PROMPTS)
def test_whatever_a_prompt_names_is_a_tool_or_an_argument(name: str) -> None:
    known = {part for tool in TOOLS for part in (tool.name, *argument_schema(tool)["properties"])}

    assert set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", load(name).text)) <= known


def test_the_repair_prompt_has_the_places_that_are_filled() -> None:
    fields = {name for _, name, _, _ in string.Formatter().parse(load("repair").text) if name}

    assert fields == {"problem", "facts", "already_said"}


def test_wording_is_read_as_words() -> None:
    apologies = load_wording("apologies")

    assert all(isinstance(text, str) and text for text in apologies.values())
    assert MAX_MODEL_CALLS > 1
