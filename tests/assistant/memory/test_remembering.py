"""What a model is given of a long talk, of one resumed later, and of a checkout."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from assistant.memory.budget import MOST, count_tokens
from assistant.memory.summary import read_summary
from assistant.messages import Answer, InboundMessage
from assistant.providers.minds import Mind, Minds
from assistant.providers.specs import ModelSpec
from assistant.service import Assistant
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.delivering import PHONE, TOWN, delivering
from tests.fixed_clock import FixedClock
from tests.stand_ins.scripted import ScriptedChatModel, call, calls, says

MakeAssistant = Callable[..., Assistant]
Scripted = Callable[..., ScriptedChatModel]
Message = Callable[..., InboundMessage]

BANANAS = "P001"


def reprice(shop: Shop, product_id: str, price: str) -> None:
    with shop.write() as work:
        product = work.catalog.get(product_id)
        work.catalog.upsert([replace(product, price=replace(product.price, amount=Decimal(price)))])


def given(model: ScriptedChatModel, place: int = -1) -> str:
    """All that the model was given, as one text."""
    return "\n".join(
        f"{one.content} {getattr(one, 'tool_calls', '')}" for one in model.requests[place]
    )


def talk(messages: list[BaseMessage]) -> list[BaseMessage]:
    """The earlier talk of a request, without instructions and the message itself."""
    last = max(place for place, one in enumerate(messages) if isinstance(one, HumanMessage))
    return messages[1:last]


async def test_an_old_price_repeated_from_memory_is_stopped_and_the_new_one_passes(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    clock: FixedClock,
    shopper: Shopper,
) -> None:
    model = scripted(
        call("search_catalog", query="bananas"),
        says("Bananas, loose cost $0.29."),
        says("As I said, Bananas, loose cost $0.29."),
        says("Bananas, loose are $0.35 now."),
    )
    assistant = make_assistant(model)
    first = await assistant.answer(says_on("how much are bananas"), shopper.id)
    clock.advance(60)
    reprice(shop, BANANAS, "0.35")

    second = await assistant.answer(
        says_on("and what did you say they cost?", conversation=first.conversation_id), shopper.id
    )

    assert first.text == "Bananas, loose cost $0.29."
    assert second.text == "Bananas, loose are $0.35 now."
    assert "$0.29" not in "\n".join(one.text for one in talk(model.requests[2]))
    assert '"price":"0.35"' in model.requests[2][0].text


async def test_after_days_what_was_told_of_prices_is_told_no_more(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    clock: FixedClock,
    shopper: Shopper,
) -> None:
    model = scripted(
        call("search_catalog", query="bananas"),
        says("Bananas, loose cost $0.29."),
        says("Welcome back."),
    )
    assistant = make_assistant(model)
    first = await assistant.answer(says_on("how much are bananas"), shopper.id)
    clock.advance(days=3)

    await assistant.answer(says_on("hello", conversation=first.conversation_id), shopper.id)

    earlier = "\n".join(one.text for one in talk(model.requests[-1]))
    assert "0.29" not in earlier
    assert "P001: Bananas, loose" in earlier
    assert '"price":"0.29"' in model.requests[-1][0].text


NOTES = {
    "wishes": ["oat drinks for breakfast"],
    "decided": ["the cheapest for 77.77"],
    "products": [{"id": BANANAS, "title": "?", "why": "for the cake"}, {"id": "P999999"}],
    "constraints": {"budget": "40 dollars", "diets": [{"what": "vegan", "who": "me"}]},
    "open_questions": ["which candles fit the birthday cake"],
}


def chain(answering: ScriptedChatModel, noting: ScriptedChatModel) -> Minds:
    """One model that answers, and a cheaper one behind it."""
    minds = [
        Mind(ModelSpec("openai", name), model, name, "scripted", 32_000, is_offline=False)
        for name, model in (("good", answering), ("cheap", noting))
    ]
    return Minds(minds)


def said(number: int) -> str:
    told = {
        1: "I am vegan and my limit is 40 dollars",
        2: "show me bananas",
        3: "which candles fit the birthday cake? tell me later",
    }
    return told.get(number, f"now the next thing, please, part {'abcdefghij'[number % 10]}")


async def long_talk(assistant: Assistant, says_on: Message, shopper: Shopper, turns: int) -> str:
    answer: Answer | None = None
    for number in range(1, turns + 1):
        conversation = None if answer is None else answer.conversation_id
        answer = await assistant.answer(
            says_on(said(number), conversation=conversation), shopper.id
        )
        await assistant.notes_written()
    assert answer is not None
    return answer.conversation_id


def lines_of(turns: int) -> list[Any]:
    lines: list[Any] = []
    for number in range(1, turns + 1):
        if number == 1:
            lines.append(
                calls(
                    ("set_preferences", {"diets": ["vegan"]}),
                    ("set_budget", {"amount": "40", "period": "week"}),
                )
            )
        elif number % 2 == 0:
            lines.append(call("search_catalog", query="bananas" if number == 2 else "drink"))
        lines.append(says("There you are."))
    return lines


async def test_of_sixty_turns_nothing_that_matters_is_lost_and_the_budget_of_tokens_holds(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
) -> None:
    answering = scripted(*lines_of(60))
    noting = scripted(*[says(f"```json\n{json.dumps(NOTES)}\n```") for _ in range(9)])
    assistant = make_assistant(chain(answering, noting))

    conversation_id = await long_talk(assistant, says_on, shopper, 60)

    earlier = talk(answering.requests[-1])
    assert max(count_tokens(talk(one)) for one in answering.requests) <= MOST
    notes = earlier[0].text
    assert "P001" in notes
    assert "Bananas, loose" in notes
    assert "which candles fit the birthday cake" in notes
    assert "vegan" in notes
    state = answering.requests[-1][0].text
    assert '"amount":"40.00"' in state
    assert '"diets":["vegan"]' in state
    assert "77.77" not in notes
    assert "P999999" not in notes
    with shop.read() as work:
        kept = work.conversations.get(conversation_id)
    assert kept.summary_until == 54
    assert read_summary(kept.summary).constraints.budget == "40 per week"


async def test_a_model_that_cannot_take_notes_costs_the_shopper_nothing(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
) -> None:
    answering = scripted(*lines_of(19))
    noting = scripted(RuntimeError("down"), says("no notes from me"))
    assistant = make_assistant(chain(answering, noting))

    conversation_id = await long_talk(assistant, says_on, shopper, 19)

    notes = talk(answering.requests[-1])[0].text
    assert "which candles fit the birthday cake?" in notes
    assert "P001" in notes
    with shop.read() as work:
        assert work.conversations.get(conversation_id).summary_until == 12


async def test_of_two_who_take_notes_at_once_one_is_kept(shop: Shop, shopper: Shopper) -> None:
    with shop.write() as work:
        opened = work.conversations.open(
            shopper_id=shopper.id, cart_id=shopper.cart_id, channel="web"
        )
        for number in range(8):
            work.conversations.append(
                opened.id,
                turn_id=f"t{number}",
                parts=[],
                schema_version=1,
                outcome="answered",
                started_at=work.clock.now(),
            )

        assert work.conversations.keep_summary(opened.id, "first", until=6, known_until=0)
        assert not work.conversations.keep_summary(opened.id, "second", until=6, known_until=0)
        # A talk that was forgotten meanwhile has no turns that could be noted.
        assert not work.conversations.keep_summary(opened.id, "late", until=12, known_until=6)
        assert work.conversations.get(opened.id).summary == "first"


STREET = "12 Elm Street"
PRIVATE = (STREET, "0189", "anna@example.com")


async def test_a_model_reads_address_and_contact_only_where_the_shopper_typed_them(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
) -> None:
    there = delivering(shop, TOWN)
    address = f"{STREET}, Maple Falls, WA 98266"
    model = scripted(
        call("add_to_cart", items=[{"product": BANANAS, "quantity": "20"}]),
        says("Done."),
        call("start_checkout", fulfilment="delivery", address=address),
        says("When?"),
        call("start_checkout", slot="slot 1"),
        says("How can the shop reach you?"),
        call("start_checkout", contact=PHONE),
        says("Shall I order that?"),
        says("Anything else?"),
        call("add_to_cart", items=[{"product": BANANAS, "quantity": "20"}]),
        call("start_checkout", fulfilment="delivery"),
        says("When?"),
    )
    assistant = make_assistant(model, shop=there)
    texts = ["20 bananas", f"deliver to {address}", "slot 1", f"call me at {PHONE}", "yes"]
    answer: Answer | None = None
    for text in [*texts, "thanks", "the same once more"]:
        conversation = None if answer is None else answer.conversation_id
        answer = await assistant.answer(says_on(text, conversation=conversation), shopper.id)
        if text == "yes":
            assert answer.order is not None

    for place, messages in enumerate(model.requests):
        for one in messages:
            typed = isinstance(one, HumanMessage) or (isinstance(one, AIMessage) and one.tool_calls)
            if not typed or place >= 8:  # the order is placed
                assert not [piece for piece in PRIVATE if piece in str(one.content)], one
                assert not [
                    piece for piece in PRIVATE if piece in str(getattr(one, "tool_calls", ""))
                ] or (typed and place < 8)
    assert STREET in given(model, 3)
    assert "Elm Street" in given(model, 8)
