from collections.abc import Callable

from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.shoppers.shoppers import Shopper
from tests.stand_ins.agui_order import kinds, spoken, state_at_the_end, verify_order
from tests.stand_ins.scripted import ScriptedChatModel, call, calls, says

MakeAssistant = Callable[..., Assistant]
Scripted = Callable[..., ScriptedChatModel]
Message = Callable[..., InboundMessage]


async def test_a_turn_with_tools_is_told_in_the_order_clients_insist_on(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(
        calls(
            ("search_catalog", {"query": "bananas"}),
            ("add_to_cart", {"items": [{"product": "P001", "quantity": "2"}]}),
            text="Let me look. ",
        ),
        says("I added two bananas. Anything else?"),
    )
    assistant = make_assistant(model)
    run = await assistant.submit(says_on("two bananas"), shopper.id)

    events = verify_order([event.data async for event in assistant.events(run.id)])

    answer = await run.answer()
    assert spoken(events) == "Let me look. I added two bananas. Anything else?"
    assert kinds(events)[:5] == [
        "RUN_STARTED",
        "STATE_SNAPSHOT",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
    ]
    assert kinds(events).count("TOOL_CALL_RESULT") == 2
    assert state_at_the_end(events)["cart"] == answer.cart.model_dump(mode="json")
    assert events[-1]["outcome"] == {"type": "success"}
    assert events[-1]["result"]["text"] == answer.text


async def test_a_question_that_waits_for_a_yes_ends_the_run_as_an_interrupt(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(
        call("add_to_cart", items=[{"product": "P001", "quantity": "2"}]),
        call("start_checkout"),
        says("Shall I order that?"),
    )
    assistant = make_assistant(model)
    run = await assistant.submit(says_on("buy two bananas"), shopper.id)

    events = verify_order([event.data async for event in assistant.events(run.id)])

    answer = await run.answer()
    assert answer.confirmation is not None
    assert answer.suggestions == ["Yes", "No"]
    (interrupt,) = events[-1]["outcome"]["interrupts"]
    assert interrupt["id"] == answer.confirmation.id
    assert interrupt["reason"] == "confirmation"
    assert interrupt["expiresAt"] == answer.confirmation.expires_at


async def test_following_a_run_later_goes_on_behind_the_last_event_seen(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    assistant = make_assistant(scripted(says("Hello. How can I help you today?")))
    run = await assistant.submit(says_on("hi"), shopper.id)
    all_events = [event async for event in assistant.events(run.id)]

    rest = [event async for event in assistant.events(run.id, after=all_events[2].id)]

    assert rest == all_events[3:]


async def test_a_failed_run_ends_with_an_error_and_a_plain_apology(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    assistant = make_assistant(scripted(RuntimeError("no such host")))
    run = await assistant.submit(says_on("hi"), shopper.id)

    events = verify_order([event.data async for event in assistant.events(run.id)])

    assert events[-1]["type"] == "RUN_ERROR"
    assert events[-1]["code"] == "model_unavailable"
    assert events[-1]["message"] == (await run.answer()).text
    assert "no such host" not in events[-1]["message"]
