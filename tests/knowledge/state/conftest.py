"""Shared state on the session's Redis, and one whose Redis is never there."""

from collections.abc import Iterator

import pytest

from knowledge.ids import new_id
from knowledge.state.connection import SharedState


@pytest.fixture
def state(redis_url: str) -> Iterator[SharedState]:
    shared = SharedState(redis_url)
    yield shared
    shared.close()


@pytest.fixture
def lost() -> SharedState:
    return SharedState("unix:///nowhere/redis.sock", pause=0.0)


@pytest.fixture
def name() -> str:
    """A name no other test uses."""
    return new_id("x")
