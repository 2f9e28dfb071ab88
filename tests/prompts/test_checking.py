"""A shop's own prompts: what wins, and what is refused at the start."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.settings import InvalidSettings, load_settings
from prompts import load, load_all, load_wording, names, use_folder
from prompts.checking import problems

REPAIR = "Wrong: {problem}. Right: {facts}. {already_said}"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    use_folder(None)


def test_own_prompts_win_by_name_and_ours_come_back(folder: Path) -> None:
    (folder / "assistant.md").write_text("\ufeffSell tea.\n", "utf-8")
    (folder / "assistant.calm.md").write_text("Sell tea calmly.", "utf-8")
    (folder / "repair.md").write_text(REPAIR, "utf-8")
    (folder / "README.md").write_text("Who wrote these, and why.", "utf-8")
    (folder / "apologies.yaml").write_text(
        "\n".join(f"{name}: Oh no." for name in load_wording("apologies")), "utf-8"
    )
    ours = load("assistant")

    assert problems(folder) == []
    use_folder(folder)
    load_all()
    assert load("assistant").text == "Sell tea."
    assert load("assistant", "calm").name == "assistant.calm"
    assert load("repair", "calm").text == REPAIR
    assert "README" not in names()
    assert load_wording("apologies")["failed"] == "Oh no."
    assert "products" in load_wording("suggestions")
    use_folder(None)
    assert load("assistant") == ours


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("asistant.md", "Sell.", "asistant.md is the name of no prompt"),
        ("assistant.Calm!.md", "Sell.", "is the name of no prompt"),
        ("repair.small.md", REPAIR, "is the name of no prompt"),
        ("assistant.md", "  \n", "assistant.md is empty"),
        ("repair.md", "{problem} {facts}", "repair.md lacks {already_said}"),
        ("repair.calm.md", REPAIR + "{name}", "has {name}, which nobody fills"),
        ("repair.md", REPAIR + "{", "repair.md lacks {facts}"),
        ("everyday_names.yaml", "a: [b]", "cannot be replaced"),
        ("apologies.yaml", "failed: Oh no.", "lacks 'too_slow'"),
        ("apologies.yaml", "- Oh no.", "is not a list of names"),
        ("suggestions.yaml", "products: Add it", "lacks 'products'"),
        ("suggestions.yaml", "products: [Add it", "cannot be read"),
    ],
)
def test_what_could_not_be_used_is_told(folder: Path, file: str, text: str, problem: str) -> None:
    (folder / file).write_text(text, "utf-8")

    assert any(problem in one for one in problems(folder))


def test_braces_are_only_text_where_nothing_is_filled(folder: Path) -> None:
    for name in ("assistant", "summary"):
        (folder / f"{name}.md").write_text('Say {"like": "this"}.', "utf-8")

    assert problems(folder) == []


def test_a_file_that_is_no_text_is_told(folder: Path) -> None:
    (folder / "assistant.md").write_bytes(b"\xff\xfe\x00")

    assert "cannot be read" in problems(folder)[0]


def test_settings_refuse_prompts_that_cannot_be_used(folder: Path) -> None:
    (folder / "repair.md").write_text("Again.", "utf-8")

    with pytest.raises(InvalidSettings, match=r"SMARTCART_PROMPTS: .*repair.md lacks \{facts\}"):
        load_settings(prompts=folder)
    with pytest.raises(InvalidSettings, match="is not a folder"):
        load_settings(prompts=folder / "repair.md")
    (folder / "repair.md").write_text(REPAIR, "utf-8")
    assert load_settings(prompts=folder).prompts == folder
