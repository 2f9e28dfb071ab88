"""The line breaks while a long talk is noted: the shopper's turns go on as if nothing were."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from redis import Redis

from assistant.memory.summariser import EVERY, KEEP
from assistant.messages import InboundMessage
from assistant.service import Assistant
from assistant.window import SCHEMA_VERSION
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.assistant.chaos.conftest import MakeMinds, bounded
from tests.assistant.chaos.exchange import Exchange
from tests.assistant.chaos.model_relay import Break, Kind, ModelRelay
from tests.assistant.chaos.verdict import CHANNEL, WISH, faults_after, faults_of, soon, tell
from tests.assistant.memory.turns import turn
from tests.stand_ins.model_server import ModelServer

MakeAssistant = Callable[..., Assistant]
Message = Callable[..., InboundMessage]
SECONDS = 30.0
BEFORE = KEEP + EVERY - 1
NOTES = 3
"""The request for the notes comes behind those of the turn."""


@pytest.fixture
def talker(shop: Shop) -> Shopper:
    """Somebody whose next turn makes the talk long enough to be noted."""
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous(CHANNEL)
        talk = work.conversations.open(
            shopper_id=shopper.id,
            cart_id=shopper.cart_id,
            channel=CHANNEL,
            conversation_id=None,
            locale=None,
        )
        for number in range(BEFORE):
            work.conversations.append(
                talk.id,
                turn_id=f"{talk.id}-{number}",
                parts=turn("what oats are there?", number=number),
                schema_version=SCHEMA_VERSION,
                outcome="answered",
                started_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
            )
    return shopper


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "point"),
    [("cut", -1), ("garbage", 0), ("stall", 0), ("cut", 3), ("garbage", 4), ("stall", 4)],
)
async def test_a_line_that_breaks_while_a_talk_is_noted(
    kind: Kind,
    point: int,
    talker: Shopper,
    vendor: ModelServer,
    exchange: Exchange,
    make_minds: MakeMinds,
    make_assistant: MakeAssistant,
    says_on: Message,
    shop: Shop,
    redis: Redis,
) -> None:
    relay = ModelRelay(exchange, vendor.port)
    assistant = make_assistant(make_minds(relay.port), limits=bounded(SECONDS))
    relay.expect(Break(NOTES, point, kind))

    told = await tell(assistant, says_on(WISH, channel=CHANNEL), talker)
    wrong = faults_of(shop, talker, told, SECONDS, earlier=BEFORE)
    assert await soon(lambda: relay.asked > NOTES)
    relay.expect(None)
    wrong += await faults_after(assistant, says_on, talker, redis)
    if kind != "stall":
        await assistant.notes_written()
        with shop.read() as work:
            assert work.conversations.get(told.answer.conversation_id).summary_until == EVERY
    await assistant.close()

    assert wrong == []
    assert await soon(lambda: not relay.stalled)
