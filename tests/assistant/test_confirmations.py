from collections.abc import Callable
from decimal import Decimal

import pytest

from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.fixed_clock import FixedClock
from tests.stand_ins.scripted import ScriptedChatModel, call, says

MakeAssistant = Callable[..., Assistant]
Scripted = Callable[..., ScriptedChatModel]
Message = Callable[..., InboundMessage]

BUY = (
    call("add_to_cart", items=[{"product": "P001", "quantity": "2"}]),
    call("start_checkout"),
    says("Shall I order that?"),
)


@pytest.fixture
def bananas(shop: Shop) -> Callable[[], Decimal]:
    """Tell how many bananas the shop has."""

    def stock() -> Decimal:
        with shop.read() as work:
            found = work.catalog.get("P001").stock
        assert found is not None
        return found

    return stock


async def test_a_clear_yes_after_the_question_places_the_order_without_the_model(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shopper: Shopper,
    bananas: Callable[[], Decimal],
) -> None:
    before = bananas()
    assistant = make_assistant(scripted(*BUY))
    asked = await assistant.answer(says_on("buy two bananas"), shopper.id)

    answer = await assistant.answer(says_on("yes", conversation=asked.conversation_id), shopper.id)

    assert answer.order is not None
    assert answer.confirmation is None
    assert answer.cart.lines == []
    assert answer.order.number in answer.text
    assert bananas() == before - 2


async def test_a_clear_no_leaves_the_cart_as_it_is(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    assistant = make_assistant(scripted(*BUY))
    asked = await assistant.answer(says_on("buy two bananas"), shopper.id)

    answer = await assistant.answer(says_on("no", conversation=asked.conversation_id), shopper.id)

    assert answer.order is None
    assert answer.confirmation is None
    assert len(answer.cart.lines) == 1


async def test_an_unclear_answer_goes_to_the_model_and_leaves_the_question_open(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    assistant = make_assistant(scripted(*BUY, says("Take your time.")))
    asked = await assistant.answer(says_on("buy two bananas"), shopper.id)

    answer = await assistant.answer(
        says_on("yes, but is it organic?", conversation=asked.conversation_id), shopper.id
    )

    assert answer.text == "Take your time."
    assert answer.order is None
    assert answer.confirmation == asked.confirmation


async def test_a_yes_to_something_else_said_in_between_is_for_the_model(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    assistant = make_assistant(
        scripted(*BUY, says("Shall I show you more fruit?"), says("Here is more fruit."))
    )
    asked = await assistant.answer(says_on("buy two bananas"), shopper.id)
    talk = asked.conversation_id
    await assistant.answer(says_on("hmm, what else is there", conversation=talk), shopper.id)

    answer = await assistant.answer(says_on("yes", conversation=talk), shopper.id)

    assert answer.order is None
    assert answer.text == "Here is more fruit."


async def test_a_button_pressed_twice_places_one_order(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shopper: Shopper,
    bananas: Callable[[], Decimal],
) -> None:
    before = bananas()
    assistant = make_assistant(scripted(*BUY))
    asked = await assistant.answer(says_on("buy two bananas"), shopper.id)
    assert asked.confirmation is not None
    talk, yes = asked.conversation_id, (asked.confirmation.id, "yes")

    first = await assistant.answer(says_on(conversation=talk, confirm=yes), shopper.id)
    second = await assistant.answer(says_on(conversation=talk, confirm=yes), shopper.id)

    assert first.order is not None
    assert second.order == first.order
    assert second.text == first.text
    assert bananas() == before - 2


async def test_a_yes_that_comes_too_late_orders_nothing_and_says_so(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shopper: Shopper,
    clock: FixedClock,
) -> None:
    assistant = make_assistant(scripted(*BUY))
    asked = await assistant.answer(says_on("buy two bananas"), shopper.id)
    clock.advance(16 * 60)

    answer = await assistant.answer(says_on("yes", conversation=asked.conversation_id), shopper.id)

    assert answer.order is None
    assert "expired" in answer.text


async def test_somebody_elses_confirmation_is_as_good_as_none(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
    bananas: Callable[[], Decimal],
) -> None:
    before = bananas()
    assistant = make_assistant(scripted(*BUY))
    asked = await assistant.answer(says_on("buy two bananas"), shopper.id)
    assert asked.confirmation is not None
    with shop.write() as work:
        stranger = work.shoppers.create_anonymous("web")

    answer = await assistant.answer(says_on(confirm=(asked.confirmation.id, "yes")), stranger.id)

    assert answer.order is None
    assert "no longer open" in answer.text
    assert bananas() == before
