"""Runs to score, compare and write down, made without a shop."""

from datetime import UTC, datetime
from typing import Any

from connectors.evaluation.records import (
    CallRecord,
    CaseRecord,
    RunRecord,
    ToolRecord,
    TurnRecord,
)


def call(**values: Any) -> CallRecord:
    known = {
        "provider": "openai",
        "model": "gpt-5-mini",
        "purpose": "answer",
        "outcome": "ok",
        "latency_ms": 700,
        "input_tokens": 3000,
        "cached_tokens": 2000,
        "output_tokens": 100,
        "cost_micros": 500,
    }
    return CallRecord.model_validate({**known, **values})


def turn(*why: str, seconds: float = 1.0, **values: Any) -> TurnRecord:
    known: dict[str, Any] = {
        "turn_id": "t1",
        "said": "two bananas | please",
        "text": "Two **bananas**.\nThat is $0.58.",
        "outcome": "answered",
        "model": "gpt-5-mini",
        "seconds": seconds,
        "tools": [
            ToolRecord(
                name="add_to_cart",
                arguments={"items": [{"product": "P001", "quantity": "2"}]},
                result="Added:\n2 x Bananas `P001`",
                ok=True,
            )
        ],
        "blocks": ["cart: added Bananas"],
        "cart": ["2 x Bananas (P001), 0.58"],
        "total": "0.58 USD",
        "calls": [call(), call()],
        "why": list(why),
    }
    return TurnRecord(**{**known, **values})


def case(name: str, *turns: TurnRecord, **values: Any) -> CaseRecord:
    return CaseRecord(
        **{"id": name, "kind": "single", "planned": len(turns), "turns": list(turns), **values}
    )


def run(*cases: CaseRecord, **values: Any) -> RunRecord:
    return RunRecord(
        **{
            "started_at": datetime(2026, 11, 23, 9, tzinfo=UTC),
            "seconds": 12.5,
            "model": "openai:gpt-5-mini",
            "cases": list(cases),
            **values,
        }
    )
