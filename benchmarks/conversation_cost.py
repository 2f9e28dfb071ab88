"""What conversations cost: run `python -m benchmarks.conversation_cost [--thinking 300]`.

A shop with our own prompt, tools, state and window holds the talk from hello to order with a
stand-in for a model on loopback, which calls tools as a model would. Each request is counted in
tokens, approximately, and priced by the list that ships. No vendor is asked: what a real model
writes, thinks and calls will differ, and so will its way of counting.
"""

import argparse
import asyncio
import json
import logging
import math
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.messages import InboundMessage
from connectors.model_prices import load_prices
from connectors.settings import Settings
from connectors.wiring import Application, open_application
from knowledge.usage.prices import Prices
from tests.e2e.talk import GROCERY, carry
from tests.stand_ins.model_server import Asked, Reply
from tests.stand_ins.openai_server import OpenAiServer
from tests.stand_ins.shopping_mind import ShoppingMind

MODELS = (
    ("openai", "gpt-6-luna"),
    ("openai", "gpt-5.4-nano"),
    ("openai", "gpt-5.4-mini"),
    ("openai", "gpt-6.1-terra"),
    ("openai", "gpt-6.1-sol"),
    ("google", "gemini-2.5-flash-lite"),
    ("google", "gemini-3.5-flash-lite"),
    ("google", "gemini-2.5-flash"),
    ("google", "gemini-3.8-flash"),
    ("google", "gemini-3.5-flash"),
)
_PIECES = re.compile(r"[^\W\d_]+|\d{1,3}|[^\w\s]+|_|\n+")
_LETTERS = 6
_SIGNS = 2
_SMALLEST_CACHE = 1024
_CACHE_STEP = 128


def tokens_of(text: str) -> int:
    """About as vendors' tokenizers count English and JSON: a word is one or two, signs in pairs."""
    return sum(
        math.ceil(len(piece) / (_LETTERS if piece[0].isalpha() else _SIGNS))
        if not piece[0].isdigit()
        else 1
        for piece in _PIECES.findall(text)
    )


@dataclass(frozen=True)
class Call:
    """One request to the model, in tokens."""

    tools: int
    system: int
    talk: int
    cached: int
    output: int

    @property
    def input(self) -> int:
        return self.tools + self.system + self.talk


class Counting:
    """A model's mind whose requests are counted, and what a vendor would still have of them."""

    def __init__(self) -> None:
        self._mind = ShoppingMind()
        self._before = ""
        self.calls: list[Call] = []

    def __call__(self, asked: Asked) -> Reply:
        reply = self._mind(asked)
        tools = json.dumps(asked.raw.get("tools", []), separators=(",", ":"))
        messages = asked.raw["messages"]
        system, *talk = [json.dumps(message, ensure_ascii=False) for message in messages]
        whole = tools + system + "".join(talk)
        self.calls.append(
            Call(
                tools=tokens_of(tools),
                system=tokens_of(system),
                talk=sum(tokens_of(message) for message in talk),
                cached=self._still_there(whole),
                output=tokens_of(reply.text)
                + sum(tokens_of(name + json.dumps(given)) + 8 for name, given in reply.calls),
            )
        )
        return reply

    def _still_there(self, whole: str) -> int:
        """Vendors keep what begins as the request before it, in steps, from some length on."""
        same = 0
        for one, other in zip(whole, self._before, strict=False):
            if one != other:
                break
            same += 1
        self._before = whole
        tokens = tokens_of(whole[:same])
        return 0 if tokens < _SMALLEST_CACHE else tokens - tokens % _CACHE_STEP


class Conversation:
    """A shopper's talk with the running shop, from a thread beside its loop."""

    def __init__(self, application: Application, name: str) -> None:
        self._application = application
        self._loop = asyncio.get_running_loop()
        self._name = name
        with application.shop.write() as work:
            self._shopper = work.shoppers.create_anonymous("web").id
        self._conversation: str | None = None
        self.turns = 0

    def say(self, text: str) -> dict[str, Any]:
        self.turns += 1
        message = InboundMessage(
            channel="web",
            peer=self._name,
            message_id=f"{self._name}-{self.turns}",
            text=text,
            conversation_id=self._conversation,
        )
        answering = self._application.assistant.answer(message, self._shopper)
        answer = asyncio.run_coroutine_threadsafe(answering, self._loop).result()
        self._conversation = answer.conversation_id
        told: dict[str, Any] = answer.model_dump(mode="json")
        return told


async def hold_talk(folder: Path, context: int) -> tuple[list[Call], int]:
    """The calls of the second of two talks, which finds the prompt cached, and how many turns."""
    counting = Counting()
    with OpenAiServer(rules=[counting]) as server:
        settings = Settings(
            _env_file=None,
            data_dir=folder,
            model="openai:gpt-stand-in",
            model_base_url=server.base_url,
            model_context=context,
            openai_api_key="no-real-key",
        )
        async with open_application(settings, indexing="first") as application:
            for name in ("first", "second"):
                counting.calls.clear()
                conversation = Conversation(application, name)
                await asyncio.to_thread(carry, conversation.say, GROCERY)
    return list(counting.calls), conversation.turns


def report(calls: list[Call], turns: int, prices: Prices, thinking: int) -> list[str]:
    first, many = calls[0], len(calls)
    inputs = sum(call.input for call in calls)
    talk = sum(call.talk for call in calls)
    cached = sum(call.cached for call in calls)
    outputs = sum(call.output for call in calls)

    def dollars(model: tuple[str, str], sent: int, kept: int, back: int) -> str:
        micros = prices.cost_micros(
            *model, input_tokens=sent, cached_tokens=kept, output_tokens=back
        )
        return "unknown" if micros is None else f"{micros / 1000:.2f}"

    return [
        f"One conversation has {turns} turns and {many} calls of the model.",
        f"Each call begins with {first.tools:,} tokens of tools and {first.system:,} of prompt and",
        f"state; it sends {inputs / many:,.0f} tokens on average, {talk / many:,.0f} of them talk,",
        f"and {outputs / many:,.0f} come back, without thinking.",
        f"In all {inputs:,} in, {cached / inputs:.0%} of them as in the request before (cached),",
        f"and {outputs:,} out.",
        "",
        "US dollars for a thousand such conversations, by the price list:",
        f"{'':32}{'cached':>10}{'uncached':>10}{f'cached, thinks {thinking}':>22}",
        *[
            f"{f'{provider}:{model}':32}"
            f"{dollars((provider, model), inputs, cached, outputs):>10}"
            f"{dollars((provider, model), inputs, 0, outputs):>10}"
            f"{dollars((provider, model), inputs, cached, outputs + thinking * many):>22}"
            for provider, model in MODELS
        ],
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--thinking", type=int, default=300, help="tokens a model thinks before each answer"
    )
    parser.add_argument(
        "--context", type=int, default=400_000, help="tokens the model can read, as it is told"
    )
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        calls, turns = asyncio.run(hold_talk(Path(folder), chosen.context))
    lines = report(calls, turns, load_prices(Settings(_env_file=None)), chosen.thinking)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
