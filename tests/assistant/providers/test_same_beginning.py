"""Vendors keep what begins as another request did: prompt and tools are the same for everybody."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from assistant.messages import InboundMessage
from assistant.toolset import tools_for
from knowledge.shop import Shop
from tests.assistant.providers.conftest import MakeChain
from tests.market import fill_cart
from tests.stand_ins.model_server import Reply
from tools.schema import argument_schema


@pytest.mark.parametrize(
    "named", ["openai:gpt-5-mini", "openai-responses:gpt-5-mini", "google:gemini-3-flash"]
)
async def test_requests_of_two_shoppers_begin_alike_up_to_the_state(
    chain: MakeChain,
    make_assistant: Callable[..., Any],
    says_on: Callable[..., InboundMessage],
    shop: Shop,
    named: str,
) -> None:
    vendor = chain([Reply("Hello."), Reply("Good day.")], named=named)
    assistant = make_assistant(vendor.minds)
    with shop.write() as work:
        one, other = (work.shoppers.create_anonymous("web") for _ in range(2))
        work.preferences.set(other.id, channel="web", diets=["vegan"], dislikes=["olives"])
        work.household.set(other.id, "Anna", channel="web", allergens=["nuts"])
        work.budgets.set(other.id, Decimal(40), "week", channel="web")
    fill_cart(shop, other, P001="2")

    for shopper in (one, other):
        await assistant.answer(says_on("hello"), shopper.id)

    asked = vendor.first.asked
    assert len({json.dumps(one.raw["tools"]) for one in asked}) == 1
    assert len({one.system for one in asked}) == 2
    (beginning,) = {one.system.partition('"now":')[0] for one in asked}
    assert '<state>{"shop":' in beginning
    assert len(beginning) - beginning.index("<state>") < 120


async def test_responses_are_told_that_optional_arguments_are_optional(
    chain: MakeChain,
    make_assistant: Callable[..., Any],
    says_on: Callable[..., InboundMessage],
    shop: Shop,
) -> None:
    """Left unsaid, this protocol takes every argument for required."""
    vendor = chain([Reply("Hello.")], named="openai-responses:gpt-5-mini")
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")

    await make_assistant(vendor.minds).answer(says_on("hello"), shopper.id)

    (asked,) = vendor.first.asked
    assert {tool["strict"] for tool in asked.raw["tools"]} == {False}
    assert asked.schemas == {tool.name: argument_schema(tool) for tool in tools_for(None)}
