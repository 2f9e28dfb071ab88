from collections.abc import Callable

from blockbuster import blockbuster_ctx

from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.shoppers.shoppers import Shopper
from tests.assistant.providers.conftest import MakeChain
from tests.stand_ins.model_server import Reply


async def test_falling_back_to_the_offline_mind_blocks_nothing(
    chain: MakeChain,
    make_assistant: Callable[..., Assistant],
    says_on: Callable[..., InboundMessage],
    shopper: Shopper,
) -> None:
    made = chain(
        [Reply(status=429, retry_after=0.05), Reply("Let me", broken="cut")],
        [Reply(status=503), Reply(status=503)],
        named="openai:gpt-5-mini,google:gemini-3-flash,offline",
        retries=1,
    )
    assistant = make_assistant(made.minds)

    with blockbuster_ctx("assistant"):
        answer = await assistant.answer(says_on("two bananas"), shopper.id)

    assert [line.quantity for line in answer.cart.lines] == ["2"]
