import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from connectors.cli.main import app
from connectors.evaluation.cases import Case
from connectors.evaluation.records import RunRecord
from connectors.evaluation.run import run_cases
from connectors.evaluation.scores import score
from connectors.settings import Settings
from tests.stand_ins.model_server import Asked, Reply, Usage
from tests.stand_ins.openai_server import OpenAiServer

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


BANANAS: dict[str, Any] = {"items": [{"product": "P001", "quantity": "2"}]}
PRICES = "models: {'openai:gpt-5-mini': {input: 1.00, cached: 0.50, output: 10.00}}"


@pytest.fixture(scope="session")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the market that opens in no time."""
    products = Path("tests/evals/catalogs/market.jsonl").read_text("utf-8").splitlines()[:40]
    file = tmp_path_factory.mktemp("catalog") / "market.jsonl"
    file.write_text("\n".join(products), "utf-8")
    return file


def test_cases_are_counted_by_kind_with_the_reason_of_each_failure(
    tmp_path: Path, catalog: Path
) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, model="offline", catalog=catalog)
    cases = [Case.model_validate(case) for case in CASES]

    scores = score(asyncio.run(run_cases(settings, cases, repeat=2, parallel=2))).as_json()

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


def test_tokens_cost_and_time_are_those_of_the_model(tmp_path: Path, catalog: Path) -> None:
    (tmp_path / "prices.yaml").write_text(PRICES, "utf-8")
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "assistant.calm.md").write_text("Be calm.", "utf-8")
    systems = set()

    def shops(asked: Asked) -> Reply:
        systems.add(asked.system.partition("#")[0].strip())
        if not asked.results:
            return Reply(calls=[("add_to_cart", BANANAS)], usage=Usage(3000, 50, cached=2000))
        return Reply("Done, they are in your cart.", usage=Usage(4000, 20))

    with OpenAiServer(rules=[shops]) as server:
        settings = Settings(
            _env_file=None,
            data_dir=tmp_path,
            catalog=catalog,
            model="openai:gpt-5-mini",
            openai_api_key=SecretStr("key"),
            openai_base_url=server.base_url,
            model_prices=tmp_path / "prices.yaml",
            prompts=tmp_path / "prompts",
            shopper_daily_turns=1,
        )
        turns = [{"user": "two bananas"}, {"user": "two more"}]
        cases = [Case.model_validate({"id": one, "turns": turns}) for one in ("a", "b")]
        run = asyncio.run(run_cases(settings, cases, parallel=2, variant="calm"))

    assert systems == {"Be calm."}
    first = run.cases[0].turns[0]
    assert [(tool.name, tool.arguments) for tool in first.tools] == [("add_to_cart", BANANAS)]
    assert first.tools[0].ok
    assert first.tools[0].result
    assert first.cart[0].startswith("2 x Bananas, loose (P001)")
    assert len(run.prompts) == 1
    (model,) = score(run).models
    assert (model.model, model.turns, model.calls, model.failed_calls) == (
        "openai:gpt-5-mini", 4, 8, 0,
    )  # fmt: skip
    assert (model.input_tokens, model.cached_tokens, model.output_tokens) == (28000, 8000, 280)
    assert model.cost == pytest.approx((20000 * 1 + 8000 * 0.5 + 280 * 10) / 1_000_000)
    assert model.unpriced == 0
    assert model.p50_seconds is not None


def test_the_command_judges_writes_down_and_keeps_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalog: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "assistant.calm.md").write_text("Be calm.", "utf-8")
    monkeypatch.setenv("SMARTCART_PROMPTS", "prompts")
    monkeypatch.setenv("SMARTCART_CATALOG", str(catalog))
    tagged = [{**case, "tags": ["short", case["kind"]]} for case in CASES]
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, tagged)), "utf-8")

    failed = CliRunner().invoke(
        app, ["eval", "cases.jsonl", "--tag", "short", "--limit", "2", "--repeat", "2",
              "--parallel", "4", "--variant", "calm", "--save", "run.json",
              "--transcripts", "told"],
    )  # fmt: skip
    passed = CliRunner().invoke(app, ["eval", "cases.jsonl", "--tag", "cart", "--json"])

    assert failed.exit_code == 1, failed.output
    assert "1 of 2 cases, 8 of 10 turns." in failed.stdout
    assert "Passing k times in a row: 1x 50.0%, 2x 50.0%." in failed.stdout
    assert "Failed expectations: cart_has 2." in failed.stdout
    run = RunRecord.load(tmp_path / "run.json")
    assert [(one.id, one.repetition) for one in run.cases] == [
        ("adds", 1), ("adds", 2), ("expects too much", 1), ("expects too much", 2),
    ]  # fmt: skip
    assert (run.model, run.variant) == ("offline", "calm")
    assert len(run.prompts) == 1
    page = (tmp_path / "told" / "expects-too-much.md").read_text("utf-8")
    assert "**Tool** search_catalog" in page
    assert (tmp_path / "told" / "index.md").is_file()
    assert passed.exit_code == 0, passed.output
    document = json.loads(passed.stdout)
    assert {"cases", "passed", "by_kind", "turns", "turns_passed", "failures"} <= set(document)
    assert document["models"][0]["model"] == "offline"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--variant", "loud"], "no prompt of the variant 'loud'"),
        (["--tag", "other"], "No case is of that kind"),
    ],
)
def test_what_cannot_be_judged_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.jsonl").write_text(json.dumps(CASES[0]), "utf-8")

    result = CliRunner().invoke(app, ["eval", "cases.jsonl", *options])

    assert result.exit_code == 2
    assert why in result.stderr
