"""What a turn costs beyond its model: run `python -m benchmarks.overhead [--turns 200]`.

A shopper searches with a model that answers at once, over loopback and the real client: a call
that asks for a search, and one that answers. The very requests of those turns are then made once
more with nothing but the vendor's own SDK, turn by turn in the same order: what is above that is
ours. The offline model's turns are compared with its thinking alone about the same messages. Turns
of both kinds alternate, so that a machine that others use is as busy for the one as for the other.
"""

import argparse
import asyncio
import logging
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from openai import AsyncOpenAI
from pydantic import Field
from sqlalchemy import event

from assistant.messages import InboundMessage
from assistant.offline.model import OfflineModel
from assistant.providers.opening import ModelOptions, open_minds
from assistant.providers.specs import parse_chain
from assistant.service import Assistant
from benchmarks.bench_shop import in_words, machine, open_bench_shop, percentile, tell
from benchmarks.vendor import Vendor, running_vendor
from connectors.embedded import EmbeddedRedis
from connectors.heap import settle_heap
from knowledge.shop import Shop
from knowledge.state.connection import SharedState

QUERIES = ("oat milk", "pasta", "vegan protein bar", "bananas", "olive oil", "dark chocolate")
_WARM_UP = 15
_TALK = 10
"""Turns of one conversation."""


@dataclass
class Times:
    """Seconds until the first text and to the end, of each turn."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


class Remembering(OfflineModel):
    """The offline model, keeping what it was asked, to be asked it again by itself."""

    asked: list[tuple[list[BaseMessage], Any]] = Field(default_factory=list)

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:  # noqa: ANN401
        self.asked.append((list(messages), kwargs.get("tools")))
        return super()._generate(messages, *args, **kwargs)


class Shopping:
    """A shopper's search turns, in conversations of ten."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        with assistant.shop.write() as work:
            self._shopper_id = work.shoppers.create_anonymous("web").id
        self._talk: str | None = None
        self._number = 0

    async def turn(self, times: Times) -> None:
        self._number += 1
        if self._number % _TALK == 0:
            self._talk = None
        message = InboundMessage(
            channel="web",
            peer=self._shopper_id,
            message_id=f"m{self._number}",
            text=QUERIES[self._number % len(QUERIES)],
            conversation_id=self._talk,
        )
        begun, cpu, first = time.perf_counter(), time.process_time(), 0.0
        run = await self._assistant.submit(message, self._shopper_id)
        async for one in self._assistant.events(run.id):
            if not first and '"TEXT_MESSAGE_CONTENT"' in one.data:
                first = time.perf_counter() - begun
            if '"RUN_FINISHED"' in one.data or '"RUN_ERROR"' in one.data:
                times.whole.append(time.perf_counter() - begun)
        assert first, "the shopper was told nothing"
        times.first.append(first)
        times.processor.append(time.process_time() - cpu)
        self._talk = (await run.answer()).conversation_id


async def bare(client: AsyncOpenAI, requests: list[dict[str, Any]], times: Times) -> None:
    """The same requests, read to their ends, and nothing else."""
    begun, cpu, first = time.perf_counter(), time.process_time(), 0.0
    for request in requests:
        stream = await client.chat.completions.create(**request)
        async for chunk in stream:
            if not first and chunk.choices and chunk.choices[0].delta.content:
                first = time.perf_counter() - begun
    times.whole.append(time.perf_counter() - begun)
    times.first.append(first)
    times.processor.append(time.process_time() - cpu)


