"""Redis is lost at each of a turn's requests to it: the turn goes on from SQL."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from redis import Redis

from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.shop import Shop
from knowledge.state.connection import SharedState
from tests.assistant.chaos.conftest import MakeMinds, bounded
from tests.assistant.chaos.exchange import Exchange
from tests.assistant.chaos.request_relay import Loss, Lost, RequestRelay
from tests.assistant.chaos.verdict import CHANNEL, WISH, faults_after, faults_of, tell
from tests.stand_ins.model_server import ModelServer

MakeAssistant = Callable[..., Assistant]
Message = Callable[..., InboundMessage]
WAYS: tuple[Loss, ...] = ("request lost", "answer lost", "stall", "garbage")
SECONDS = 30.0


@pytest.fixture
def line(exchange: Exchange, redis_url: str) -> RequestRelay:
    address = urlsplit(redis_url)
    return RequestRelay(exchange, address.path if address.scheme == "unix" else address.port or 0)


@pytest.fixture
def state(line: RequestRelay) -> Iterator[SharedState]:
    """Redis behind the line that is lost."""
    shared = SharedState(f"redis://127.0.0.1:{line.port}/0", pause=0.2)
    yield shared
    shared.close()


@pytest.fixture
def assistant(
    make_assistant: MakeAssistant, make_minds: MakeMinds, vendor: ModelServer
) -> Assistant:
    return make_assistant(make_minds(vendor.port), limits=bounded(SECONDS))


async def requests_of_a_turn(
    assistant: Assistant, line: RequestRelay, says_on: Message, shop: Shop
) -> int:
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous(CHANNEL)
    line.expect(None)
    told = await tell(assistant, says_on(WISH, channel=CHANNEL), shopper)
    assert faults_of(shop, shopper, told, SECONDS) == []
    return line.requests


async def wrong_with(
    lost: Lost,
    assistant: Assistant,
    line: RequestRelay,
    redis: Redis,
    says_on: Message,
    shop: Shop,
) -> list[str]:
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous(CHANNEL)
    line.expect(lost)
    told = await tell(assistant, says_on(WISH, channel=CHANNEL), shopper)
    wrong = faults_of(shop, shopper, told, SECONDS)
    if len(told.answer.cart.lines) != 2:
        wrong.append("it was not done")
    line.expect(None)
    wrong += await faults_after(assistant, says_on, shopper, redis, locked=True)
    return [f"{lost}: {one}" for one in wrong]


async def test_redis_that_is_gone_at_the_first_request_of_a_turn(
    assistant: Assistant, line: RequestRelay, redis: Redis, says_on: Message, shop: Shop
) -> None:
    lost = Lost(0, "request lost", for_good=True)

    assert await wrong_with(lost, assistant, line, redis, says_on, shop) == []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", WAYS)
async def test_redis_that_is_lost_at_each_request_of_a_turn(
    how: Loss, assistant: Assistant, line: RequestRelay, redis: Redis, says_on: Message, shop: Shop
) -> None:
    most = await requests_of_a_turn(assistant, line, says_on, shop)
    assert most > 3, "a turn asks Redis"

    wrong = [
        one
        for request in range(most)
        for one in await wrong_with(
            Lost(request, how, request % 2 == 1), assistant, line, redis, says_on, shop
        )
    ]

    assert wrong == []
