"""How the loop is kept in order: one call after the other, and never too many."""

import asyncio
from collections.abc import Callable

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from assistant.messages import InboundMessage
from assistant.service import Assistant
from assistant.state import read_state
from assistant.turn_context import MAX_MODEL_CALLS, MAX_TOOL_CALLS
from assistant.turnstile import Turnstile
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.stand_ins.scripted import ScriptedChatModel, call, calls, says

MakeAssistant = Callable[..., Assistant]
Scripted = Callable[..., ScriptedChatModel]
Message = Callable[..., InboundMessage]


async def test_calls_pass_the_turnstile_in_the_announced_order() -> None:
    turnstile = Turnstile()
    turnstile.expect(["a", "b", "c"])
    passed: list[str] = []

    async def pass_through(call_id: str, seconds: float) -> None:
        async with turnstile.place(call_id):
            await asyncio.sleep(seconds)
            passed.append(call_id)

    await asyncio.gather(pass_through("c", 0), pass_through("b", 0.001), pass_through("a", 0.01))

    assert passed == ["a", "b", "c"]


async def test_changes_of_one_model_message_happen_in_its_order(
    make_assistant: MakeAssistant,
    scripted: Scripted,
    says_on: Message,
    shop: Shop,
    shopper: Shopper,
) -> None:
    quantities = ["1", "2", "3", "4", "5"]
    model = scripted(
        call("add_to_cart", items=[{"product": "P001", "quantity": "9"}]),
        calls(
            *[
                ("update_cart", {"changes": [{"product": "c1", "quantity": quantity}]})
                for quantity in quantities
            ]
        ),
        says("Done."),
    )

    answer = await make_assistant(model).answer(says_on("bananas"), shopper.id)

    assert [line.quantity for line in answer.cart.lines] == ["5"]
    results = [one for one in model.requests[-1] if isinstance(one, ToolMessage)]
    assert [one.tool_call_id for one in results[1:]] == [
        f"call-{index}-update_cart" for index in range(5)
    ]
    with shop.read() as work:
        stored = work.commands.of_turn(answer.turn_id)
    assert [one.ordinal for one in stored] == [0, 1, 2, 3, 4, 5]
    assert [one.arguments["changes"][0]["quantity"] for one in stored[1:]] == quantities


async def test_two_calls_with_the_same_id_are_both_run(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    twice = AIMessage(
        "",
        tool_calls=[
            {
                "name": "add_to_cart",
                "args": {"items": [{"product": one, "quantity": "1"}]},
                "id": "",
            }
            for one in ("P001", "P002")
        ],
    )
    model = scripted(twice, says("Done."))

    answer = await make_assistant(model).answer(says_on("fruit"), shopper.id)

    assert [line.product for line in answer.cart.lines] == ["P001", "P002"]


async def test_a_model_that_never_stops_calling_is_made_to_answer(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(*[call("get_cart") for _ in range(MAX_MODEL_CALLS - 1)], says("Your cart."))

    answer = await make_assistant(model).answer(says_on("my cart"), shopper.id)

    assert answer.text == "Your cart."
    assert model.tools_offered == [True] * (MAX_MODEL_CALLS - 1) + [False]


async def test_a_model_that_calls_even_then_gets_its_results_said_plainly(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(*[call("get_cart") for _ in range(MAX_MODEL_CALLS)])

    answer = await make_assistant(model).answer(says_on("my cart"), shopper.id)

    assert answer.text == "Your cart is empty."


async def test_tool_calls_beyond_the_limit_are_refused_and_the_model_answers(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(
        calls(*[("get_cart", {}) for _ in range(MAX_TOOL_CALLS + 2)]), says("That was a lot.")
    )

    answer = await make_assistant(model).answer(says_on("my cart"), shopper.id)

    assert [one.ok for one in answer.tools] == [True] * MAX_TOOL_CALLS + [False] * 2
    assert model.tools_offered == [True, False]


async def test_a_call_with_wrong_arguments_comes_back_in_words_a_model_can_mend(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    model = scripted(
        call("add_to_cart", quantity="1"),
        call("no_such_tool"),
        call("add_to_cart", items=[{"product": "P001", "quantity": "1"}]),
        says("Now it worked."),
    )

    answer = await make_assistant(model).answer(says_on("a banana"), shopper.id)

    assert [(one.name, one.ok) for one in answer.tools] == [
        ("add_to_cart", False),
        ("no_such_tool", False),
        ("add_to_cart", True),
    ]
    refused = model.requests[1][-1]
    assert isinstance(refused, ToolMessage)
    assert refused.status == "error"
    assert "items" in refused.text


async def test_the_model_reads_one_system_message_with_the_state_and_the_talk_so_far(
    make_assistant: MakeAssistant, scripted: Scripted, says_on: Message, shopper: Shopper
) -> None:
    memory = {"asked": "which one"}
    model = scripted(
        call("search_catalog", query="bananas"),
        AIMessage("Which one?", additional_kwargs={"smartcart": memory}),
        says("All right."),
    )
    assistant = make_assistant(model)
    first = await assistant.answer(says_on("bananas"), shopper.id)

    await assistant.answer(says_on("the first", conversation=first.conversation_id), shopper.id)

    system, *talk = model.requests[-1]
    assert isinstance(system, SystemMessage)
    state = read_state(system.text)
    assert state is not None
    assert state.shown[0].n == 1
    assert "banana" in state.shown[0].title.lower()
    assert [type(one) for one in talk] == [
        HumanMessage,
        AIMessage,
        ToolMessage,
        AIMessage,
        HumanMessage,
    ]
    result, said = talk[2], talk[3]
    assert isinstance(result, ToolMessage)
    assert result.artifact["ok"] is True
    assert result.artifact["blocks"][0]["type"] == "products"
    assert said.text == "Which one?"
    assert said.additional_kwargs["smartcart"] == memory