async def against_the_sdk(
    shop: Shop, state: SharedState, vendor: Vendor, turns: int
) -> tuple[Times, Times, float]:
    """Turns, the same with the SDK alone, and SQL statements per turn."""
    options = ModelOptions("no-real-key", vendor.base_url)
    minds = open_minds(parse_chain("openai:bench"), options)
    assistant = Assistant(shop=shop, minds=minds, state=state)
    shopping = Shopping(assistant)
    ours, theirs, statements = Times(), Times(), [0]

    def count(*_: object) -> None:
        statements[0] += 1

    async with AsyncOpenAI(api_key="no-real-key", base_url=vendor.base_url) as client:
        for number in range(_WARM_UP + turns):
            if number == _WARM_UP:
                ours, theirs = Times(), Times()
                event.listen(shop.units.engine, "before_cursor_execute", count)
            await shopping.turn(ours)
            requests = await asyncio.to_thread(vendor.asked)
            assert len(requests) == 2, "a turn asks twice"  # noqa: PLR2004
            await bare(client, requests, theirs)
            await asyncio.to_thread(vendor.asked)
    event.remove(shop.units.engine, "before_cursor_execute", count)
    await assistant.close()
    return ours, theirs, statements[0] / turns


async def against_its_thinking(shop: Shop, state: SharedState, turns: int) -> tuple[Times, Times]:
    """Turns with the offline model, and its thinking alone about the same messages."""
    model = Remembering(lexicon_source=lambda: shop.search.vocabulary)
    assistant = Assistant(shop=shop, model=model, state=state)
    shopping = Shopping(assistant)
    whole, thinking = Times(), Times()
    for number in range(_WARM_UP + turns):
        if number == _WARM_UP:
            whole, thinking = Times(), Times()
        model.asked.clear()
        await shopping.turn(whole)
        begun = time.perf_counter()
        for messages, tools in list(model.asked):
            await model.ainvoke(messages, tools=tools)
        thinking.whole.append(time.perf_counter() - begun)
    await assistant.close()
    return whole, thinking


async def run(products: int, turns: int) -> dict[str, Any]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(16))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        vendor = stack.enter_context(running_vendor(keep=True))
        shop = open_bench_shop(stack, folder, products)
        redis = stack.enter_context(EmbeddedRedis(folder / "redis"))
        state = SharedState(redis.url)
        stack.callback(state.close)
        settle_heap()  # as serve does
        before = machine()
        ours, theirs, statements = await against_the_sdk(shop, state, vendor, turns)
        offline, thinking = await against_its_thinking(shop, state, turns)
    return {
        "products": products,
        "turns": turns,
        "machine before": before,
        "machine after": machine(),
        "statements": statements,
        "turn": vars(ours),
        "bare SDK": vars(theirs),
        "offline turn": vars(offline),
        "offline thinking": vars(thinking),
    }


def in_lines(result: dict[str, Any]) -> list[str]:
    ours, theirs = result["turn"], result["bare SDK"]
    lines = [
        f"{result['products']} products, {result['turns']} turns each",
        f"before: {result['machine before']}; after: {result['machine after']}",
    ]
    for name, ending in (("to the first text", "first"), ("whole turn", "whole")):
        beyond = [ours[ending][n] - theirs[ending][n] for n in range(len(ours[ending]))]
        ratio = percentile(ours[ending], 0.5) / percentile(theirs[ending], 0.5)
        lines += [
            in_words(f"{name}: ours", ours[ending]),
            in_words(f"{name}: bare SDK", theirs[ending]),
            in_words(f"{name}: ours beyond it", beyond) + f"   {ratio:.1f} times",
        ]
    cpu = [sum(one["processor"]) / result["turns"] * 1000 for one in (ours, theirs)]
    ratio = percentile(result["offline turn"]["whole"], 0.5) / percentile(
        result["offline thinking"]["whole"], 0.5
    )
    return [
        *lines,
        f"processor: ours {cpu[0]:.1f} ms, bare SDK {cpu[1]:.1f} ms a turn",
        f"{result['statements']:.1f} SQL statements a turn",
        in_words("offline: whole turn", result["offline turn"]["whole"]),
        in_words("offline: its thinking alone", result["offline thinking"]["whole"])
        + f"   {ratio:.1f} times",
        "targets: whole turn beyond the SDK p50 <= 20 ms, p99 <= 60 ms",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    result = asyncio.run(run(arguments.products, arguments.turns))
    tell(result, in_lines(result), as_json=arguments.json)


if __name__ == "__main__":
    main()
