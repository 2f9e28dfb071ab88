"""The event loop is never held up: BlockBuster raises where something blocks in it."""

import asyncio
from collections.abc import Callable

from blockbuster import blockbuster_ctx

from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.shoppers.shoppers import Shopper
from prompts import load_wording
from tests.stand_ins.scripted import ScriptedChatModel, call, says

MakeAssistant = Callable[..., Assistant]
Scripted = Callable[..., ScriptedChatModel]
Message = Callable[..., InboundMessage]


async def test_no_step_of_a_turn_blocks_the_event_loop(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(
        call("search_catalog", query="bananas"),
        call("add_to_cart", items=[{"product": "P001", "quantity": "2"}]),
        says("Two bananas. They are $0.29 each."),
        call("start_checkout"),
        says("Shall I order that?"),
        RuntimeError("gone"),
    )
    load_wording.cache_clear()
    assistant = make_assistant(model)
    watching = make_assistant(scripted())

    with blockbuster_ctx("assistant"):
        run = await assistant.submit(says_on("two bananas"), shopper.id)
        here, elsewhere = await asyncio.gather(
            *[_follow(one, run.id) for one in (assistant, watching)]
        )
        talk = (await run.answer()).conversation_id
        await assistant.answer(says_on("check out", conversation=talk), shopper.id)
        bought = await assistant.answer(says_on("yes", conversation=talk), shopper.id)
        failed = await assistant.answer(says_on("hello", conversation=talk), shopper.id)
        await assistant.sweep()

    assert here == elsewhere
    assert bought.order is not None
    assert "I can't think properly" in failed.text


async def _follow(assistant: Assistant, run_id: str) -> list[str]:
    return [event.data async for event in assistant.events(run_id)]
