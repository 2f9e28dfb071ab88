"""What a turn used of vendors' models is kept with it, also when it fails or is taken away."""

import asyncio
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from assistant.insight import Insight, TurnReport
from assistant.limits import Limits
from assistant.messages import Answer, InboundMessage
from assistant.providers.minds import CallLimits, Mind, Minds
from assistant.providers.opening import ModelOptions, open_mind
from assistant.providers.specs import OFFLINE, parse_spec
from assistant.service import Assistant
from knowledge.conversations.models import Turn
from knowledge.usage.models import ModelUse
from knowledge.usage.noting import CallNotes
from knowledge.usage.prices import Price, Prices
from tests.calls import Talk
from tests.stand_ins.model_server import Reply, Usage
from tests.stand_ins.openai_server import OpenAiServer

Says = Callable[..., InboundMessage]
Make = Callable[..., Assistant]
PRICES = Prices({"openai:gpt-a": Price(Decimal(1), Decimal(4), Decimal("0.1"))})
SEARCH = [("search_catalog", {"query": "oats"})]


class Counted:
    """Keeps what an observer is told."""

    def __init__(self) -> None:
        self.uses: list[ModelUse] = []
        self.tools: list[tuple[str, str]] = []
        self.turns: list[TurnReport] = []
        self.searched = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def model_called(self, use: ModelUse) -> None:
        self.uses.append(use)

    def tool_called(self, tool: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.tools.append((tool, outcome))
        self._loop.call_soon_threadsafe(self.searched.set)

    def turn_ended(self, report: TurnReport) -> None:
        self.turns.append(report)


@pytest.fixture
async def counted() -> Counted:
    return Counted()


@pytest.fixture
def vendor() -> Iterator[Callable[..., Mind]]:
    """Make models of a vendor on loopback, through its real client."""
    servers: list[OpenAiServer] = []

    def make(*script: Reply, name: str = "gpt-a") -> Mind:
        servers.append(OpenAiServer(*script).start())
        options = ModelOptions(api_key="k", base_url=servers[-1].base_url, context_tokens=128_000)
        return open_mind(parse_spec(f"openai:{name}"), options)

    yield make
    for server in servers:
        server.stop()
        server.verify()


@pytest.fixture
def watched(
    talk: Talk, make_assistant: Make, counted: Counted
) -> Iterator[Callable[..., Assistant]]:
    """An assistant whose calls are priced, counted and noted."""
    notes = CallNotes(talk.shop.units)

    def make(*minds: Mind, **parts: Any) -> Assistant:
        insight = Insight(prices=PRICES, observer=counted, notes=notes)
        return make_assistant(
            Minds(minds, limits=CallLimits(retries=0)), insight=insight, shop=talk.shop, **parts
        )

    yield make
    notes.close()


async def test_calls_are_kept_priced_and_counted(
    talk: Talk,
    vendor: Callable[..., Mind],
    watched: Callable[..., Assistant],
    says_on: Says,
    counted: Counted,
) -> None:
    mind = vendor(
        Reply(calls=SEARCH, usage=Usage(input=2000, output=20, cached=1500)),
        Reply("Have a look at these.", usage=Usage(input=2500, output=50, cached=2000)),
    )

    answer = await watched(mind).answer(says_on("oats"), talk.caller.shopper_id)

    with talk.shop.read() as work:
        kept = work.model_calls.of_turn(answer.turn_id)
    assert [(use.purpose, use.outcome, use.cost_micros) for use in kept] == [
        ("answer", "ok", 500 + 150 + 80),
        ("answer", "ok", 500 + 200 + 200),
    ]
    assert {(use.provider, use.model, use.channel) for use in kept} == {("openai", "gpt-a", "web")}
    assert kept[0].shopper_id == talk.caller.shopper_id
    assert all(use.latency_ms >= (use.first_token_ms or 0) for use in kept)
    assert counted.uses == kept
    assert counted.tools == [("search_catalog", "ok")]
    (report,) = counted.turns
    assert (report.channel, report.outcome, report.stopped) == ("web", "answered", 0)


async def test_what_is_made_up_is_counted_as_a_stop_and_a_repair(
    talk: Talk,
    vendor: Callable[..., Mind],
    watched: Callable[..., Assistant],
    says_on: Says,
    counted: Counted,
) -> None:
    mind = vendor(Reply("Our oats cost $77.77."), Reply("What are you looking for?"))

    answer = await watched(mind).answer(says_on("oats"), talk.caller.shopper_id)

    assert answer.text == "What are you looking for?"
    assert [use.purpose for use in counted.uses] == ["answer", "repair"]
    assert counted.turns[0].stopped == 1


async def test_a_failed_turn_keeps_its_calls_and_a_fallback_both(
    talk: Talk,
    vendor: Callable[..., Mind],
    watched: Callable[..., Assistant],
    says_on: Says,
    counted: Counted,
) -> None:
    failed = await watched(vendor(Reply(status=500))).answer(
        says_on("oats"), talk.caller.shopper_id
    )
    offline = open_mind(OFFLINE, ModelOptions(), lambda: talk.shop.search.vocabulary)
    helped = await watched(vendor(Reply(status=500)), offline).answer(
        says_on("show my cart"), talk.caller.shopper_id
    )

    with talk.shop.read() as work:
        for answer in (failed, helped):
            (use,) = work.model_calls.of_turn(answer.turn_id)
            assert use.outcome != "ok"
            assert use.input_tokens == 0
    assert [report.outcome for report in counted.turns] == ["model_unavailable", "answered"]
    assert counted.turns[1].model == "offline"


async def test_calls_of_a_turn_recorded_elsewhere_are_noted_all_the_same(
    talk: Talk,
    vendor: Callable[..., Mind],
    watched: Callable[..., Assistant],
    says_on: Says,
    counted: Counted,
) -> None:
    mind = vendor(Reply(calls=SEARCH), Reply("Slowly.", seconds=1.0))
    assistant = watched(mind, limits=Limits(heartbeat_seconds=0.05))
    run = await assistant.submit(says_on("oats"), talk.caller.shopper_id)
    await asyncio.wait_for(counted.searched.wait(), 10)

    await asyncio.to_thread(assistant._worker.cancel_elsewhere, run.id)  # noqa: SLF001
    assert (await run.answer()).text.startswith("Stopped")
    assert assistant.insight.notes is not None
    assistant.insight.notes.flush()

    with talk.shop.read() as work:
        kept = work.model_calls.of_turn(run.id)
    assert [use.outcome for use in kept][:1] == ["ok"]


async def test_whoever_comes_after_a_turn_is_told_and_cannot_break_it(
    talk: Talk, vendor: Callable[..., Mind], watched: Callable[..., Assistant], says_on: Says
) -> None:
    assistant = watched(vendor(Reply("Hello."), Reply("Hello again.")))
    told: list[tuple[str, int]] = []

    def after(answer: Answer, turn: Turn) -> None:
        told.append((answer.text, turn.seq))
        message = "whoever comes after"
        raise ValueError(message)

    assistant._worker._after = after  # noqa: SLF001
    first = await assistant.answer(says_on("hi"), talk.caller.shopper_id)
    await assistant.answer(
        says_on("hi", conversation=first.conversation_id), talk.caller.shopper_id
    )

    assert told == [("Hello.", 1), ("Hello again.", 2)]
