"""Daily limits: who they stop, what a shopper reads, what the owner is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from langchain_core.messages import AIMessage

from assistant.insight import Insight
from assistant.messages import InboundMessage
from assistant.providers.minds import Minds
from assistant.providers.opening import ModelOptions, open_mind
from assistant.providers.specs import OFFLINE
from assistant.service import Assistant
from assistant.spending import SpendingLimits
from knowledge.usage.models import ModelUse
from prompts import load_wording
from tests.calls import Talk
from tests.fixed_clock import FixedClock

Says = Callable[..., InboundMessage]
Make = Callable[..., Assistant]
A_DOLLAR = SpendingLimits(daily_cost=Decimal(1))


@pytest.fixture
def told() -> str:
    return str(load_wording("apologies")["limit_reached"])


@pytest.fixture
def spend(talk: Talk, clock: FixedClock) -> Callable[..., None]:
    """Have had a shopper use so much."""

    def write(micros: int | None = 0, *, tokens: int = 0, turn: str = "t0", who: str = "") -> None:
        use = ModelUse(
            purpose="answer",
            provider="openai",
            model="m",
            outcome="ok",
            at=clock.now(),
            latency_ms=1,
            input_tokens=tokens,
            cost_micros=micros,
            turn_id=turn,
            shopper_id=who or talk.caller.shopper_id,
            channel="web",
        )
        talk.shop.change(lambda work: work.model_calls.add_many([use]))

    return write


@pytest.fixture
def limited(talk: Talk, make_assistant: Make) -> Callable[..., Assistant]:
    """An assistant with a vendor's model, an offline one as a spare, and limits."""

    def make(model: Any, limits: SpendingLimits, *, spare: bool = True, **parts: Any) -> Assistant:
        shop = parts.get("shop", talk.shop)
        offline = open_mind(OFFLINE, ModelOptions(), lambda: shop.search.vocabulary)
        minds = Minds(Minds.one(model), spare=offline if spare else None)
        return make_assistant(minds, insight=Insight(limits=limits), shop=shop)

    return make


async def test_the_offline_model_takes_over_and_says_so_once_a_day_and_talk(
    talk: Talk,
    clock: FixedClock,
    scripted: Any,
    limited: Callable[..., Assistant],
    spend: Callable[..., None],
    says_on: Says,
    told: str,
) -> None:
    assistant = limited(scripted(AIMessage("Good morning."), AIMessage("Hello again.")), A_DOLLAR)
    who = talk.caller.shopper_id

    spend(999_999)
    before = await assistant.answer(says_on("hello"), who)
    spend(1)
    first = await assistant.answer(says_on("add oats", conversation=before.conversation_id), who)
    second = await assistant.answer(says_on("show cart", conversation=before.conversation_id), who)
    other = await assistant.answer(says_on("show cart"), who)
    clock.advance(days=1)
    tomorrow = await assistant.answer(says_on("hi", conversation=before.conversation_id), who)

    assert before.text == "Good morning."
    assert first.text.startswith(told)
    assert "oats" in first.text.removeprefix(told).lower()
    assert [line.title for line in first.cart.lines] != []
    assert told not in second.text
    assert other.text.startswith(told)
    assert tomorrow.text == "Hello again."
    with talk.shop.read() as work:
        turns = work.conversations.window(before.conversation_id, turns=9)
    assert [turn.usage.get("limited") for turn in turns] == [None, "shop", "shop", None]
    assert [turn.model for turn in turns[1:3]] == ["offline", "offline"]


async def test_the_owner_is_told_once_a_day(
    talk: Talk,
    clock: FixedClock,
    scripted: Any,
    limited: Callable[..., Assistant],
    spend: Callable[..., None],
    says_on: Says,
) -> None:
    assistant = limited(scripted(), A_DOLLAR)
    another = limited(scripted(), A_DOLLAR)  # another process

    for day in (1, 2):
        spend(2_000_000)
        await assistant.answer(says_on("hello"), talk.caller.shopper_id)
        await another.answer(says_on("hello"), talk.caller.shopper_id)
        with talk.shop.write() as work:
            jobs = work.jobs.list("waiting", limit=9)
            assert len(jobs) == day
            assert work.model_calls.limit_announced(clock.now().date())
            work.jobs.claim(["owner_mail"], lease=timedelta(minutes=1))
            work.jobs.done(jobs[0].id, attempt=1)
        if day == 1:
            await assistant.answer(says_on("hello"), talk.caller.shopper_id)
            with talk.shop.read() as work:
                assert work.jobs.list("waiting", limit=9) == []
            clock.advance(days=1)
            with talk.shop.write() as work:
                work.jobs.add("other", {})
    assert "$1.00" in jobs[0].payload["text"]


@pytest.mark.parametrize(
    "limits",
    [SpendingLimits(shopper_daily_turns=2), SpendingLimits(shopper_daily_tokens=1000)],
)
async def test_a_shoppers_limit_is_theirs_alone(
    limits: SpendingLimits,
    talk: Talk,
    scripted: Any,
    limited: Callable[..., Assistant],
    spend: Callable[..., None],
    says_on: Says,
    told: str,
) -> None:
    assistant = limited(scripted(AIMessage("Hello."), AIMessage("Hello you.")), limits)
    with talk.shop.write() as work:
        friend = work.shoppers.create_anonymous("web")

    spend(tokens=999, turn="t1")
    within = await assistant.answer(says_on("hi"), talk.caller.shopper_id)
    spend(tokens=1, turn="t2")
    beyond = await assistant.answer(says_on("hi"), talk.caller.shopper_id)
    theirs = await assistant.answer(says_on("hi"), friend.id)

    assert within.text == "Hello."
    assert beyond.text.startswith(told)
    assert theirs.text == "Hello you."
    with talk.shop.read() as work:
        assert work.jobs.list("waiting", limit=9) == []


async def test_without_an_offline_model_the_end_is_polite(
    talk: Talk,
    scripted: Any,
    limited: Callable[..., Assistant],
    spend: Callable[..., None],
    says_on: Says,
) -> None:
    assistant = limited(scripted(), A_DOLLAR, spare=False)
    spend(5_000_000)

    answer = await assistant.answer(says_on("hello"), talk.caller.shopper_id)

    assert answer.text == load_wording("apologies")["limit_over"]


async def test_a_day_ends_at_midnight_of_the_shop(
    talk: Talk,
    clock: FixedClock,
    scripted: Any,
    limited: Callable[..., Assistant],
    spend: Callable[..., None],
    says_on: Says,
    told: str,
) -> None:
    profile = replace(talk.shop.profile, timezone=ZoneInfo("America/New_York"))
    shop = replace(talk.shop, profile=profile)
    assistant = limited(scripted(AIMessage("Good night.")), A_DOLLAR, shop=shop)
    clock.advance((datetime(2026, 11, 24, 3, 0, tzinfo=UTC) - clock.now()).total_seconds())
    spend(2_000_000)

    evening = await assistant.answer(says_on("hi"), talk.caller.shopper_id)  # ten o'clock
    clock.advance(2.5 * 3600)
    night = await assistant.answer(says_on("hi"), talk.caller.shopper_id)

    assert evening.text.startswith(told)
    assert night.text == "Good night."


async def test_without_limits_nothing_is_read(talk: Talk, clock: FixedClock) -> None:
    limits = SpendingLimits()

    assert not limits
    with talk.shop.read() as work:
        assert limits.reached(work, talk.caller.shopper_id, clock.now()) is None
