"""Turns that are cut off: by the clock, by the shopper, by another worker, by a kill."""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from sqlalchemy import text

from assistant.limits import Limits
from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.conversations.models import InboxStatus
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from knowledge.state.connection import SharedState
from tests.fixed_clock import FixedClock
from tests.stand_ins.agui_order import kinds, verify_order
from tests.stand_ins.scripted import After, ScriptedChatModel, call, calls, says

MakeAssistant = Callable[..., Assistant]
Scripted = Callable[..., ScriptedChatModel]
Message = Callable[..., InboundMessage]
ADD_BANANAS = call("add_to_cart", items=[{"product": "P001", "quantity": "2"}])


@pytest.fixture
def lines(shop: Shop, shopper: Shopper) -> Callable[[], list[tuple[str, int]]]:
    """Tell what is in the shopper's cart."""

    def read() -> list[tuple[str, int]]:
        with shop.read() as work:
            cart = work.carts.get(shopper.cart_id)
            return [(line.product_id, int(line.quantity)) for line in cart.lines]

    return read


@pytest.fixture
def hold_database(shop: Shop) -> Callable[[float], None]:
    """Keep every other writer waiting for some seconds, from a thread of its own."""

    def hold(seconds: float) -> None:
        held = threading.Event()

        def work() -> None:
            with shop.units.engine.connect() as connection:
                connection.execute(text("SELECT 1"))  # begins IMMEDIATE
                held.set()
                time.sleep(seconds)

        threading.Thread(target=work, daemon=True).start()
        assert held.wait(5)

    return hold


async def test_a_tool_left_running_cannot_change_anything_after_the_apology(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shopper: Shopper,
    lines: Callable[[], list[tuple[str, int]]],
    hold_database: Callable[[float], None],
) -> None:
    def add_while_nobody_can_write(messages: list[BaseMessage]) -> AIMessage:
        del messages
        hold_database(1.0)
        return ADD_BANANAS

    assistant = make_assistant(scripted(add_while_nobody_can_write), limits=Limits(seconds=0.4))

    answer = await assistant.answer(says_on("two bananas"), shopper.id)
    await asyncio.sleep(0.3)

    assert "took too long" in answer.text
    assert answer.cart.lines == []
    assert lines() == []


async def test_a_slow_model_ends_in_an_apology_that_says_what_is_done(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shopper: Shopper,
    lines: Callable[[], list[tuple[str, int]]],
) -> None:
    model = scripted(ADD_BANANAS, After(5, says("too late")))
    assistant = make_assistant(model, limits=Limits(seconds=1))

    run = await assistant.submit(says_on("two bananas"), shopper.id)
    answer = await run.answer()
    events = verify_order([event.data async for event in assistant.events(run.id)])

    assert "took too long" in answer.text
    assert "Added Bananas" in answer.text
    assert events[-1]["code"] == "too_slow"
    assert lines() == [("P001", 2)]
    assert [line.quantity for line in answer.cart.lines] == ["2"]


async def test_voice_gets_less_time_than_the_web() -> None:
    assert Limits().of("voice") == 6.5
    assert Limits().of("sms") == 40
    assert Limits().of("web") == 60


async def test_a_cancelled_run_stops_and_keeps_what_it_had_done(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
    lines: Callable[[], list[tuple[str, int]]],
) -> None:
    assistant = make_assistant(scripted(ADD_BANANAS, After(5, says("too late"))))
    run = await assistant.submit(says_on("two bananas"), shopper.id)
    following = aiter(assistant.events(run.id))
    data = []
    async for event in following:
        data.append(event.data)
        if "TOOL_CALL_RESULT" in event.data:
            break

    assert await assistant.cancel(run.id)
    data += [event.data async for event in following]

    answer = await run.answer()
    assert answer.text.startswith("Stopped")
    assert verify_order(data)[-1]["outcome"] == {"type": "cancelled"}
    assert lines() == [("P001", 2)]
    assert not await assistant.cancel(run.id)
    with shop.read() as work:
        assert work.inbox.of_turn(run.id).status is InboxStatus.CANCELLED


