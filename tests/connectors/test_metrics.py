"""What is counted of models and turns."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.insight import TurnReport
from connectors.metrics import Metrics, fallbacks
from knowledge.usage.models import ModelUse
from tests.connectors.metrics_page import Page

FROM_THE_DATABASE = (
    "smartcart_jobs",
    "smartcart_inbox_unanswered",
    "smartcart_inbox_oldest_seconds",
    "smartcart_model_breaker_open",
)


def use(**given: Any) -> ModelUse:
    usual: dict[str, Any] = {
        "purpose": "answer",
        "provider": "openai",
        "model": "mini",
        "outcome": "ok",
        "at": datetime(2026, 11, 23, tzinfo=UTC),
        "latency_ms": 1500,
        "first_token_ms": 400,
        "input_tokens": 1000,
        "cached_tokens": 700,
        "output_tokens": 50,
        "cost_micros": 2500,
    }
    return ModelUse(**{**usual, **given})


def test_calls_of_models_are_counted_with_tokens_and_cost() -> None:
    metrics = Metrics()

    metrics.model_called(use())
    metrics.model_called(use(outcome="busy", first_token_ms=None, cost_micros=None))

    page = Page(metrics.render().decode())
    mini = {"provider": "openai", "model": "mini"}
    assert page.of("smartcart_model_calls_total", **mini, purpose="answer", outcome="busy") == 1
    assert page.of("smartcart_model_tokens_total", **mini, kind="cached") == 1400
    assert page.of("smartcart_model_cost_dollars_total", **mini) == 0.0025
    assert page.of("smartcart_model_calls_unpriced_total", **mini) == 1
    assert page.of("smartcart_model_first_token_seconds_count", **mini) == 1
    assert page.of("smartcart_model_call_seconds_sum", **mini) == 3


def test_values_of_labels_stay_few() -> None:
    metrics = Metrics()

    for number in range(200):
        metrics.model_called(use(model=f"model-{number}"))

    page = Page(metrics.render().decode())
    counted = [one for one in page.samples if one.name == "smartcart_model_calls_total"]
    assert len(counted) == 41
    assert max(one.value for one in counted) == 160


@pytest.mark.parametrize(
    ("answered_by", "uses", "count"),
    [
        ("openai:mini", [use()], 0),
        ("openai:mini", [use(outcome="busy"), use()], 0),
        ("google:flash", [use(outcome="busy"), use(provider="google", model="flash")], 1),
        ("offline", [use(outcome="timeout")], 1),
        ("offline", [], 0),
        ("openai:mini", [use(), use(purpose="repair", model="other")], 0),
    ],
)
def test_going_on_with_another_model_is_counted(
    answered_by: str, uses: list[ModelUse], count: int
) -> None:
    report = TurnReport("web", "answered", answered_by, 1.0, uses, stopped=2)

    assert fallbacks(report) == count
    metrics = Metrics()
    metrics.turn_ended(report)
    page = Page(metrics.render().decode())
    assert page.of("smartcart_model_fallbacks_total") == count
    assert page.of("smartcart_gate_stops_total") == 2
    assert page.of("smartcart_gate_repairs_total") == ("other" in str(uses))


def test_the_dashboard_and_the_alerts_ask_for_what_there_is() -> None:
    metrics = Metrics()
    known = {family.name for family in metrics.registry.collect()} | set(FROM_THE_DATABASE)
    root = Path(__file__).parents[2]

    asked = "".join(
        (root / place).read_text("utf-8") for place in ("deploy/grafana.json", "docs/insight.md")
    )

    for name in set(re.findall(r"\bsmartcart_[a-z_]+", asked)):
        assert re.sub(r"_(total|bucket|sum|count)$", "", name) in known, name
