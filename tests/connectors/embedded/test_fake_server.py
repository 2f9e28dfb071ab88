import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from connectors.embedded import EmbeddedRedis, ServerCandidate
from tests.connectors.embedded.conftest import Holder

FAKE = ServerCandidate("fakeredis")
Connect = Callable[[str], Redis]
StartHolder = Callable[[list[ServerCandidate]], Holder]


@pytest.fixture
def fake(data_dir: Path) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(data_dir, candidates=[FAKE]) as redis:
        yield redis


def test_serves_on_loopback_and_says_what_it_is(
    data_dir: Path, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    with EmbeddedRedis(data_dir, candidates=[FAKE]) as redis:
        assert redis.kind == "fakeredis"
        assert redis.url.startswith("redis://127.0.0.1:")
        assert connect(redis.url).ping()
    assert "Install redis-server" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING


def test_does_what_the_shop_asks_of_a_redis(fake: EmbeddedRedis, connect: Connect) -> None:
    client = connect(fake.url)
    with client.pubsub() as subscriber:  # type: ignore[no-untyped-call]
        subscriber.subscribe("runs")
        subscriber.get_message(timeout=5)
        client.publish("runs", "done")
        message = subscriber.get_message(timeout=5)

    assert message
    assert message["data"] == "done"
    assert client.set("lock", "me", nx=True, px=60_000)
    assert not client.set("lock", "you", nx=True, px=60_000)
    assert client.xadd("events", {"type": "RUN_STARTED"})
    assert client.xlen("events") == 1


def test_may_be_closed_twice_and_started_again(fake: EmbeddedRedis, connect: Connect) -> None:
    connect(fake.url).set("window", "hello")
    fake.close()
    fake.close()

    assert connect(fake.start()).get("window") is None


def test_another_process_joins_it(fake: EmbeddedRedis, start_holder: StartHolder) -> None:
    assert start_holder([FAKE]).do("start") == {"url": fake.url, "kind": "fakeredis"}


def test_a_joined_process_takes_over_when_the_owner_is_killed(
    data_dir: Path, start_holder: StartHolder, connect: Connect
) -> None:
    owner = start_holder([FAKE])
    url = owner.do("start")["url"]

    with EmbeddedRedis(data_dir, candidates=[FAKE]) as joined:
        assert joined.url == url
        owner.kill()
        assert joined.ensure() != url
        assert connect(joined.url).ping()


def test_the_owner_can_leave_while_clients_are_connected(
    start_holder: StartHolder, connect: Connect
) -> None:
    owner = start_holder([FAKE])
    client = connect(owner.do("start")["url"])
    client.ping()

    owner.end()

    assert owner.process.returncode == 0


def test_a_forked_child_cannot_end_it(start_holder: StartHolder, connect: Connect) -> None:
    owner = start_holder([FAKE])
    owner.do("start")

    assert connect(owner.do("fork and close")["url"]).ping()