async def test_a_run_of_another_process_can_be_cancelled_too(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    here = make_assistant(scripted())
    elsewhere = make_assistant(
        scripted(After(5, says("too late"))), limits=Limits(heartbeat_seconds=0.05)
    )
    run = await elsewhere.submit(says_on("hi"), shopper.id)
    await asyncio.sleep(0.1)

    assert await here.cancel(run.id)

    assert (await run.answer()).text == "Stopped, as you asked."


async def test_an_abandoned_turn_is_taken_over_and_repeats_no_change(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
    clock: FixedClock,
    lines: Callable[[], list[tuple[str, int]]],
) -> None:
    killed = make_assistant(scripted(ADD_BANANAS, After(5, says("never heard"))))
    message = says_on("two bananas and milk")
    run = await killed.submit(message, shopper.id)
    async for event in killed.events(run.id):
        if "TOOL_CALL_RESULT" in event.data:
            break
    await killed.close()  # as a kill: nothing is recorded
    assert lines() == [("P001", 2)]
    clock.advance(7)
    # The new attempt plans the same again, and one thing more.
    again = calls(
        ("add_to_cart", {"items": [{"product": "P001", "quantity": "2"}]}),
        ("add_to_cart", {"items": [{"product": "P002", "quantity": "1"}]}),
    )
    model = scripted(again, says("Both are in your cart."))
    survivor = make_assistant(model)

    assert await survivor.sweep() == 1
    answer = await survivor.answer(message, shopper.id)

    assert lines() == [("P001", 2), ("P002", 1)]
    assert answer.text == "Both are in your cart."
    assert answer.turn_id == run.id
    told = [one for one in model.requests[0] if isinstance(one, ToolMessage)]
    assert [one.name for one in told] == ["add_to_cart"]
    with shop.read() as work:
        assert [one.ordinal for one in work.commands.of_turn(run.id)] == [0, 1]
        assert work.inbox.of_turn(run.id).attempt == 2
        assert len(work.conversations.window(answer.conversation_id, turns=9)) == 1


async def test_an_attempt_that_was_taken_over_cannot_commit_and_gives_the_other_answer(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shopper: Shopper,
    clock: FixedClock,
    lines: Callable[[], list[tuple[str, int]]],
) -> None:
    # Its heartbeat does not come, as when a machine was asleep.
    asleep = make_assistant(scripted(After(0.6, ADD_BANANAS)), limits=Limits(heartbeat_seconds=60))
    message = says_on("two bananas")
    run = await asleep.submit(message, shopper.id)
    await asyncio.sleep(0.15)
    clock.advance(7)
    awake = make_assistant(
        scripted(call("add_to_cart", items=[{"product": "P002", "quantity": "1"}]), says("Done.")),
        state=SharedState(None),  # its lock there is as good as lapsed
    )

    answer = await awake.answer(message, shopper.id)
    late = await run.answer()

    assert late == answer
    assert lines() == [("P002", 1)]


async def test_a_message_that_always_fails_its_workers_is_given_up(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
    clock: FixedClock,
) -> None:
    first = make_assistant(scripted(After(30, says("never heard"))))
    run = await first.submit(says_on("poison"), shopper.id)
    await asyncio.sleep(0.1)
    await first.close()
    for _ in range(2):
        clock.advance(7)
        with shop.write() as work:
            entry = work.inbox.of_turn(run.id)
            assert work.inbox.claim(entry.id, timedelta(seconds=6)) is not None
    clock.advance(7)
    last = make_assistant(scripted())

    assert await last.sweep() == 1
    data = [event.data async for event in last.events(run.id)]

    assert kinds(verify_order(data))[-1] == "RUN_ERROR"
    with shop.read() as work:
        assert work.inbox.of_turn(run.id).status is InboxStatus.FAILED


async def test_messages_of_one_cart_are_answered_one_after_the_other(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(
        ADD_BANANAS,
        says("First."),
        call("update_cart", changes=[{"product": "c1", "quantity": "5"}]),
        says("Second."),
        seconds=0.05,
    )
    assistant = make_assistant(model)
    first = await assistant.submit(says_on("two bananas"), shopper.id)
    second = await assistant.submit(says_on("make it five"), shopper.id)

    answers = await asyncio.gather(second.answer(), first.answer())

    assert [one.text for one in answers] == ["Second.", "First."]
    assert [line.quantity for line in answers[0].cart.lines] == ["5"]


async def test_a_repeat_while_the_first_is_running_waits_for_its_answer(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    assistant = make_assistant(scripted(says("Hello."), seconds=0.1))
    message = says_on("hi")

    answers = await asyncio.gather(*[assistant.answer(message, shopper.id) for _ in range(5)])

    assert {answer.turn_id for answer in answers} == {answers[0].turn_id}
    assert {answer.text for answer in answers} == {"Hello."}
