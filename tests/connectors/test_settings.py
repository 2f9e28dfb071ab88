from itertools import pairwise
from pathlib import Path

import pytest

from connectors.settings import PREFIX, InvalidSettings, Settings, load_settings, unknown_names

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment without settings, in a folder without an `.env`."""
    for names in Settings.names().values():
        for name in names:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_example_file_names_every_setting_with_its_meaning_and_default() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    documented = {}
    for above, line in pairwise(lines):
        if line.startswith("#" + PREFIX):
            name, _, value = line.removeprefix("#").partition("=")
            documented[name] = (above, value)

    expected = {}
    for field, names in Settings.names().items():
        info = Settings.model_fields[field]
        also = f" (also read: {', '.join(names[1:])})" if names[1:] else ""
        default = "" if info.default in (None, []) else str(info.default)
        expected[names[0]] = (f"# {info.description}{also}", default)
    assert documented == expected


def test_every_setting_in_the_example_file_can_be_uncommented(bare_environment: Path) -> None:
    text = (ROOT / ".env.example").read_text("utf-8").replace("#" + PREFIX, PREFIX)
    (bare_environment / ".env").write_text(text, "utf-8")

    assert load_settings() == Settings()


def test_works_without_any_setting() -> None:
    settings = load_settings()

    assert settings.model_spec == "offline"
    assert settings.database_address.endswith(".smartcart/smartcart.db")
    assert settings.profile.currency == "USD"


def test_reads_the_file_and_the_environment_wins(
    bare_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare_environment / ".env").write_text("SMARTCART_PORT=9001\nSMARTCART_CURRENCY=EUR\n", "utf-8")
    monkeypatch.setenv("SMARTCART_PORT", "9002")

    settings = load_settings()

    assert (settings.port, settings.currency) == (9002, "EUR")


def test_command_line_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTCART_PORT", "9001")

    assert load_settings(port=9002, host=None).port == 9002


@pytest.mark.parametrize(
    ("variable", "model"),
    [
        ("OPENAI_API_KEY", "openai-responses:"),
        ("SMARTCART_OPENAI_API_KEY", "openai-responses:"),
        ("GEMINI_API_KEY", "google:"),
        ("GOOGLE_API_KEY", "google:"),
    ],
)
def test_a_vendors_key_chooses_its_model(
    monkeypatch: pytest.MonkeyPatch, variable: str, model: str
) -> None:
    monkeypatch.setenv(variable, "secret-key")

    settings = load_settings()

    assert settings.model_spec.startswith(model)
    assert "key is set" in settings.models.reason
    assert "secret-key" not in repr(settings)


def test_a_named_model_wins_over_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("SMARTCART_MODEL", "offline")

    assert load_settings().model_spec == "offline"


def test_a_compatible_server_needs_no_key() -> None:
    settings = load_settings(model="openai:llama", model_base_url="http://localhost:11434/v1")

    assert settings.model_spec == "openai:llama"


def test_an_address_meant_for_openai_does_not_redirect_gemini(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1")
    monkeypatch.setenv("GEMINI_API_KEY", "k")

    def first_address(settings: Settings) -> str | None:
        return settings.models.address_of(settings.models.chain[0])

    assert first_address(load_settings()) is None
    assert first_address(load_settings(model="openai:llama")) == "http://localhost:11434/v1"
    elsewhere = load_settings(model_base_url="http://localhost:9999")
    assert first_address(elsewhere) == "http://localhost:9999"


def test_a_chain_of_models_is_kept_in_one_form_of_writing() -> None:
    settings = load_settings(model=" gemini:g , offline", gemini_api_key="k")

    assert settings.model_spec == "google:g,offline"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("CURRENCY", "usd"),
        ("TIMEZONE", "Mars/Olympus"),
        ("WEEK_START", "someday"),
        ("UNITS", "imperial"),
        ("MODEL", "gpt"),
        ("MODEL", "offline,openai:gpt-5"),
        ("EMBEDDINGS", "best"),
        ("CATALOG", "/there/is/none.jsonl"),
        ("DATABASE_URL", "mysql://x"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value_is_told_in_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)

    with pytest.raises(InvalidSettings, match=PREFIX + name) as caught:
        load_settings()

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("decided", "missing"),
    [
        ({"model": "openai:gpt-5"}, "OPENAI_API_KEY"),
        ({"model": "google:gemini-2.5-flash"}, "GEMINI_API_KEY"),
        ({"model": "openai-compatible:a@http://b,openai:gpt-5"}, "openai:gpt-5.*OPENAI_API_KEY"),
        ({"embeddings": "openai:text-embedding-3-small"}, "OPENAI_API_KEY"),
        ({"embeddings": "google:gemini-embedding-001"}, "GEMINI_API_KEY"),
    ],
)
def test_a_choice_that_needs_a_key_says_which(decided: dict[str, str], missing: str) -> None:
    with pytest.raises(InvalidSettings, match=missing):
        load_settings(**decided)


def test_a_week_starts_on_a_named_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTCART_WEEK_START", "Sunday")

    assert load_settings().profile.week_start == 6


def test_names_nobody_reads_are_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTCART_PROT", "8000")

    assert unknown_names() == ["SMARTCART_PROT"]
