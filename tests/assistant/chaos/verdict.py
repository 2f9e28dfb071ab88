"""What must hold of a turn whatever broke in it: one answer in time, the cart right, one record."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis import Redis
from sqlalchemy import text

from assistant.messages import Answer, InboundMessage
from assistant.service import Assistant
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.stand_ins.agui_order import spoken, verify_order

CHANNEL = "telegram"
"""Answered from the outbox, so that the reply to send can be counted; streamed like any other."""
WISH = "two bananas and one oat milk"
ADDED = {"P001": 2, "P002": 1}
THANKS = "thanks"
AGREED = "That is all."
_LATE = 3.0
"""Seconds beyond the clock for saying so and writing it down, on a machine that others use."""
_AT_ONCE = 10.0


@dataclass(frozen=True)
class Told:
    """What a shopper saw of a turn."""

    run_id: str
    answer: Answer
    events: list[dict[str, Any]]
    seconds: float


class NotWrittenDown(Exception):
    """The shopper was told that it did not work; whether it is recorded is not known yet."""

    def __init__(self, seconds: float, last: dict[str, Any]) -> None:
        super().__init__(seconds, last)
        self.seconds = seconds
        self.last = last


async def tell(assistant: Assistant, message: InboundMessage, shopper: Shopper) -> Told:
    """One turn as a channel has it that follows the events to their end.

    Raises what ``submit`` raises when the message was not kept, and ``NotWrittenDown``.
    """
    begun = time.monotonic()
    run = await assistant.submit(message, shopper.id)
    events = verify_order([event.data async for event in assistant.events(run.id)])
    seconds = time.monotonic() - begun
    try:
        answer = await run.answer()
    except Exception as error:
        raise NotWrittenDown(seconds, events[-1]) from error
    return Told(run.id, answer, events, seconds)


def faults_of(
    shop: Shop, shopper: Shopper, told: Told, clock: float, *, earlier: int = 0
) -> list[str]:
    """What is wrong with a turn that asked for ``ADDED``, in a talk of ``earlier`` turns."""
    answer, last = told.answer, told.events[-1]
    with shop.read() as work:
        cart = {
            line.product_id: int(line.quantity) for line in work.carts.get(shopper.cart_id).lines
        }
        done = work.commands.of_turn(told.run_id)
        turns = work.conversations.window(answer.conversation_id, turns=earlier + 9)[earlier:]
        replies = work.session.execute(
            text("SELECT count(*) FROM outbox WHERE turn_id = :turn"), {"turn": told.run_id}
        ).scalar_one()
    asked = Counter(
        {item["product"]: int(item["quantity"]) for one in done for item in one.arguments["items"]}
    )
    said = last.get("message") or last.get("result", {}).get("text")
    wrong = {
        "nothing was said": not answer.text.strip(),
        f"it took {told.seconds:.1f} s": told.seconds > clock + _LATE,
        f"the cart holds {cart}": not cart.items() <= ADDED.items(),
        f"the cart holds {cart} and {done} was done": cart != dict(asked),
        "the answer shows another cart": {
            one.product: int(one.quantity) for one in answer.cart.lines
        }
        != cart,
        f"it was recorded {len(turns)} times": len(turns) != 1,
        f"{replies} replies are to be sent": replies != 1,
        "what was recorded is not what was said": not turns
        or not any(part.get("text") == answer.text for part in turns[0].parts),
        "the stream ends with another answer": said != answer.text,
        "what was shown first is not in the answer": not _flat(answer.text).startswith(
            _flat(spoken(told.events))
        ),
        "the protocol shows": any(sign in answer.text for sign in ("{", "_call", "<", "\ufffd")),
    }
    return [what for what, is_so in wrong.items() if is_so]


async def faults_after(
    assistant: Assistant,
    make_message: Callable[..., InboundMessage],
    shopper: Shopper,
    redis: Redis,
    *,
    locked: bool = False,
) -> list[str]:
    """What is wrong with the next turn of the same shopper, when everything is well again.

    ``locked``: Redis itself may have been lost with the lock in it, which then ends by itself.
    """
    left = locked or await soon(lambda: not redis.exists(f"smartcart:lock:cart:{shopper.cart_id}"))
    told = await tell(assistant, make_message(THANKS, channel=CHANNEL), shopper)
    wrong = {
        "the lock was left behind": not left,
        f"the next turn said {told.answer.text!r}": told.answer.text != AGREED,
        f"the next turn took {told.seconds:.1f} s": told.seconds > _AT_ONCE,
    }
    return [what for what, is_so in wrong.items() if is_so]


async def faults_left(shop: Shop, before: set["asyncio.Task[Any]"]) -> list[str]:
    """Tasks and connections that nobody needs any more, and that are there all the same."""
    await soon(lambda: not _tasks() - before)
    await soon(lambda: not _held(shop))
    wrong = [f"still running: {task.get_coro()}" for task in _tasks() - before]
    if _held(shop):
        wrong.append(f"{_held(shop)} connections of the database are held")
    return wrong


def _tasks() -> set["asyncio.Task[Any]"]:
    return {task for task in asyncio.all_tasks() if not task.done()}


def _held(shop: Shop) -> int:
    return int(shop.units.engine.pool.checkedout())  # type: ignore[attr-defined]


async def soon(holds: Callable[[], bool]) -> bool:
    for _ in range(500):
        if holds():
            return True
        await asyncio.sleep(0.01)
    return False


def _flat(text_of_it: str) -> str:
    return " ".join(text_of_it.split())
