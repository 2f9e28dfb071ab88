"""What models get wrong, through the vendors' real clients: the shop mends it or says so."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.messages import InboundMessage
from assistant.providers.minds import Minds
from assistant.providers.opening import ModelOptions, open_minds
from assistant.providers.specs import parse_chain
from assistant.service import Assistant
from assistant.turn_context import MAX_MODEL_CALLS, MAX_TOOL_CALLS
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.model_server import ModelServer, Reply
from tests.stand_ins.openai_server import OpenAiServer
from tests.stand_ins.responses_server import ResponsesServer

MakeAssistant = Callable[..., Assistant]
Message = Callable[..., InboundMessage]
Vendor = tuple[ModelServer, Minds]
MakeVendor = Callable[..., Vendor]
BANANAS: dict[str, Any] = {"items": [{"product": "P001", "quantity": "2"}]}
LOOK = ("search_catalog", {"query": "bananas", "limit": 3})


def _open(kind: str, *script: Reply, **options: Any) -> Vendor:
    server: OpenAiServer | ResponsesServer | GeminiServer
    if kind == "openai":
        server, spec = OpenAiServer(*script), "openai:gpt-stand-in"
    elif kind == "responses":
        server, spec = ResponsesServer(*script), "openai-responses:gpt-5-stand-in"
    else:
        server, spec = GeminiServer(*script), "google:gemini-3-stand-in"
    server.start()
    settings = {"api_key": "dummy", "base_url": server.base_url, "timeout": 5.0, **options}
    return server, open_minds(parse_chain(spec), ModelOptions(**settings))


@pytest.fixture(
    params=["openai", "gemini", pytest.param("responses", marks=pytest.mark.long)],
)
def vendor(request: pytest.FixtureRequest) -> Iterator[MakeVendor]:
    """Make a vendor with a script; one that is asked wrongly, or too little, fails the test."""
    started: list[ModelServer] = []

    def make(*script: Reply, **options: Any) -> Vendor:
        server, model = _open(request.param, *script, **options)
        started.append(server)
        return server, model

    yield make
    for server in started:
        server.stop()
        server.verify()


async def test_a_vendor_that_is_busy_for_a_moment_is_asked_again(
    vendor: MakeVendor, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    _, model = vendor(
        Reply(status=429), Reply(calls=[("add_to_cart", BANANAS)]), Reply("Two bananas, done.")
    )

    answer = await make_assistant(model).answer(says_on("two bananas"), shopper.id)

    assert answer.text == "Two bananas, done."
    assert [line.quantity for line in answer.cart.lines] == ["2"]


async def test_a_vendor_that_fails_after_a_change_leaves_it_done_once_and_said(
    vendor: MakeVendor, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    _, model = vendor(
        Reply(calls=[("add_to_cart", BANANAS)]), Reply(status=500), Reply(status=500), retries=1
    )

    answer = await make_assistant(model).answer(says_on("two bananas"), shopper.id)

    assert "I can't think properly right now" in answer.text
    assert "Added Bananas, loose x 2" in answer.text
    assert [line.quantity for line in answer.cart.lines] == ["2"]


async def test_a_tool_that_does_not_exist_and_arguments_that_do_not_fit_are_mended(
    vendor: MakeVendor, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    server, model = vendor(
        Reply(calls=[("put_in_basket", {"name": "bananas"})], signature="1"),
        Reply(calls=[("add_to_cart", {"quantity": "2"})], signature="2"),
        Reply(calls=[("add_to_cart", BANANAS)], signature="3"),
        Reply("Two bananas are in your cart."),
    )

    answer = await make_assistant(model).answer(says_on("two bananas"), shopper.id)

    assert [(one.name, one.ok) for one in answer.tools] == [
        ("put_in_basket", False),
        ("add_to_cart", False),
        ("add_to_cart", True),
    ]
    unknown, wrong, _ = server.asked[-1].results
    assert "put_in_basket" in unknown["text"]
    assert "items" in wrong["text"]
    assert [line.quantity for line in answer.cart.lines] == ["2"]


async def test_the_model_is_told_that_its_arguments_are_no_json(
    make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    with OpenAiServer(
        Reply(calls=[("add_to_cart", BANANAS)], broken="arguments"),
        Reply(calls=[("add_to_cart", BANANAS)]),
        Reply("Now it worked."),
    ) as server:
        model = open_minds(parse_chain("openai:gpt-small"), ModelOptions(base_url=server.base_url))
        answer = await make_assistant(model).answer(says_on("two bananas"), shopper.id)

    (told,) = server.asked[1].results
    assert "was not run" in told["text"]
    assert [line.quantity for line in answer.cart.lines] == ["2"]


async def test_a_call_cut_off_within_its_arguments_is_never_run(
    make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    with OpenAiServer(Reply(calls=[("add_to_cart", BANANAS)], broken="cut")) as server:
        options = ModelOptions(base_url=server.base_url, retries=0)
        model = open_minds(parse_chain("openai:gpt-small"), options)
        answer = await make_assistant(model).answer(says_on("two bananas"), shopper.id)

    assert "I can't think properly right now" in answer.text
    assert answer.tools == []
    assert answer.cart.lines == []


@pytest.mark.parametrize(
    "wrong",
    [
        "Our bananas are $0.99 each.",
        "You should try the **Sunny Gold Bananas**!",
        "Bananas, loose are sold out, sadly.",
    ],
)
async def test_what_the_shop_does_not_know_is_stopped_and_mended_once(
    vendor: MakeVendor,
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    wrong: str,
) -> None:
    server, model = vendor(
        Reply(calls=[LOOK], signature="1"), Reply(wrong), Reply("Bananas are $0.29 a piece.")
    )

    answer = await make_assistant(model).answer(says_on("bananas?"), shopper.id)

    assert answer.text == "Bananas are $0.29 a piece."
    assert not server.asked[-1].streamed
    assert "0.29" in server.asked[-1].said


async def test_a_model_that_insists_on_a_wrong_price_is_asked_no_third_time(
    vendor: MakeVendor, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    _, model = vendor(
        Reply(calls=[LOOK], signature="1"), Reply("They are $0.99."), Reply("Well, $0.98 then.")
    )

    answer = await make_assistant(model).answer(says_on("bananas?"), shopper.id)

    assert "0.9" not in answer.text
    assert "Bananas, loose" in answer.text
    assert "$0.29" in answer.text


async def test_parallel_changes_of_one_message_happen_in_its_order(
    vendor: MakeVendor,
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    shop: Shop,
) -> None:
    changes: list[tuple[str, dict[str, Any]]] = [
        ("add_to_cart", BANANAS),
        ("update_cart", {"changes": [{"product": "c1", "quantity": "5"}]}),
        ("add_to_cart", {"items": [{"product": "P002", "quantity": 1}]}),
        ("update_cart", {"changes": [{"product": "c1", "quantity": "0"}]}),
    ]
    _, model = vendor(Reply(calls=changes, signature="1"), Reply("All done."))

    answer = await make_assistant(model).answer(says_on("fruit"), shopper.id)

    assert [(line.product, line.quantity) for line in answer.cart.lines] == [("P002", "1")]
    with shop.read() as work:
        assert [one.tool for one in work.commands.of_turn(answer.turn_id)] == [
            name for name, _ in changes
        ]


async def test_a_model_that_calls_tools_forever_gets_its_results_said_plainly(
    vendor: MakeVendor, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    again = [Reply(calls=[LOOK], signature=str(n)) for n in range(MAX_MODEL_CALLS)]
    server, model = vendor(*again)

    answer = await make_assistant(model).answer(says_on("bananas"), shopper.id)

    assert [bool(asked.tools) for asked in server.asked] == [True] * (MAX_MODEL_CALLS - 1) + [False]
    assert len(answer.tools) == MAX_MODEL_CALLS - 1
    assert "Bananas, loose" in answer.text


async def test_a_call_that_came_too_late_does_not_spoil_the_repair(
    vendor: MakeVendor, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    again = [Reply(calls=[LOOK], signature=str(n)) for n in range(MAX_MODEL_CALLS - 1)]
    _, model = vendor(
        *again,
        Reply("They are $0.99.", calls=[LOOK], signature="last"),
        Reply("They are $0.29."),
    )

    answer = await make_assistant(model).answer(says_on("bananas"), shopper.id)

    assert answer.text == "They are $0.29."


async def test_more_calls_than_a_turn_may_make_are_refused_in_words(
    vendor: MakeVendor, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    server, model = vendor(
        Reply(calls=[("get_cart", {})] * (MAX_TOOL_CALLS + 2), signature="1"),
        Reply("Your cart is empty."),
    )

    answer = await make_assistant(model).answer(says_on("my cart"), shopper.id)

    assert [one.ok for one in answer.tools] == [True] * MAX_TOOL_CALLS + [False] * 2
    assert "used up its tool calls" in server.asked[-1].results[-1]["text"]
    assert answer.text == "Your cart is empty."


async def test_an_answer_the_vendor_keeps_back_is_given_from_the_blocks(
    vendor: MakeVendor, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    _, model = vendor(Reply(calls=[LOOK], signature="1"), Reply(broken="declined"))

    answer = await make_assistant(model).answer(says_on("bananas"), shopper.id)

    assert "Bananas, loose" in answer.text
    assert "$0.29" in answer.text


async def test_what_was_said_before_the_line_was_cut_stands_and_is_not_repeated(
    vendor: MakeVendor, make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    server, model = vendor(
        Reply("One moment, I will add them.", calls=[("add_to_cart", BANANAS)], signature="1"),
        Reply("I have added the bananas for you.", broken="cut"),
        Reply("You have two bananas."),
        retries=0,
    )
    assistant = make_assistant(model)

    first = await assistant.answer(says_on("two bananas"), shopper.id)
    then = await assistant.answer(
        says_on("what have i got?", conversation=first.conversation_id), shopper.id
    )

    assert first.text.startswith("One moment, I will add them.")
    assert "I can't think properly right now" in first.text
    assert [line.quantity for line in then.cart.lines] == ["2"]
    assert then.text == "You have two bananas."
    assert [one["role"] for one in server.asked[-1].messages] == [
        "user",
        "assistant",
        "tool",
        "assistant",
        "user",
    ]
