"""Kills server and Redis at random moments of scripted shopping: nothing is lost or doubled."""

import json
import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis

from tests.e2e.processes import Shopper, SmartCart

KILLS = 30
SEED = 20261123
SERVER, REDIS, BOTH = "server", "redis", "both"

SHOPPING = (
    "add two bananas",
    "add 1 oat milk",
    "add three bananas",
    "set my budget to 80 dollars this week",
    "add 2 gluten free pasta",
    "remove the oat milk",
    "add one more banana",
    "check out",
    "yes",
)


class Market:
    """A server that can be killed and started again on the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.server = SmartCart(folder).wait()

    @property
    def redis_record(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(
            (self._folder / "app" / "redis" / "server.json").read_text()
        )
        return record

    def kill(self, what: str) -> None:
        if what in (REDIS, BOTH):
            with suppress(OSError, ValueError, KeyError, ProcessLookupError):
                os.kill(int(self.redis_record["pid"]), signal.SIGKILL)
        if what in (SERVER, BOTH):
            self.server.kill()

    def revive(self) -> None:
        if self.server.popen.poll() is not None:
            self.server = SmartCart(self._folder).wait()


@contextmanager
def open_market(folder: Path) -> Iterator[Market]:
    folder.mkdir(exist_ok=True)
    market = Market(folder)
    try:
        yield market
    finally:
        market.server.stop()


def persist(market: Market, shopper: Shopper, text: str, message_id: str) -> dict[str, Any]:
    """Send a message until it is answered, as a vendor that retries does."""
    for _ in range(8):
        shopper._urls = (market.server.url,)  # noqa: SLF001 - the server came back elsewhere
        try:
            return shopper.say(text, message_id=message_id)
        except httpx.TransportError:
            market.revive()
    raise AssertionError(f"{text!r} was never answered")


def seen(answer: dict[str, Any]) -> dict[str, Any]:
    """What must be the same with and without kills."""
    return {
        "cart": [(line["product"], line["quantity"]) for line in answer["cart"]["lines"]],
        "total": answer["cart"]["totals"]["total"],
        "order": answer["order"] and answer["order"]["total"],
        "asks": answer["confirmation"] is not None,
        "tools": [(tool["name"], tool["ok"]) for tool in answer["tools"]],
    }


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_thirty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    rng = random.Random(SEED)  # noqa: S311 - a test that can be repeated
    rounds = 4
    script = [text for _ in range(rounds) for text in SHOPPING]
    with open_market(tmp_path / "calm") as calm:
        shopper = Shopper(calm.server.url)
        expected = [
            seen(persist(calm, shopper, text, f"m{number}")) for number, text in enumerate(script)
        ]
        orders = [order["total"] for order in shopper.get("orders")["items"]]
    assert len(orders) == rounds, "the script buys"
    kills = {
        step: rng.choice([SERVER, REDIS, BOTH]) for step in rng.sample(range(len(script)), KILLS)
    }

    with open_market(tmp_path / "stormy") as market:
        shopper = Shopper(market.server.url)
        for number, text in enumerate(script):
            killing: threading.Timer | None = None
            if number in kills:
                killing = threading.Timer(rng.uniform(0, 0.25), market.kill, [kills[number]])
                killing.start()
            answer = persist(market, shopper, text, f"m{number}")
            if killing is not None:
                killing.join()
                market.revive()
            assert seen(answer)["cart"] == expected[number]["cart"], (number, text)
            assert seen(answer)["order"] == expected[number]["order"], (number, text)
            assert seen(answer)["asks"] == expected[number]["asks"], (number, text)
            again = persist(market, shopper, text, f"m{number}")
            assert again == answer, "a repeated message gets the first answer"
        shopper._urls = (market.server.url,)  # noqa: SLF001
        bought = [order["total"] for order in shopper.get("orders")["items"]]
        talk = shopper.get(f"conversations/{shopper.conversation_id}")

    assert bought == orders
    assert talk["id"] == shopper.conversation_id


@pytest.mark.long
@pytest.mark.timeout(300)
def test_deleting_everything_in_redis_loses_nothing(tmp_path: Path) -> None:
    with open_market(tmp_path / "market") as market:
        shopper = Shopper(market.server.url)
        shopper.say("find oat milk")
        before = shopper.say("add two bananas")
        with Redis.from_url(market.redis_record["url"]) as redis:
            redis.flushall()

        after = shopper.say("add 1 more banana")
        asked = shopper.say("check out")
        with Redis.from_url(market.redis_record["url"]) as redis:
            redis.flushall()
        bought = shopper.say("yes")
        replayed = httpx.get(
            f"{market.server.url}/api/v1/runs/{before['turn_id']}/events",
            headers=shopper.headers,
            timeout=30,
        )

    assert [line["quantity"] for line in before["cart"]["lines"]] == ["2"]
    assert [line["quantity"] for line in after["cart"]["lines"]] == ["3"]
    assert asked["confirmation"] is not None
    assert bought["order"] is not None
    assert "RUN_FINISHED" in replayed.text
