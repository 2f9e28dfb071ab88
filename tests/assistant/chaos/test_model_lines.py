"""The line to the vendor breaks at each point of a turn: there is an answer all the same."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from redis import Redis

from assistant.limits import Limits
from assistant.messages import InboundMessage
from assistant.providers.minds import CallLimits
from assistant.service import Assistant
from knowledge.shop import Shop
from tests.assistant.chaos.conftest import MakeMinds, bounded
from tests.assistant.chaos.exchange import Exchange
from tests.assistant.chaos.model_relay import Break, ModelRelay, framed, points
from tests.assistant.chaos.shopping import invents
from tests.assistant.chaos.verdict import (
    CHANNEL,
    WISH,
    faults_after,
    faults_left,
    faults_of,
    soon,
    tell,
)
from tests.stand_ins.model_server import ModelServer

MakeAssistant = Callable[..., Assistant]
Message = Callable[..., InboundMessage]
PATIENT = 30.0
STALLED = 4.0
"""The clock of a turn whose vendor falls silent for 60 s: the web's, shrunk, as is the silence."""
SILENCE = 0.6
LANES = 4


@dataclass
class Lane:
    """One assistant with a line of its own to the vendor; tries one break after the other."""

    relay: ModelRelay
    assistant: Assistant
    seconds: float
    says_on: Message
    redis: Redis

    async def attempt(self, broken: Break | None) -> tuple[list[bytes], list[str]]:
        """A turn with a break in it and one after it; the vendor's answers, and what is wrong."""
        shop = self.assistant.shop
        with shop.write() as work:
            shopper = work.shoppers.create_anonymous(CHANNEL)
        self.relay.expect(broken)
        try:
            told = await tell(self.assistant, self.says_on(WISH, channel=CHANNEL), shopper)
            answers = list(self.relay.answers)
            wrong = faults_of(shop, shopper, told, self.seconds)
            if not await soon(lambda: not self.relay.stalled):
                wrong.append("a stalled line is still held")
            self.relay.expect(None)
            wrong += await faults_after(self.assistant, self.says_on, shopper, self.redis)
        except AssertionError as error:
            return [], [f"{broken}: {error}"]
        return answers, [f"{broken}: {one}" for one in wrong]


class Chaos:
    """Opens lanes, and shares breaks out among them."""

    def __init__(
        self,
        open_lane: Callable[..., Lane],
        shop: Shop,
    ) -> None:
        self._open_lane = open_lane
        self._shop = shop

    async def record(self) -> list[bytes]:
        """What the vendor answers in a turn in which nothing breaks."""
        async with self._lane() as lane:
            answers, wrong = await lane.attempt(None)
        assert wrong == []
        return answers

    async def wrong_at(
        self, breaks: Iterable[Break], *, lanes: int = LANES, at_length: Iterable[Break] = ()
    ) -> list[str]:
        """``at_length`` are tried beside the others, by the clocks as they are set by default."""
        before = {task for task in asyncio.all_tasks() if not task.done()}
        all_of_them = list(breaks)
        each = [all_of_them[number::lanes] for number in range(lanes)]
        found = await asyncio.gather(
            self._wrong_for_60_seconds(at_length), *[self._go_along(one) for one in each if one]
        )
        left = await faults_left(self._shop, before)
        return [*[what for wrong in found for what in wrong], *left]

    async def _wrong_for_60_seconds(self, breaks: Iterable[Break]) -> list[str]:
        """As it is set by default, and where the owner would wait for a model all of the time."""

        async def one(broken: Break, silence: float) -> list[str]:
            async with self._lane(seconds=Limits().of("web"), silence=silence) as lane:
                return (await lane.attempt(broken))[1]

        patience = [CallLimits().first_token_timeout, 60.0]
        tried = [one(broken, silence) for broken in breaks for silence in patience]
        return [what for wrong in await asyncio.gather(*tried) for what in wrong]

    async def _go_along(self, breaks: list[Break]) -> list[str]:
        stalls = any(one.kind == "stall" for one in breaks)
        bounds = {"seconds": STALLED, "silence": SILENCE} if stalls else {}
        async with self._lane(**bounds) as lane:
            return [what for one in breaks for what in (await lane.attempt(one))[1]]

    @asynccontextmanager
    async def _lane(
        self, *, seconds: float = PATIENT, silence: float = PATIENT
    ) -> AsyncIterator[Lane]:
        lane = self._open_lane(seconds, silence)
        yield lane
        await lane.assistant.close()
        lane.relay.close()


