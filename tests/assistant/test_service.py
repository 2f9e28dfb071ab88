from collections.abc import Callable

from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.stand_ins.scripted import ScriptedChatModel, call, says

Message = Callable[..., InboundMessage]


async def test_a_search_is_answered_with_products_and_text(
    make_assistant: Callable[..., Assistant],
    scripted: Callable[..., ScriptedChatModel],
    says_on: Message,
    shopper: Shopper,
) -> None:
    model = scripted(call("search_catalog", query="oat milk"), says("Here you are."))

    answer = await make_assistant(model).answer(says_on("oat milk please"), shopper.id)

    assert answer.text == "Here you are."
    assert [block.type for block in answer.blocks] == ["products"]
    assert [(one.name, one.ok) for one in answer.tools] == [("search_catalog", True)]


async def test_a_repeated_message_id_gets_the_first_answer(
    make_assistant: Callable[..., Assistant],
    scripted: Callable[..., ScriptedChatModel],
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
) -> None:
    model = scripted(
        call("add_to_cart", items=[{"product": "P001", "quantity": "2"}]), says("Done.")
    )
    assistant = make_assistant(model)
    message = says_on("two bananas", message_id="same")

    first = await assistant.answer(message, shopper.id)
    again = await assistant.answer(message, shopper.id)

    assert again == first
    with shop.read() as work:
        assert [line.quantity for line in work.carts.get(shopper.cart_id).lines] == [2]
