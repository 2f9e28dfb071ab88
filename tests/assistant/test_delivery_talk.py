from collections.abc import Callable

from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.delivering import HOME, PHONE, TOWN, delivering
from tests.stand_ins.scripted import ScriptedChatModel, call, says
from tools.blocks import ChoicesBlock

MakeAssistant = Callable[..., Assistant]
Scripted = Callable[..., ScriptedChatModel]
Message = Callable[..., InboundMessage]


async def test_a_slot_that_sells_out_before_the_yes_is_asked_for_anew(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
) -> None:
    there = delivering(shop, TOWN)
    model = scripted(
        call("add_to_cart", items=[{"product": "P001", "quantity": "20"}]),
        call("start_checkout", address=HOME, slot="tomorrow at 10", contact=PHONE),
        says("Shall I order that?"),
        call("start_checkout", slot="slot 2"),
        says("Shall I order that?"),
    )
    assistant = make_assistant(model, shop=there)
    asked = await assistant.answer(says_on("20 bananas, to my home tomorrow at 10"), shopper.id)
    assert asked.confirmation is not None
    with there.write() as work:
        slot = work.slots.get_open("delivery-20261124T1000-1200", "delivery")
        assert work.slots.take(slot)

    lost = await assistant.answer(says_on("yes", conversation=asked.conversation_id), shopper.id)

    assert (lost.order, lost.confirmation) == (None, None)
    assert "The slot Tue Nov 24, 10 am-12 pm has just been taken." in lost.text
    (choices,) = [block for block in lost.blocks if isinstance(block, ChoicesBlock)]
    assert (choices.options[1].value, choices.options[1].label) == (
        "slot 2", "Tue Nov 24, 6 pm-8 pm (+$2.00)"
    )  # fmt: skip
    again = await assistant.answer(
        says_on("slot 2", conversation=asked.conversation_id), shopper.id
    )
    assert again.confirmation is not None
    assert "Tue Nov 24, 6 pm-8 pm to home" in again.confirmation.text
    done = await assistant.answer(says_on("yes", conversation=asked.conversation_id), shopper.id)
    assert done.order is not None
    assert done.order.slot is not None
    assert done.order.slot.id == "delivery-20261124T1800-2000"
