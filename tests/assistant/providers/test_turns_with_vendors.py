"""Turns with the vendors' real clients, against servers that speak their protocols."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.limits import Limits
from assistant.messages import InboundMessage
from assistant.providers.minds import Minds
from assistant.providers.opening import ModelOptions, build_model, open_minds
from assistant.providers.specs import parse_chain
from assistant.service import Assistant
from knowledge.errors import InvalidInput
from knowledge.shoppers.shoppers import Shopper
from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.model_server import ModelServer, Reply
from tests.stand_ins.openai_server import OpenAiServer

MakeAssistant = Callable[..., Assistant]
Message = Callable[..., InboundMessage]
BANANAS: dict[str, Any] = {"items": [{"product": "P001", "quantity": "2"}]}
Vendor = tuple[ModelServer, Minds]


@pytest.fixture(params=["openai", "gemini"])
def vendor(request: pytest.FixtureRequest) -> Iterator[Callable[..., Vendor]]:
    """Make a vendor with a script, and the client that a shop would use with it."""
    started: list[ModelServer] = []

    def make(*script: Reply, **options: Any) -> Vendor:
        server: OpenAiServer | GeminiServer
        if request.param == "openai":
            server = OpenAiServer(*script)
            spec = "openai:gpt-6-codex"  # a name for which LangChain would leave this protocol
        else:
            server = GeminiServer(*script)
            spec = "google:gemini-3.5-flash"
        server.start()
        started.append(server)
        settings = {"api_key": "secret", "base_url": server.base_url, "timeout": 5.0, **options}
        return server, open_minds(parse_chain(spec), ModelOptions(**settings))

    yield make
    for server in started:
        server.stop()
        server.verify()


async def test_a_turn_of_several_calls_in_fragments(
    vendor: Callable[..., Vendor], make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    server, model = vendor(
        Reply(
            calls=[("search_catalog", {"query": "bananas", "limit": 3}), ("get_cart", {})],
            signature="thought",
        ),
        Reply(calls=[("add_to_cart", BANANAS)], signature="thought more"),
        Reply("I added two bananas. Anything else?"),
    )

    answer = await make_assistant(model).answer(says_on("two bananas"), shopper.id)

    assert answer.text == "I added two bananas. Anything else?"
    assert [one.name for one in answer.tools] == ["search_catalog", "get_cart", "add_to_cart"]
    assert [line.quantity for line in answer.cart.lines] == ["2"]
    assert all(asked.streamed for asked in server.asked)
    assert "<state>" in server.asked[0].system
    assert "add_to_cart" in server.asked[0].tools
    assert len(server.asked[-1].results) == 3


async def test_a_second_turn_brings_the_first_one_along(
    vendor: Callable[..., Vendor], make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    server, model = vendor(
        Reply(calls=[("search_catalog", {"query": "bananas"})]),
        Reply("Here they are."),
        Reply("Yes, they are."),
    )
    assistant = make_assistant(model)
    first = await assistant.answer(says_on("bananas"), shopper.id)

    await assistant.answer(says_on("ripe?", conversation=first.conversation_id), shopper.id)

    talk = server.asked[-1].messages
    assert [one["role"] for one in talk] == ["user", "assistant", "tool", "assistant", "user"]
    assert talk[1]["calls"][0][0] == "search_catalog"
    assert talk[3]["text"] == "Here they are."


async def test_a_wrong_price_is_mended_over_the_wire(
    vendor: Callable[..., Vendor], make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    _, model = vendor(
        Reply(calls=[("search_catalog", {"query": "bananas"})]),
        Reply("Bananas are $7.77 each."),
        Reply("Bananas are $0.29 each."),
    )

    answer = await make_assistant(model).answer(says_on("bananas"), shopper.id)

    assert answer.text == "Bananas are $0.29 each."


@pytest.mark.parametrize("status", [401, 429, 500])
async def test_a_vendor_that_refuses_ends_in_an_apology(
    vendor: Callable[..., Vendor],
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    status: int,
) -> None:
    _, model = vendor(Reply(status=status), retries=0)

    answer = await make_assistant(model).answer(says_on("bananas"), shopper.id)

    assert "I can't think properly right now" in answer.text


async def test_a_vendor_that_fails_once_is_asked_again(
    vendor: Callable[..., Vendor], make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    _, model = vendor(Reply(status=500), Reply("Hello."), retries=1)

    answer = await make_assistant(model).answer(says_on("hi"), shopper.id)

    assert answer.text == "Hello."


@pytest.mark.parametrize("broken", ["cut", "not json", "empty"])
async def test_a_vendor_that_breaks_off_ends_in_an_apology_and_a_consistent_cart(
    vendor: Callable[..., Vendor],
    make_assistant: MakeAssistant,
    says_on: Message,
    shopper: Shopper,
    broken: Any,
) -> None:
    _, model = vendor(
        Reply(calls=[("add_to_cart", BANANAS)]),
        Reply("I have added the bananas for you.", broken=broken),
        retries=0,
    )

    answer = await make_assistant(model).answer(says_on("two bananas"), shopper.id)

    assert "I can't think properly right now" in answer.text
    assert "Added Bananas" in answer.text
    assert [line.quantity for line in answer.cart.lines] == ["2"]


async def test_a_vendor_that_is_too_slow_ends_in_an_apology(
    vendor: Callable[..., Vendor], make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    _, model = vendor(Reply("Finally.", seconds=2), retries=0)
    assistant = make_assistant(model, limits=Limits(seconds=0.7))

    answer = await assistant.answer(says_on("hi"), shopper.id)

    assert "took too long" in answer.text


async def test_arguments_that_are_no_json_go_back_to_the_model(
    make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    with OpenAiServer(
        Reply(calls=[("add_to_cart", BANANAS)], broken="arguments"),
        Reply(calls=[("add_to_cart", BANANAS)]),
        Reply("Now it worked."),
    ) as server:
        model = open_minds(parse_chain("openai:gpt-small"), ModelOptions(base_url=server.base_url))

        answer = await make_assistant(model).answer(says_on("two bananas"), shopper.id)

    assert [one.ok for one in answer.tools] == [False, True]
    assert answer.text == "Now it worked."


async def test_what_a_turn_used_is_counted_where_the_vendor_tells(
    make_assistant: MakeAssistant, says_on: Message, shopper: Shopper
) -> None:
    with OpenAiServer(Reply("Hello.")) as server:
        options = ModelOptions(base_url=server.base_url)
        assistant = make_assistant(open_minds(parse_chain("openai:gpt-small"), options))
        answer = await assistant.answer(says_on("hi"), shopper.id)

    with assistant.shop.read() as work:
        (turn,) = work.conversations.window(answer.conversation_id, turns=1)
    assert turn.usage == {"input_tokens": 10, "output_tokens": 5}
    assert turn.model == "openai:gpt-small"
    assert turn.prompt_digest


@pytest.mark.parametrize(
    ("spec", "options"),
    [
        ("openai:gpt-6", ModelOptions()),
        ("google:gemini", ModelOptions()),
        ("openai-compatible:llama", ModelOptions()),
        ("openai:", ModelOptions(api_key="x")),
        ("mystery:model", ModelOptions(api_key="x")),
        ("offline", ModelOptions()),
    ],
)
def test_a_model_that_cannot_be_opened_is_refused_in_words(
    spec: str, options: ModelOptions
) -> None:
    with pytest.raises(InvalidInput):
        build_model(spec, options)
