import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.cli.main import app
from connectors.evaluation.comparing import compare
from connectors.evaluation.records import RunRecord
from knowledge.errors import InvalidInput
from tests.connectors.evaluation.runs import case, run, turn

BAD = turn("cart: is empty", seconds=2.0)
GOOD = turn()


def outcomes(text: str) -> RunRecord:
    """A run of cases that pass (``+``) or fail (``-``)."""
    return run(
        *[case(f"case{number}", GOOD if one == "+" else BAD) for number, one in enumerate(text)]
    )


def test_cases_that_changed_are_named() -> None:
    comparison = compare(outcomes("++--+"), outcomes("+-+--"))

    assert (comparison.mended, comparison.broken) == (["case2"], ["case1", "case4"])
    assert (comparison.first.passed, comparison.second.passed) == (3, 2)
    assert comparison.chance == 1.0
    assert "may well be chance" in comparison.verdict


def test_a_difference_is_told_from_chance() -> None:
    comparison = compare(outcomes("-" * 8 + "+" * 4), outcomes("+" * 12))

    assert comparison.chance < 0.05
    assert "the second run is better, hardly by chance (p = 0.008)" in comparison.verdict
    assert "the first run is better" in compare(outcomes("+" * 9), outcomes("-" * 9)).verdict
    assert "No case changed" in compare(outcomes("+-"), outcomes("+-")).verdict


def test_only_cases_of_both_runs_are_compared() -> None:
    comparison = compare(run(case("a", GOOD), case("b", BAD)), run(case("a", GOOD), case("c", BAD)))

    assert (comparison.first.cases, comparison.second.cases) == (1, 1)
    assert (comparison.only_first, comparison.only_second) == (["b"], ["c"])


def test_repeated_cases_pass_when_every_repetition_does() -> None:
    shaky = run(case("a", GOOD), case("a", BAD, repetition=2), repeat=2)
    steady = run(case("a", GOOD), case("a", GOOD, repetition=2), repeat=2)

    assert compare(shaky, steady).mended == ["a"]


def test_a_saved_run_is_read_as_it_was(tmp_path: Path) -> None:
    before = outcomes("+-")
    before.save(tmp_path / "run.json")

    assert RunRecord.load(tmp_path / "run.json") == before


def test_what_is_no_saved_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        RunRecord.load(tmp_path / "nothing.json")
    (tmp_path / "other.json").write_text('{"cases": []}', "utf-8")
    with pytest.raises(InvalidInput, match="is no saved run"):
        RunRecord.load(tmp_path / "other.json")


def test_the_command_tells_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcomes("++--").save(tmp_path / "a.json")
    outcomes("+-+-").model_copy(update={"variant": "calm"}).save(tmp_path / "b.json")

    shown = CliRunner().invoke(app, ["eval-compare", "a.json", "b.json"])
    told = CliRunner().invoke(app, ["eval-compare", "a.json", "b.json", "--json"])

    assert shown.exit_code == 0, shown.output
    assert "fail to pass: case2" in shown.stdout
    assert "pass to fail: case1" in shown.stdout
    assert "2 of 4" in shown.stdout
    document = json.loads(told.stdout)
    assert (document["mended"], document["broken"], document["p"]) == (["case2"], ["case1"], 1.0)
    assert document["second"]["cost"] == 0.004
