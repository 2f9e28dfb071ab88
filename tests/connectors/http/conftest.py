"""The real app on a copy of the sample shop, with a real Redis, called in process.

Opening it takes a second, so the tests of a module share one; each has shoppers of its own.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from connectors.http.app import create_app
from connectors.settings import Settings
from connectors.wiring import open_application
from tests.databases import SqliteTemplate


@pytest.fixture(scope="module")
def settings(
    tmp_path_factory: pytest.TempPathFactory, sample_template: SqliteTemplate, redis_url: str
) -> Settings:
    """Settings of these tests alone, whatever the environment says."""
    folder = tmp_path_factory.mktemp("shop")
    return Settings(
        _env_file=None,
        data_dir=folder / "data",
        database_url=sample_template.copy_to(folder),
        redis_url=redis_url,
        model="offline",
        max_body_bytes=20_000,
    )


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    return create_app(settings, lambda: open_application(settings, indexing="none"))


@pytest.fixture(scope="module")
def anonymous(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


SignIn = Callable[[], TestClient]


@pytest.fixture
def sign_in(anonymous: TestClient) -> SignIn:
    """Make clients, each of another shopper."""

    def make() -> TestClient:
        session = anonymous.post("/api/v1/sessions", json={}).json()
        client = TestClient(anonymous.app, raise_server_exceptions=False)
        client.portal = anonymous.portal  # the parts belong to the loop that opened them
        client.headers["Authorization"] = f"Bearer {session['token']}"
        return client

    return make


@pytest.fixture
def client(sign_in: SignIn) -> TestClient:
    return sign_in()


@pytest.fixture
def say(client: TestClient) -> Callable[..., dict[str, Any]]:
    """Send a message of one conversation and return the answer."""
    conversation: dict[str, str] = {}

    def send(text: str, **more: Any) -> dict[str, Any]:
        reply = client.post("/api/v1/messages", json={"text": text, **conversation, **more})
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        conversation["conversation_id"] = answer["conversation_id"]
        return answer

    return send
