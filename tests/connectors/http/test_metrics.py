"""What Prometheus reads, and who may read it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient

from connectors.settings import Settings
from tests.connectors.metrics_page import Page


@pytest.fixture
def here(anonymous: TestClient) -> TestClient:
    """A client on this machine."""
    client = TestClient(anonymous.app, client=("127.0.0.1", 50000))
    client.portal = anonymous.portal
    return client


@pytest.fixture
def scrape(here: TestClient) -> Callable[[], Page]:
    """Read the page as Prometheus does."""

    def read() -> Page:
        page = here.get("/metrics")
        assert page.status_code == 200
        return Page(page.text)

    return read


def test_a_turn_is_counted_with_its_tools_and_requests(
    scrape: Callable[[], Page], say: Callable[..., dict[str, Any]]
) -> None:
    before = scrape()
    say("show my cart")
    after = scrape()

    def grown(name: str, **labels: str) -> float:
        return after.of(name, **labels) - before.of(name, **labels)

    route = "/api/v1/messages"
    assert grown("smartcart_turns_total", channel="web", outcome="answered") == 1
    assert grown("smartcart_turn_seconds_count", channel="web") == 1
    assert grown("smartcart_tool_calls_total", tool="get_cart", outcome="ok") == 1
    assert grown("smartcart_http_requests_total", method="POST", route=route, status="200") == 1
    assert grown("smartcart_http_request_seconds_count", route=route) == 1
    assert after.of("smartcart_inbox_unanswered") == 0
    assert after.of("process_resident_memory_bytes") > 10_000_000
    states = {one.labels["status"] for one in after.samples if one.name == "smartcart_jobs"}
    assert states == {"waiting", "running", "dead"}


def test_paths_are_counted_by_their_template(
    scrape: Callable[[], Page], client: TestClient
) -> None:
    client.get("/api/v1/products/no-such-thing")
    client.get("/somewhere/else")

    page = scrape()
    counted = [one.labels for one in page.samples if one.name == "smartcart_http_requests_total"]
    assert any("{" in labels["route"] and labels["status"] == "404" for labels in counted)
    assert any(labels["route"] == "other" for labels in counted)
    assert not any("no-such-thing" in labels["route"] for labels in counted)


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}]
)
def test_what_a_proxy_brings_is_not_from_here(here: TestClient, headers: dict[str, str]) -> None:
    assert here.get("/metrics", headers=headers).status_code == 404


def test_others_see_nothing_there(anonymous: TestClient) -> None:
    elsewhere = TestClient(anonymous.app, client=("203.0.113.7", 50000))
    elsewhere.portal = anonymous.portal

    assert elsewhere.get("/metrics").status_code == 404
    assert "/metrics" not in elsewhere.get("/openapi.json").text


@pytest.fixture
def with_token(app: FastAPI, anonymous: TestClient) -> Iterator[TestClient]:
    parts = anonymous.app.state.application  # type: ignore[attr-defined]
    settings = parts.settings
    token = Settings.model_copy(settings, update={"metrics_token": SecretStr("let-me-in")})
    object.__setattr__(parts, "settings", token)
    elsewhere = TestClient(app, client=("203.0.113.7", 50000))
    elsewhere.portal = anonymous.portal
    yield elsewhere
    object.__setattr__(parts, "settings", settings)


@pytest.mark.parametrize(
    ("authorization", "status"),
    [(None, 401), ("Bearer wrong", 401), ("Basic let-me-in", 401), ("Bearer let-me-in", 200)],
)
def test_with_a_token_it_opens_for_the_token_alone(
    with_token: TestClient, here: TestClient, authorization: str | None, status: int
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    assert with_token.get("/metrics", headers=headers).status_code == status
    assert here.get("/metrics").status_code == 401
