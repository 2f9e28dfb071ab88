"""Whatever goes wrong at whichever point of a turn: an answer, the cart right, one record."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import get_args

import pytest

from assistant.limits import Limits
from assistant.messages import Answer, InboundMessage
from assistant.providers.minds import Minds
from assistant.providers.opening import ModelOptions, open_minds
from assistant.providers.specs import parse_chain
from assistant.service import Assistant
from knowledge.shop import Shop
from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.model_server import Asked, Fault, Reply
from tests.stand_ins.openai_server import OpenAiServer
from tests.stand_ins.responses_server import ResponsesServer

MakeAssistant = Callable[..., Assistant]
Message = Callable[..., InboundMessage]
SECONDS = 3.0
"""The clock of a turn where something never ends; a busy machine may take long elsewhere."""
PATIENT = 20.0
SLACK = 3.0
"""Seconds behind the clock that a busy machine is forgiven."""
BANANAS = ("add_to_cart", {"items": [{"product": "P001", "quantity": "2"}]})
RIGHT = (
    Reply("One moment. ", [BANANAS], signature="thought", reasoning="Bananas, then."),
    Reply("I added the bananas for you. Anything else?"),
)
FAULTS: Sequence[Fault] = [fault for fault in get_args(Fault) if fault]
CUTS: Sequence[Fault] = ["cut arguments", "cut text"]


@dataclass
class Vendor:
    """``says`` is answered request by request; then it says that it is done."""

    server: OpenAiServer | ResponsesServer | GeminiServer
    spec: str
    says: list[Reply] = field(default_factory=list)

    def minds(self, silence: float) -> Minds:
        """A chain of this vendor alone, as after a start: nothing is known of it."""
        options = ModelOptions(
            "no-real-key",
            self.server.base_url,
            timeout=PATIENT,
            first_token_timeout=silence,
            retries=0,
        )
        return open_minds(parse_chain(self.spec), options)

    def next(self, asked: Asked) -> Reply:
        return self.says.pop(0) if self.says else Reply("That is all.")


@pytest.fixture(params=["openai", "responses", "gemini"])
def vendor(request: pytest.FixtureRequest) -> Iterator[Vendor]:
    kinds: dict[str, tuple[type[OpenAiServer | ResponsesServer | GeminiServer], str]] = {
        "openai": (OpenAiServer, "openai:gpt-stand-in"),
        "responses": (ResponsesServer, "openai-responses:gpt-5-stand-in"),
        "gemini": (GeminiServer, "google:gemini-3-stand-in"),
    }
    kind, spec = kinds[request.param]
    server = kind()
    made = Vendor(server, spec)
    server.rules.append(made.next)
    with server:
        yield made


def _with(fault: Fault, place: int) -> list[Reply]:
    replies = list(RIGHT)
    said = replies[place]
    stalls = 60.0 if fault.startswith("stall") else 0.0
    replies[place] = Reply(
        said.text,
        said.calls,
        broken=fault,
        seconds=stalls,
        signature=said.signature,
        reasoning=said.reasoning,
    )
    return replies


def _clock(fault: Fault) -> float:
    return SECONDS if fault.startswith("stall") or fault in {"endless", "huge"} else PATIENT


def _what_is_wrong(shop: Shop, answer: Answer, late: float) -> list[str]:
    changed = [one for one in answer.tools if one.name == "add_to_cart" and one.ok]
    quantities = [line.quantity for line in answer.cart.lines]
    with shop.read() as work:
        turns = work.conversations.window(answer.conversation_id, turns=9)
    wrong = {
        "nothing was said": not answer.text.strip(),
        "it took too long": late > SLACK,
        "the cart is not what was done": quantities != ["2"] * len(changed[:1]),
        "it was done more than once": len(changed) > 1,
        "the turn was not recorded once": len(turns) != 1,
        "what was recorded is not what was said": not turns
        or all(part.get("text") != answer.text for part in turns[0].parts),
        "the protocol shows": any(sign in answer.text for sign in ("{", "tool_call", "<")),
    }
    return [what for what, is_so in wrong.items() if is_so]


async def _try(
    fault: Fault,
    place: int,
    vendor: Vendor,
    shop: Shop,
    make_assistant: MakeAssistant,
    says_on: Message,
) -> list[str]:
    """One turn with the fault in it, and one after it in the same talk."""
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
    clock = _clock(fault)
    minds = vendor.minds(silence=0.5 if fault.startswith("stall") else PATIENT)
    assistant = make_assistant(minds, limits=Limits(seconds=clock))
    vendor.says[:] = _with(fault, place)
    begun = time.monotonic()
    answer = await assistant.answer(says_on("two bananas"), shopper.id)
    wrong = _what_is_wrong(shop, answer, time.monotonic() - begun - clock)

    vendor.says.clear()
    assistant = make_assistant(vendor.minds(silence=PATIENT))
    talk = answer.conversation_id
    then = await assistant.answer(says_on("thanks", conversation=talk), shopper.id)
    if then.text != "That is all.":
        wrong.append(f"the next turn failed: {then.text}")
    wrong += vendor.server.problems
    vendor.server.problems.clear()
    return [f"{fault} at {place}: {one}" for one in wrong]


async def test_a_line_that_is_cut_at_either_request_of_a_turn(
    vendor: Vendor, shop: Shop, make_assistant: MakeAssistant, says_on: Message
) -> None:
    wrong = [
        one
        for place, fault in enumerate(CUTS)
        for one in await _try(fault, place, vendor, shop, make_assistant, says_on)
    ]

    assert wrong == []


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.parametrize("place", [0, 1])
async def test_every_fault_at_both_requests_of_a_turn(
    vendor: Vendor, shop: Shop, make_assistant: MakeAssistant, says_on: Message, place: int
) -> None:
    wrong = [
        one
        for fault in FAULTS
        for one in await _try(fault, place, vendor, shop, make_assistant, says_on)
    ]

    assert wrong == []
