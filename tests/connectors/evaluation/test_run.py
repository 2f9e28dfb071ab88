import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connectors.cli.main import app
from connectors.evaluation.cases import Case
from connectors.evaluation.run import run_cases
from connectors.settings import Settings

pytestmark = pytest.mark.timeout(120)

CASES: list[dict[str, Any]] = [
    {
        "id": "adds",
        "kind": "cart",
        "setup": {
            "cart": [{"product": "P001", "quantity": "2"}],
            "budget": {"amount": "30", "period": "trip"},
            "preferences": {"diets": ["vegan"], "allergens": ["peanuts"]},
        },
        "turns": [
            {
                "user": "what is in my cart?",
                "expect": {
                    "cart": [{"product": "P001", "quantity": 2}],
                    "budget": {"amount": "30.00", "period": "trip"},
                    "preferences_has": {"diets": ["vegan"], "allergens": ["peanuts"]},
                    "cart_unchanged": True,
                    "order_placed": False,
                },
            },
            {"user": "check out", "expect": {"confirmation": True}},
            {"user": "yes", "expect": {"order_placed": True, "cart": []}},
        ],
    },
    {
        "id": "expects too much",
        "kind": "search",
        "turns": [
            {"user": "show me bananas", "expect": {"shows_all": ["P001"]}},
            {"user": "thanks", "expect": {"cart_has": [{"product": "P001"}]}},
        ],
    },
    {
        "id": "starts from nothing that is sold",
        "kind": "search",
        "setup": {"cart": [{"product": "nope", "quantity": "1"}]},
        "turns": [{"user": "hello"}],
    },
]


def test_cases_are_counted_by_kind_with_the_reason_of_each_failure(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, model="offline")
    cases = [Case.model_validate(case) for case in CASES]

    scores = asyncio.run(run_cases(settings, cases, repeat=2)).as_json()

    assert (scores["cases"], scores["passed"]) == (3, 1)
    assert scores["by_kind"] == {
        "cart": {"cases": 1, "passed": 1},
        "search": {"cases": 2, "passed": 0},
    }
    assert scores["turns"] == 12
    assert scores["turns_passed"] == 8
    told = {(failure["id"], failure["turn"]) for failure in scores["failures"]}
    assert told == {("expects too much", 2), ("starts from nothing that is sold", 0)}
    assert not (tmp_path / "smartcart.db").exists()


def test_the_command_prints_the_scores_and_fails_when_a_case_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(case) for case in CASES[:2]), "utf-8")

    failed = CliRunner().invoke(app, ["eval", str(file), "--model", "offline", "--json"])
    passed = CliRunner().invoke(app, ["eval", str(file), "--model", "offline", "--kind", "cart"])

    assert failed.exit_code == 1
    assert set(json.loads(failed.stdout)) == {
        "cases", "passed", "by_kind", "turns", "turns_passed", "failures",
    }  # fmt: skip
    assert passed.exit_code == 0, passed.output
    assert "1 of 1 cases" in passed.stdout