@pytest.fixture
def chaos(
    vendor: ModelServer,
    make_minds: MakeMinds,
    exchange: Exchange,
    shop: Shop,
    redis: Redis,
    make_assistant: MakeAssistant,
    says_on: Message,
) -> Chaos:
    def open_lane(seconds: float, silence: float) -> Lane:
        relay = ModelRelay(exchange, vendor.port)
        minds = make_minds(relay.port, silence=silence)
        assistant = make_assistant(minds, limits=bounded(seconds))
        return Lane(relay, assistant, seconds, says_on, redis)

    return Chaos(open_lane, shop)


def everywhere(answers: list[bytes]) -> Iterator[Break]:
    """Each kind of break at each point of each answer; whether it lasts takes turns."""
    for request, answer in enumerate(answers):
        yield Break(request, 0, "refuse", for_good=True)
        for point in range(-1, len(points(answer))):
            yield Break(request, point, "cut", for_good=point % 2 == 1)
            yield Break(request, point, "garbage", for_good=point % 4 < 2)
        for number, point in enumerate(framed(answer)):
            yield Break(request, point, "noise", for_good=number % 3 == 1)


def silences(answers: list[bytes]) -> Iterator[Break]:
    for request, answer in enumerate(answers):
        for point in range(-1, len(points(answer))):
            yield Break(request, point, "stall", for_good=point % 2 == 1)


async def test_a_line_that_breaks_at_some_point_of_a_turn(chaos: Chaos) -> None:
    breaks = [
        Break(0, 2, "garbage", for_good=True),
        Break(1, 12, "cut"),
        Break(2, 13, "cut", for_good=True),
        Break(2, 0, "refuse", for_good=True),
    ]

    assert await chaos.wrong_at(breaks, lanes=2) == []


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_line_that_is_cut_or_brings_garbage_at_every_point_of_a_turn(chaos: Chaos) -> None:
    assert await chaos.wrong_at(everywhere(await chaos.record())) == []


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_vendor_that_falls_silent_at_every_point_of_a_turn(chaos: Chaos) -> None:
    """With clock and silence shrunk; meanwhile some for 60 s, with the web's own clock."""
    answers = await chaos.record()
    at_length = [
        Break(request, len(points(answer)) // 2, "stall", for_good=True)
        for request, answer in enumerate(answers)
    ]

    assert await chaos.wrong_at(silences(answers), lanes=2 * LANES, at_length=at_length) == []


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_line_that_breaks_while_an_answer_is_mended(
    chaos: Chaos, vendor: ModelServer
) -> None:
    vendor.rules[:] = [invents]
    *_, mended = answers = await chaos.record()
    last = len(answers) - 1
    assert b"text/event-stream" not in mended, "the repair is taken whole"
    places = range(-1, len(points(mended)))
    breaks = [
        *[Break(last, point, "cut", for_good=point % 2 == 1) for point in places],
        *[Break(last, point, "garbage", for_good=point % 2 == 0) for point in places],
        Break(last, 0, "refuse", for_good=True),
    ]

    wrong = await chaos.wrong_at(breaks)
    wrong += await chaos.wrong_at([Break(last, point, "stall") for point in places])

    assert wrong == []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("vendor", ["responses", "gemini"], indirect=True)
async def test_a_sample_of_points_with_the_other_vendors(chaos: Chaos) -> None:
    answers = await chaos.record()
    wrong = await chaos.wrong_at(list(everywhere(answers))[::14])

    assert wrong + await chaos.wrong_at(list(silences(answers))[::14]) == []
