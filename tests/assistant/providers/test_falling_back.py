"""One vendor fails at any point of a turn, the next one finishes it: nothing is done twice."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assistant.limits import Limits
from assistant.messages import Answer, InboundMessage
from assistant.service import Assistant
from knowledge.conversations.models import Turn
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.assistant.providers.conftest import MakeChain
from tests.stand_ins.model_server import Reply

MakeAssistant = Callable[..., Assistant]
Message = Callable[..., InboundMessage]
BANANAS: dict[str, Any] = {"items": [{"product": "P001", "quantity": "2"}]}
ADD = Reply(calls=[("add_to_cart", BANANAS)], signature="thought")
GEMINI_FIRST = "google:gemini-3-flash,openai:gpt-5-mini"
FAULTS = [
    Reply(status=401),
    Reply("Hello from", broken="cut"),
    Reply(broken="empty"),
    Reply("Hello from", broken="stall", seconds=3),
]
MORE_FAULTS = [
    *[
        Reply("Hello from", status=status)
        for status in (400, 403, 404, 408, 429, 500, 502, 503, 529)
    ],
    *[
        Reply("Hello from", broken=fault)
        for fault in (
            "cut before",
            "cut headers",
            "unfinished",
            "not json",
            "wrong type",
            "garbage",
        )
    ],
    *[Reply("Hello from", broken=fault) for fault in ("declined", "failed", "error event")],
    Reply("Hello from", broken="stall headers", seconds=3),
]


def patience(fault: Reply) -> float:
    """Short where it is waited for in vain; a busy machine may take long where it is not."""
    return 0.8 if "stall" in fault.broken else 4.0


@pytest.fixture
def turn_of(shop: Shop) -> Callable[[Answer], Turn]:
    def read(answer: Answer) -> Turn:
        with shop.read() as work:
            return work.conversations.window(answer.conversation_id, turns=1)[-1]

    return read


@pytest.mark.parametrize(
    "fault",
    [*FAULTS, *[pytest.param(one, marks=pytest.mark.long) for one in MORE_FAULTS]],
    ids=lambda one: f"{one.status} {one.broken}".strip(),
)
@pytest.mark.parametrize("named", ["openai:gpt-5-mini,google:gemini-3-flash", GEMINI_FIRST])
async def test_the_second_vendor_answers_when_the_first_cannot(
    chain: MakeChain,
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    turn_of: Callable[[Answer], Turn],
    fault: Reply,
    named: str,
) -> None:
    made = chain([fault], [Reply("Hello.")], named=named, first_token_timeout=patience(fault))

    answer = await make_assistant(made.minds).answer(says_on("hi"), shopper.id)

    assert answer.text == "Hello."
    assert turn_of(answer).model == made.minds[1].title


@pytest.mark.parametrize(
    "fault",
    [
        Reply(status=500),
        Reply(calls=[("get_cart", {})], broken="cut arguments"),
        pytest.param(Reply("I have added", broken="cut"), marks=pytest.mark.long),
        pytest.param(Reply(broken="stall headers", seconds=3), marks=pytest.mark.long),
    ],
    ids=lambda one: f"{one.status} {one.broken}".strip(),
)
@pytest.mark.parametrize("named", ["openai:gpt-5-mini,google:gemini-3-flash", GEMINI_FIRST])
async def test_a_change_is_made_once_even_when_the_second_vendor_asks_for_it_again(
    chain: MakeChain,
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    shop: Shop,
    fault: Reply,
    named: str,
) -> None:
    made = chain(
        [ADD, fault],
        [ADD, Reply("Two bananas are in your cart.")],
        named=named,
        first_token_timeout=patience(fault),
    )

    answer = await make_assistant(made.minds).answer(says_on("two bananas"), shopper.id)

    assert answer.text == "Two bananas are in your cart."
    assert [line.quantity for line in answer.cart.lines] == ["2"]
    with shop.read() as work:
        assert [one.tool for one in work.commands.of_turn(answer.turn_id)] == ["add_to_cart"]
    assert [one["name"] for one in made.second.asked[0].results] == ["add_to_cart"]


BROKEN_SPEECH = Reply("I can help. Let me see what we have there.", broken="cut finish")


async def test_the_second_vendor_goes_on_from_what_the_shopper_has_read(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    made = chain([BROKEN_SPEECH], [Reply("What would you like?")])

    answer = await make_assistant(made.minds).answer(says_on("help"), shopper.id)

    assert answer.text == "I can help. What would you like?"
    (asked,) = made.second.asked
    assert [one["text"].strip() for one in asked.messages][:2] == ["help", "I can help."]
    assert "cut off" in asked.said


async def test_what_was_read_is_still_known_after_a_tool(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    made = chain([BROKEN_SPEECH], [ADD, Reply("They are in your cart.")])

    await make_assistant(made.minds).answer(says_on("two bananas"), shopper.id)

    roles = [one["role"] for one in made.second.asked[-1].messages]
    assert roles == ["user", "assistant", "user", "assistant", "tool"]


async def test_offline_answers_when_every_vendor_is_down(
    chain: MakeChain,
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    turn_of: Callable[[Answer], Turn],
) -> None:
    made = chain(
        [Reply(calls=[("search_catalog", {"query": "milk"})]), Reply(status=500)],
        [Reply(status=503)],
        named="openai:gpt-5-mini,google:gemini-3-flash,offline",
    )

    answer = await make_assistant(made.minds).answer(says_on("add two bananas"), shopper.id)

    assert [line.quantity for line in answer.cart.lines] == ["2"]
    assert "ananas" in answer.text
    assert turn_of(answer).model == "offline"


async def test_offline_plans_nothing_once_a_vendor_has_changed_the_cart(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    made = chain([ADD, Reply(status=500)], named="openai:gpt-5-mini,offline")

    answer = await make_assistant(made.minds).answer(says_on("add two bananas"), shopper.id)

    assert [line.quantity for line in answer.cart.lines] == ["2"]
    assert [one.name for one in answer.tools] == ["add_to_cart"]
    assert "Bananas, loose x 2" in answer.text


async def test_a_dead_vendor_costs_nothing_after_a_few_turns(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    stalled = Reply(broken="stall headers", seconds=3)
    made = chain([stalled] * 3, [Reply("Hello.")] * 5, first_token_timeout=0.7)
    assistant = make_assistant(made.minds)

    for _ in range(5):
        assert (await assistant.answer(says_on("hi"), shopper.id)).text == "Hello."

    assert len(made.first.asked) == 3
    assert made.minds[0].breaker.is_open


async def test_a_turn_goes_on_with_the_vendor_that_answered(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    made = chain([Reply(status=500)], [ADD, Reply("Done.")])

    answer = await make_assistant(made.minds).answer(says_on("two bananas"), shopper.id)

    assert answer.text == "Done."
    assert len(made.first.asked) == 1


async def test_a_busy_vendor_is_asked_again_when_it_said_it_may_be(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    made = chain(
        [Reply(status=429, retry_after=0.2), Reply("Hello.")], named="openai:gpt-5-mini", retries=1
    )

    answer = await make_assistant(made.minds).answer(says_on("hi"), shopper.id)

    assert answer.text == "Hello."


@pytest.mark.parametrize("named", ["openai:gpt-5-mini", "google:gemini-3-flash"])
async def test_nobody_waits_for_a_vendor_beyond_the_clock(
    chain: MakeChain,
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    named: str,
) -> None:
    made = chain([Reply(status=429, retry_after=90)], named=f"{named},offline", retries=3)
    began = time.monotonic()

    answer = await make_assistant(made.minds).answer(says_on("hi"), shopper.id)

    assert answer.text
    assert time.monotonic() - began < 20
    assert made.minds[0].breaker.is_open


async def test_voice_is_answered_within_its_clock(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    stalled = Reply("Hm", broken="stall", seconds=5)
    made = chain([stalled], [stalled], named="openai:gpt-5-mini,google:gemini-3-flash,offline")
    limits = Limits(seconds_by_channel={"voice": 2.5})
    assistant = make_assistant(made.minds, limits=limits)
    began = time.monotonic()

    answer = await assistant.answer(says_on("add two bananas", channel="voice"), shopper.id)

    assert time.monotonic() - began < 2.5
    assert [line.quantity for line in answer.cart.lines] == ["2"]


async def test_an_answer_that_is_too_long_ends_with_its_last_whole_sentence(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    made = chain(
        [Reply("Yes, we do. And there is more to sa", broken="length")], named="openai:gpt-5-mini"
    )

    answer = await make_assistant(made.minds).answer(says_on("tea?"), shopper.id)

    assert answer.text == "Yes, we do."


async def test_a_call_that_was_too_long_is_not_run(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    cut = Reply(calls=[("add_to_cart", '{"items": [{"product": "P001", "quan')], finish="length")
    made = chain([cut], [Reply("Which bananas?")])

    answer = await make_assistant(made.minds).answer(says_on("bananas"), shopper.id)

    assert answer.text == "Which bananas?"
    assert answer.tools == []


async def test_a_call_written_as_text_is_made_and_never_shown(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    made = chain(
        [Reply(calls=[("add_to_cart", BANANAS)], broken="text call"), Reply("Done.")],
        named="openai-compatible:llama3.1",
        context_tokens=64_000,
    )

    answer = await make_assistant(made.minds).answer(says_on("two bananas"), shopper.id)

    assert answer.text == "Done."
    assert [line.quantity for line in answer.cart.lines] == ["2"]


@pytest.mark.parametrize(
    "named",
    [
        "openai-responses:gpt-5-mini,google:gemini-3-flash",
        "google:gemini-3-flash,openai-responses:o4",
    ],
)
async def test_the_responses_api_takes_part_in_a_chain(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper, named: str
) -> None:
    thinking = Reply(calls=[("get_cart", {})], reasoning="Let me look.", signature="s")
    adding = replace(ADD, reasoning="Now add.")
    made = chain([thinking, thinking, Reply(status=500)], [adding, Reply("Done.")], named=named)

    answer = await make_assistant(made.minds).answer(says_on("two bananas"), shopper.id)

    assert answer.text == "Done."
    assert [one.name for one in answer.tools] == ["get_cart", "get_cart", "add_to_cart"]


async def test_the_repair_falls_back_too(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    made = chain(
        [
            Reply(calls=[("search_catalog", {"query": "bananas"})]),
            Reply("Bananas are $7.77 each."),
            Reply(status=500),
        ],
        [Reply("Bananas are $0.29 each.")],
    )

    answer = await make_assistant(made.minds).answer(says_on("bananas"), shopper.id)

    assert answer.text == "Bananas are $0.29 each."


async def test_every_call_is_noted_with_how_it_went(
    chain: MakeChain,
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    shop: Shop,
) -> None:
    made = chain(
        [Reply(status=503), Reply(status=503)],
        [ADD, Reply("Done.")],
        retries=1,
    )

    answer = await make_assistant(made.minds).answer(says_on("two bananas"), shopper.id)

    with shop.read() as work:
        calls = work.model_calls.of_turn(answer.turn_id)
    assert [(one.provider, one.model, one.outcome) for one in calls] == [
        ("openai", "gpt-5-mini", "busy"),
        ("openai", "gpt-5-mini", "busy"),
        ("google", "gemini-3-flash", "ok"),
        ("google", "gemini-3-flash", "ok"),
    ]
    assert all(one.input_tokens for one in calls[2:])


async def test_a_shopper_who_stops_a_call_leaves_the_vendor_well(
    chain: MakeChain,
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
) -> None:
    made = chain([Reply("One moment. I am thinking about it.", broken="stall finish", seconds=5)])
    assistant = make_assistant(made.minds)
    run = await assistant.submit(says_on("hi"), shopper.id)
    async for event in assistant.events(run.id):
        if "TEXT_MESSAGE_CONTENT" in event.data:
            break
    began = time.monotonic()

    assert await assistant.cancel(run.id)
    answer = await run.answer()

    assert time.monotonic() - began < 1
    assert "Stopped" in answer.text
    assert made.minds[0].breaker.enter()


async def test_a_wrong_key_is_said_loudly_once_and_the_next_link_answers(
    chain: MakeChain,
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = chain([Reply(status=401)] * 2, [Reply("Hello.")] * 2)
    assistant = make_assistant(made.minds)

    assert (await assistant.answer(says_on("hi"), shopper.id)).text == "Hello."
    breaker = made.minds[0].breaker
    breaker.monotonic = lambda: time.monotonic() + 1000
    assert (await assistant.answer(says_on("hi"), shopper.id)).text == "Hello."

    (loud,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert "OPENAI_API_KEY" in loud.getMessage()
    assert not breaker.is_well
    assert breaker.why.startswith("refused")


async def test_a_call_that_google_cannot_read_ends_nothing(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    malformed = Reply("Let me have a look. ", calls=[("get_cart", {})], broken="arguments")
    made = chain([malformed], [Reply("Your cart is empty.")], named=GEMINI_FIRST)

    answer = await make_assistant(made.minds).answer(says_on("my cart?"), shopper.id)

    assert answer.text == "Your cart is empty."


async def test_a_silent_vendor_is_not_waited_for_twice_while_offline_can_answer(
    chain: MakeChain, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    stalled = Reply(broken="stall headers", seconds=3)
    made = chain([stalled], named="openai:gpt-5-mini,offline", retries=3, first_token_timeout=0.5)

    answer = await make_assistant(made.minds).answer(says_on("add two bananas"), shopper.id)

    assert [line.quantity for line in answer.cart.lines] == ["2"]


def test_only_the_offline_mind_is_asked_where_nothing_may_be_spent(chain: MakeChain) -> None:
    made = chain([], named="openai:gpt-5-mini")

    assert [mind.title for mind in made.minds.only_offline()] == ["offline"]
    assert made.minds.offline is made.minds.spare
