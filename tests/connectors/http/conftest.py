"""The real app on a copy of the sample shop, with a real Redis, called in process."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from connectors.http.app import create_app
from connectors.settings import Settings
from connectors.wiring import open_application
from tests.databases import SqliteTemplate


@pytest.fixture
def settings(tmp_path: Path, sample_template: SqliteTemplate, redis_url: str) -> Settings:
    """Settings of a test alone, whatever the environment says."""
    database = tmp_path / "database"
    database.mkdir()
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        database_url=sample_template.copy_to(database),
        redis_url=redis_url,
        model="offline",
        max_body_bytes=20_000,
    )


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings, lambda: open_application(settings, indexing="none"))


@pytest.fixture
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
