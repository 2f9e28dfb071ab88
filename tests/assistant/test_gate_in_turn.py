"""What becomes of a turn whose model says something the shop does not know."""

from collections.abc import Callable

from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.shoppers.shoppers import Shopper
from tests.stand_ins.agui_order import spoken, verify_order
from tests.stand_ins.scripted import ScriptedChatModel, call, says

MakeAssistant = Callable[..., Assistant]
Scripted = Callable[..., ScriptedChatModel]
Message = Callable[..., InboundMessage]


async def test_a_wrong_price_is_never_shown_and_the_model_mends_its_answer(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(
        call("search_catalog", query="bananas"),
        says("We have bananas. They cost $9.87 each. Enjoy!"),
        says("They cost $0.29 each."),
    )
    assistant = make_assistant(model)
    run = await assistant.submit(says_on("how much are bananas"), shopper.id)

    events = verify_order([event.data async for event in assistant.events(run.id)])

    answer = await run.answer()
    assert answer.text == "We have bananas.\n\nThey cost $0.29 each."
    assert not [event async for event in assistant.events(run.id) if "9.87" in event.data]
    assert spoken(events) == "We have bananas. They cost $0.29 each."
    asked = model.requests[-1][-1].text
    assert "9.87" in asked
    assert "0.29" in asked


async def test_a_model_that_insists_is_replaced_by_a_plain_answer_from_the_blocks(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(
        call("search_catalog", query="bananas", limit=2),
        says("Try our **Golden Moon Bananas** for $1."),
        says("Really, the Golden Moon Bananas are great."),
    )

    answer = await make_assistant(model).answer(says_on("bananas"), shopper.id)

    assert "Golden Moon" not in answer.text
    (block,) = answer.blocks
    assert block.type == "products"
    assert all(card.title in answer.text for card in block.products)


async def test_a_repair_that_cannot_be_had_ends_in_the_plain_answer(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(call("get_cart"), says("You owe us $12."), RuntimeError("gone"))

    answer = await make_assistant(model).answer(says_on("my cart"), shopper.id)

    assert answer.text == "Your cart is empty."


async def test_what_an_earlier_turn_showed_may_still_be_said(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(
        call("search_catalog", query="bananas"), says("Here."), says("The first is $0.29.")
    )
    assistant = make_assistant(model)
    first = await assistant.answer(says_on("bananas"), shopper.id)

    answer = await assistant.answer(
        says_on("price?", conversation=first.conversation_id), shopper.id
    )

    assert answer.text == "The first is $0.29."


async def test_a_model_that_says_nothing_is_answered_for_from_the_blocks(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(call("get_cart"), says(""))

    answer = await make_assistant(model).answer(says_on("my cart"), shopper.id)

    assert answer.text == "Your cart is empty."
