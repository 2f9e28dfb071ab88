"""The list of prices that ships, and a shop's own."""

from decimal import Decimal
from pathlib import Path

import pytest

from assistant.insight import Insight
from assistant.providers.minds import Minds
from assistant.providers.opening import ModelOptions, open_mind
from assistant.providers.specs import parse_spec
from assistant.spending import OWNER_MAIL, SpendingLimits
from connectors.insight import unpriced, warn_of_unpriced
from connectors.mail.owner_mails import OWNER_MAIL_JOB
from connectors.model_choice import DEFAULT_GOOGLE_MODEL, DEFAULT_OPENAI_MODEL
from connectors.model_prices import load_prices, read_prices
from connectors.settings import Settings
from knowledge.errors import InvalidInput
from knowledge.usage.prices import Price

OWN = """
models:
  openai:gpt-5.4-mini: {input: 0.6, output: 3.6}
  openai-compatible:*: 0
"""


def loaded(file: Path | None = None) -> Settings:
    return Settings(_env_file=None, model_prices=file)


@pytest.mark.parametrize("spec", [DEFAULT_OPENAI_MODEL, DEFAULT_GOOGLE_MODEL])
def test_the_models_a_shop_gets_by_itself_have_a_price(spec: str) -> None:
    provider, _, model = spec.partition(":")

    assert load_prices(loaded()).of(provider, model) is not None


def test_a_shops_own_prices_win_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(OWN, "utf-8")

    prices = load_prices(loaded(file))

    assert prices.of("openai", "gpt-5.4-mini") == Price(Decimal("0.6"), Decimal("3.6"))
    assert prices.of("openai", "gpt-5.4") is not None
    assert prices.cost_micros("openai-compatible", "llama", input_tokens=9, output_tokens=9) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("models: {openai:x: {input: -1}}", "greater than or equal to 0"),
        ("models: {openai:x: {input: 1, per: day}}", "models.openai:x.per"),
        ("models: {gpt: {input: 1}}", "models.gpt"),
        ("models: [", "cannot be read"),
        ("prices: {}", "prices"),
    ],
)
def test_a_list_that_cannot_be_used_says_where(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(text, "utf-8")

    with pytest.raises(InvalidInput, match=said):
        read_prices(file)


def test_a_limit_that_cannot_see_a_cost_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    options = ModelOptions(api_key="k", base_url="http://127.0.0.1:9/v1")
    minds = Minds(
        open_mind(parse_spec(name), options) for name in ("openai:gpt-5.4", "openai:unheard-of")
    )
    prices = load_prices(loaded())

    warn_of_unpriced(minds, Insight(prices=prices))
    assert caplog.text == ""
    limits = SpendingLimits(daily_cost=Decimal(1))
    warn_of_unpriced(minds, Insight(prices=prices, limits=limits))

    assert unpriced(minds, prices) == ["openai:unheard-of"]
    assert "openai:unheard-of" in caplog.text


def test_the_owners_mail_is_a_job_somebody_does() -> None:
    assert OWNER_MAIL == OWNER_MAIL_JOB
