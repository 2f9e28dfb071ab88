import logging
import time
from pathlib import Path

import pytest

from connectors.embedded import EmbeddedRedis
from knowledge.state.connection import SharedState


def test_without_a_url_it_is_as_if_redis_were_down() -> None:
    state = SharedState(None)

    assert state.attempt(lambda redis: str(redis.get("x")), "otherwise") == "otherwise"
    assert not state.available


def test_a_lost_redis_is_logged_once_and_found_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = EmbeddedRedis(tmp_path)
    state = SharedState(server.start(), pause=0.0)
    assert state.available

    with caplog.at_level(logging.WARNING, "knowledge.state.connection"):
        server.close()
        assert [state.available for _ in range(3)] == [False, False, False]
        server.start()
        assert state.available
    server.close()
    state.close()

    assert [one.message.split(" (")[0].rstrip(".") for one in caplog.records] == [
        "Redis is lost",
        "Redis is back",
    ]


def test_after_a_failure_nobody_waits_for_redis_for_a_while() -> None:
    state = SharedState("redis://127.0.0.1:1/0", pause=60)
    assert not state.available

    started = time.perf_counter()
    for _ in range(100):
        assert not state.available

    assert time.perf_counter() - started < 0.1
