from pathlib import Path

import pytest

from tests.connectors.cli.conftest import Run, printed
from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.model_server import Reply
from tests.stand_ins.openai_server import OpenAiServer


@pytest.fixture
def keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del folder  # it takes settings away
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-very-secret")


@pytest.mark.usefixtures("keys")
def test_each_vendor_of_the_chain_is_asked_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAiServer(Reply("OK")) as openai, GeminiServer(Reply("OK")) as google:
        place = openai.base_url
        chain = f"openai:gpt-5-mini@{place},google:gemini-3-flash@{google.base_url},offline"
        monkeypatch.setenv("SMARTCART_MODEL", chain)
        monkeypatch.setenv("SMARTCART_EMBEDDINGS", f"openai:text-embedding-3-small@{place}")

        result = run("check", "--live", "--json")

    assert result.exit_code == 0, result.output
    told = printed(result)["live"]
    assert [(one["purpose"], one["name"], one["outcome"]) for one in told] == [
        ("model", "openai:gpt-5-mini", "ok"),
        ("model", "google:gemini-3-flash", "ok"),
        ("embeddings", "openai:text-embedding-3-small", "ok"),
    ]
    assert all(one["input_tokens"] for one in told[:2])
    assert len(openai.asked) == len(google.asked) == 1


@pytest.mark.usefixtures("keys")
def test_a_vendor_that_refuses_the_key_fails_the_check(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAiServer(Reply(status=401)) as server:
        monkeypatch.setenv("SMARTCART_MODEL", f"openai:gpt-5-mini@{server.base_url},offline")

        result = run("check", "--live")

    assert result.exit_code == 1
    assert "refused" in result.stdout
    assert "very-secret" not in result.output


def test_without_the_option_nobody_is_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAiServer() as server:
        monkeypatch.setenv("SMARTCART_MODEL", f"openai:gpt-5-mini@{server.base_url}")

        result = run("check", "--json")

    assert result.exit_code == 0
    assert "live" not in printed(result)
    assert server.asked == []
