from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from knowledge.usage.prices import Price, Prices

MINI = Price(Decimal("0.25"), Decimal(2), Decimal("0.025"))
PLAIN = Price(Decimal("1.25"), Decimal(10))
PRICES = Prices(
    {
        "openai:gpt-5": PLAIN,
        "openai:gpt-5-mini": MINI,
        "google:flash": Price(Decimal("0.75"), Decimal(3), until=date(2026, 12, 31), then=PLAIN),
        "openai-compatible:*": Price(Decimal(0)),
    }
)


@pytest.mark.parametrize(
    ("provider", "model", "price"),
    [
        ("openai", "gpt-5-mini", MINI),
        ("openai-responses", "gpt-5-mini", MINI),
        ("openai", "gpt-5-mini-2025-08-07", MINI),
        ("openai", "gpt-5-latest", PLAIN),
        ("openai", "gpt-5-nano", None),
        ("openai", "gpt-5.6", None),
        ("anthropic", "gpt-5", None),
    ],
)
def test_a_dated_name_costs_what_its_model_does(
    provider: str, model: str, price: Price | None
) -> None:
    assert PRICES.of(provider, model) == price


def test_cached_input_is_cheaper_and_part_of_the_input() -> None:
    cost = PRICES.cost_micros(
        "openai", "gpt-5-mini", input_tokens=10_000, cached_tokens=8_000, output_tokens=500
    )

    assert cost == 2_000 * 0.25 + 8_000 * 0.025 + 500 * 2


def test_an_unknown_price_is_not_nothing_and_a_free_server_is() -> None:
    assert PRICES.cost_micros("openai", "unheard-of", input_tokens=10) is None
    assert PRICES.cost_micros("openai-compatible", "llama", input_tokens=10) == 0


def test_more_cached_than_sent_costs_no_less_than_nothing() -> None:
    assert PRICES.cost_micros("openai", "gpt-5", input_tokens=100, cached_tokens=900) == 125


@pytest.mark.parametrize(("day", "cost"), [(31, 750_000), (32, 1_250_000)])
def test_an_introductory_price_ends_on_its_day(day: int, cost: int) -> None:
    at = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    at = at if day == 31 else datetime(2027, 1, 1, tzinfo=UTC)

    assert PRICES.cost_micros("google", "flash", input_tokens=1_000_000, at=at) == cost
