"""The compose deployment without an engine: the same servers, two processes, one talk."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.databases import PostgresTemplate
from tests.e2e.processes import Shopper, SmartCart, chroma_server, redis_server
from tests.e2e.talk import GROCERY, PARAPHRASES, carry

pytestmark = pytest.mark.long


@pytest.fixture
def two_processes(
    tmp_path: Path, postgres_template: PostgresTemplate
) -> Iterator[tuple[SmartCart, SmartCart]]:
    with ExitStack() as opened:
        settings = {
            "SMARTCART_DATABASE_URL": opened.enter_context(postgres_template.clone()),
            "SMARTCART_REDIS_URL": opened.enter_context(redis_server(tmp_path)),
            "SMARTCART_CHROMA_URL": opened.enter_context(chroma_server(tmp_path)),
        }
        # Both start at once on an empty database: one migrates and fills, the other waits.
        processes = [SmartCart(tmp_path, f"app{number}", **settings) for number in (1, 2)]
        for process in processes:
            opened.callback(process.stop)
        yield processes[0].wait(), processes[1].wait()


def test_a_talk_may_change_the_process_with_every_message(
    two_processes: tuple[SmartCart, SmartCart],
) -> None:
    first, second = two_processes
    shopper = Shopper(first.url, second.url)
    carry(shopper.say, GROCERY)
    orders = [
        httpx.get(f"{process.url}/api/v1/orders", headers=shopper.headers).json()["items"]
        for process in two_processes
    ]
    assert orders[0] == orders[1]
    assert len(orders[0]) == 1
    carry(Shopper(second.url, first.url).say, PARAPHRASES[0])


def test_a_repeated_message_gets_the_first_answer_from_the_other_process(
    two_processes: tuple[SmartCart, SmartCart],
) -> None:
    shopper = Shopper(two_processes[0].url, two_processes[1].url)
    first = shopper.say("add two bananas", message_id="same-message")
    again = shopper.say("add two bananas", message_id="same-message")
    assert again == first
    assert shopper.get("cart")["version"] == first["cart"]["version"]
