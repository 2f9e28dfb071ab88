"""What an owner sees of the calls of models."""

from datetime import UTC, datetime

import pytest

from knowledge.shop import Shop
from knowledge.usage.models import ModelUse
from tests.connectors.cli.conftest import Run, printed


@pytest.fixture(autouse=True)
def calls(small_shop: Shop) -> None:
    now = datetime.now(UTC)

    def use(model: str, cost: int | None, turn: str, purpose: str = "answer") -> ModelUse:
        return ModelUse(
            purpose=purpose,
            provider="openai",
            model=model,
            outcome="ok",
            at=now,
            latency_ms=1500,
            first_token_ms=500,
            input_tokens=1000,
            cached_tokens=250,
            output_tokens=50,
            cost_micros=cost,
            turn_id=turn,
            shopper_id="sh_1",
            channel="web",
        )

    small_shop.change(
        lambda work: work.model_calls.add_many(
            [use("mini", 1_234_567, "t1"), use("mini", 100, "t2", "repair"), use("new", None, "t2")]
        )
    )


def test_usage_is_drawn_by_model_with_unknown_costs_said_to_be_so(run: Run) -> None:
    drawn = run("admin", "usage").stdout

    assert "openai:mini" in drawn
    assert "$1.2347" in drawn
    assert "unknown" in drawn
    assert "$1.2347+" in drawn.replace(" ", "")  # in all, without what is not known
    assert "25%" in drawn


def test_usage_is_printed_for_programs(run: Run) -> None:
    told = printed(run("admin", "usage", "--days", "2", "--by", "purpose", "--json"))

    assert {one["name"]: one["calls"] for one in told["items"]} == {"answer": 2, "repair": 1}
    assert told["total"]["cost_usd"] == "1.234667"
    assert told["total"]["unpriced"] == 1
    by_model = printed(run("admin", "usage", "--json"))["items"]
    assert {one["name"]: one["cost_usd"] for one in by_model}["openai:new"] is None


def test_shoppers_are_told_apart_by_their_ids(run: Run) -> None:
    told = printed(run("admin", "usage", "--shopper", "--json"))["items"]

    assert [(one["name"], one["turns"]) for one in told] == [("sh_1", 2)]


def test_a_grouping_there_is_not_is_told(run: Run) -> None:
    result = run("admin", "usage", "--by", "mood")

    assert result.exit_code == 2
    assert "day, model, purpose, channel" in result.stderr
