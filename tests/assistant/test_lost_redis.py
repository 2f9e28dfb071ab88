"""Redis may be lost at any moment: turns go on, and what it held is rebuilt from SQL."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from redis import Redis

from assistant.messages import InboundMessage
from assistant.service import Assistant
from connectors.embedded import EmbeddedRedis
from knowledge.shoppers.shoppers import Shopper
from knowledge.state.connection import SharedState
from tests.stand_ins.agui_order import spoken, verify_order
from tests.stand_ins.scripted import ScriptedChatModel, call, says

MakeAssistant = Callable[..., Assistant]
Scripted = Callable[..., ScriptedChatModel]
Message = Callable[..., InboundMessage]


async def test_redis_dying_in_the_middle_of_a_turn_costs_nothing(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shopper: Shopper,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = EmbeddedRedis(tmp_path / "own")
    state = SharedState(server.start(), pause=0.05)

    def search_as_redis_dies(messages: list[BaseMessage]) -> AIMessage:
        del messages
        server.close()
        return call("search_catalog", query="bananas")

    model = scripted(search_as_redis_dies, says("Bananas it is."), says("Still here."))
    assistant = make_assistant(model, state=state)

    with caplog.at_level(logging.WARNING, "knowledge.state.connection"):
        run = await assistant.submit(says_on("bananas"), shopper.id)
        events = verify_order([event.data async for event in assistant.events(run.id)])
        first = await run.answer()
        second = await assistant.answer(
            says_on("hello?", conversation=first.conversation_id), shopper.id
        )
    state.close()

    assert spoken(events) == "Bananas it is."
    assert second.text == "Still here."
    assert [one.text for one in model.requests[-1] if isinstance(one, HumanMessage)] == [
        "bananas",
        "hello?",
    ]
    lost = [one for one in caplog.records if "Redis is lost" in one.message]
    assert len(lost) == 1


async def test_a_window_that_redis_forgot_is_rebuilt_from_sql(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shopper: Shopper,
    redis_url: str,
) -> None:
    model = scripted(
        call("search_catalog", query="bananas"), says("Here."), says("Yes."), says("Sure.")
    )
    assistant = make_assistant(model)
    first = await assistant.answer(says_on("bananas"), shopper.id)
    talk = first.conversation_id
    await assistant.answer(says_on("are they ripe?", conversation=talk), shopper.id)
    with_cache = [type(one) for one in model.requests[-1]]
    with Redis.from_url(redis_url) as redis:
        assert redis.delete(f"smartcart:window:{talk}") == 1

    await assistant.answer(says_on("and sweet?", conversation=talk), shopper.id)

    without_cache = [type(one) for one in model.requests[-1]]
    assert without_cache[: len(with_cache)] == with_cache
    with Redis.from_url(redis_url) as redis:
        assert redis.llen(f"smartcart:window:{talk}") == 3


async def test_a_run_of_another_process_is_followed_through_redis(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    working = make_assistant(scripted(says("Good morning. How are you?"), seconds=0.1))
    watching = make_assistant(scripted())
    run = await working.submit(says_on("hi"), shopper.id)

    seen = [event async for event in watching.events(run.id)]

    assert seen == [event async for event in working.events(run.id)]
    verify_order([event.data for event in seen])


async def test_a_finished_run_is_told_from_sql_when_its_events_are_gone(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    working = make_assistant(scripted(call("get_cart"), says("It is empty.")))
    run = await working.submit(says_on("my cart"), shopper.id)
    answer = await run.answer()
    without = make_assistant(scripted(), state=SharedState(None))

    seen = [event async for event in without.events(run.id)]
    behind = [event async for event in without.events(run.id, after="1-999")]

    events = verify_order([event.data for event in seen])
    assert spoken(events) == answer.text
    assert events[-1]["result"]["turn_id"] == run.id
    assert [event.data for event in behind] == [seen[-1].data]


async def test_nothing_in_redis_lives_for_ever(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shopper: Shopper,
    redis_url: str,
) -> None:
    assistant = make_assistant(scripted(call("get_cart"), says("It is empty.")))
    await assistant.answer(says_on("my cart"), shopper.id)
    await assistant.close()

    with Redis.from_url(redis_url, decode_responses=True) as redis:
        keys = list(redis.scan_iter("*"))
        assert keys
        assert [key for key in keys if redis.ttl(key) < 0] == []
