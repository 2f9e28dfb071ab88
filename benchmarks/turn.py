"""What a turn costs beyond its model: run `python -m benchmarks.turn [--products N] [--turns N]`.

Compares, in one run, a search turn of the whole assistant with a bare ``create_agent`` that has
the same tools and the same instant model, and the offline model's turns with its thinking alone
about the very same messages; then lets 16 shoppers shop at once with a model that answers in
300 ms. CPU time, of all threads together, moves less with the machine than the clock does.
"""

import argparse
import asyncio
import json
import logging
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field
from sqlalchemy import event

from assistant.messages import InboundMessage
from assistant.offline.model import OfflineModel
from assistant.service import Assistant
from assistant.toolset import build_toolset
from assistant.turn_context import TurnContext
from connectors.embedded import EmbeddedRedis
from knowledge.catalog.importing import import_file
from knowledge.clock import SystemClock
from knowledge.conversations.guard import TurnGuard
from knowledge.db.engine import open_engine
from knowledge.db.migrate import upgrade
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.profile import ShopProfile
from knowledge.recommend.recommender import open_recommender
from knowledge.search.product_search import open_search
from knowledge.shop import Shop
from knowledge.state.connection import SharedState
from tools.runner import Caller, Outcome, ToolRunner

SAMPLE = Path(__file__).parent.parent / "knowledge" / "sample" / "products.jsonl"
QUERIES = ("oat milk", "pasta", "vegan protein bar", "bananas", "olive oil", "dark chocolate")
SHOPPERS = 16
MODEL_SECONDS = 0.3


# ruff: noqa: ANN401, ARG002 - a chat model takes whatever LangChain gives it


class SearchThenAnswer(BaseChatModel):
    """Searches for what was said last, then answers; thinks for ``seconds`` each time."""

    seconds: float = 0.0

    @property
    def _llm_type(self) -> str:
        return "instant"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        del tools, kwargs
        return self

    def _message(self, messages: list[BaseMessage]) -> AIMessage:
        last = messages[-1]
        if isinstance(last, HumanMessage):
            call = {"name": "search_catalog", "args": {"query": last.text}, "id": "call-1"}
            return AIMessage("", tool_calls=[call])
        return AIMessage("Here is what I found. Shall I add one of them to your cart?")

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    async def _agenerate(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> ChatResult:
        await asyncio.sleep(self.seconds)
        return ChatResult(generations=[ChatGeneration(message=self._message(messages))])

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        await asyncio.sleep(self.seconds)
        message = self._message(messages)
        chunks = [
            {
                "name": call["name"],
                "args": json.dumps(call["args"]),
                "id": call["id"],
                "index": 0,
                "type": "tool_call_chunk",
            }
            for call in message.tool_calls
        ]
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content=message.text, tool_call_chunks=chunks, chunk_position="last"
            )
        )


class Remembering(OfflineModel):
    """The offline model, keeping what it was asked, to be asked it again by itself."""

    asked: list[tuple[list[BaseMessage], Any]] = Field(default_factory=list)

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        self.asked.append((list(messages), kwargs.get("tools")))
        return super()._generate(messages, *args, **kwargs)


class Unheard:
    """A listener nobody reads."""

    def text(self, text: str) -> None: ...
    def message_ended(self, message: AIMessage) -> None: ...
    def tool_started(self, call_id: str, name: str, arguments: dict[str, Any]) -> None: ...
    def tool_finished(self, call_id: str, outcome: Outcome) -> None: ...


def catalog_file(folder: Path, products: int) -> Path:
    """The sample's products again and again under other ids, as many as asked for."""
    rows = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    target = folder / "products.jsonl"
    with target.open("w", encoding="utf-8") as file:
        for number in range(products):
            row = dict(rows[number % len(rows)])
            if number >= len(rows):
                row["id"] = f"{row['id']}-{number // len(rows)}"
                row["title"] = f"{row['title']} No. {number // len(rows)}"
                row.pop("gtin", None)
            file.write(json.dumps(row) + "\n")
    return target


def open_bench_shop(stack: ExitStack, folder: Path, products: int) -> Shop:
    engine = open_engine(f"sqlite:///{folder / 'shop.db'}")
    stack.callback(engine.dispose)
    upgrade(engine)
    units, clock = UnitsOfWork(engine), SystemClock()
    import_file(catalog_file(folder, products), units, clock, "USD")
    search = open_search(units, folder, None, None, clock)
    stack.callback(search.close)
    return Shop(ShopProfile(), units, clock, search, open_recommender(units, search, clock))


def new_shopper(shop: Shop) -> tuple[str, str]:
    with shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
    return shopper.id, shopper.cart_id


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50": 1000 * statistics.median(ordered),
        "p99": 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
    }


async def time_each(shop: Shop, turns: int, one: Callable[[int], Any]) -> dict[str, float]:
    for number in range(10):
        await one(number)
    taken = []
    statements = 0

    def count(*_: Any) -> None:
        nonlocal statements
        statements += 1

    event.listen(shop.units.engine, "before_cursor_execute", count)
    cpu = time.process_time()
    for number in range(turns):
        started = time.perf_counter()
        await one(number)
        taken.append(time.perf_counter() - started)
    cpu = time.process_time() - cpu
    event.remove(shop.units.engine, "before_cursor_execute", count)
    return {**milliseconds(taken), "cpu": 1000 * cpu / turns, "statements": statements / turns}


def turns_of(assistant: Assistant, shopper_id: str, name: str) -> Callable[[int], Any]:
    """Search turns in conversations of ten turns each."""
    talk: list[str | None] = [None]

    async def turn(number: int) -> None:
        if number % 10 == 0:
            talk[0] = None
        answer = await assistant.answer(
            InboundMessage(
                channel="web",
                peer=shopper_id,
                message_id=f"{name}-{time.perf_counter_ns()}",
                text=QUERIES[number % len(QUERIES)],
                conversation_id=talk[0],
            ),
            shopper_id,
        )
        talk[0] = answer.conversation_id

    return turn


def bare_turn(shop: Shop) -> Callable[[int], Any]:
    """The same model and tools in a plain ``create_agent``: no memory, record, gate or events."""
    tools = build_toolset(ToolRunner(shop))
    graph = create_agent(SearchThenAnswer(), tools, context_schema=TurnContext)
    shopper_id, cart_id = new_shopper(shop)

    async def turn(number: int) -> None:
        context = TurnContext(
            caller=Caller(shopper_id, cart_id, "web", f"bare-{number}"),
            guard=TurnGuard(entry_id="none", attempt=1, deadline=time.monotonic() + 60),
            listener=Unheard(),
        )
        given: Any = {"messages": [HumanMessage(QUERIES[number % len(QUERIES)])]}
        await graph.ainvoke(given, context=context)

    return turn


def remembered(
    model: Remembering, one: Callable[[int], Any]
) -> tuple[Callable[[int], Any], Callable[[int], Any]]:
    """The turns, and afterwards what the model was asked in each, without anything around it."""
    asked: dict[int, list[tuple[list[BaseMessage], Any]]] = {}

    async def turn(number: int) -> None:
        model.asked.clear()
        await one(number)
        asked[number] = list(model.asked)

    async def think(number: int) -> None:
        for messages, tools in asked[number]:
            await model.ainvoke(messages, tools=tools)

    return turn, think


async def many_at_once(shop: Shop, state: SharedState, turns: int) -> dict[str, float]:
    """16 shoppers in conversation; the ideal is the model's time alone, twice a turn."""
    assistant = Assistant(shop=shop, model=SearchThenAnswer(seconds=MODEL_SECONDS), state=state)
    talks = [
        turns_of(assistant, new_shopper(shop)[0], f"many-{number}") for number in range(SHOPPERS)
    ]

    async def shop_on(turn: Callable[[int], Any], count: int) -> None:
        for number in range(count):
            await turn(number)

    await asyncio.gather(*[shop_on(turn, 1) for turn in talks])
    started = time.perf_counter()
    await asyncio.gather(*[shop_on(turn, turns) for turn in talks])
    taken = time.perf_counter() - started
    await assistant.close()
    ideal = SHOPPERS / (2 * MODEL_SECONDS)
    rate = SHOPPERS * turns / taken
    return {"turns_per_second": rate, "ideal": ideal, "share": rate / ideal}


async def run(products: int, turns: int) -> dict[str, Any]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(32))
    with ExitStack() as stack, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shop = open_bench_shop(stack, folder, products)
        redis = stack.enter_context(EmbeddedRedis(folder / "redis"))
        state = SharedState(redis.url)
        stack.callback(state.close)
        instant = Assistant(shop=shop, model=SearchThenAnswer(), state=state)
        offline_model = Remembering(lexicon_source=lambda: shop.search.vocabulary)
        offline = Assistant(shop=shop, model=offline_model, state=state)
        shopper_id, _ = new_shopper(shop)
        result: dict[str, Any] = {"products": products, "turns": turns}
        result["bare create_agent"] = await time_each(shop, turns, bare_turn(shop))
        result["search turn"] = await time_each(
            shop, turns, turns_of(instant, shopper_id, "instant")
        )
        offline_shopper, _ = new_shopper(shop)
        turn, think = remembered(offline_model, turns_of(offline, offline_shopper, "offline"))
        result["offline turn"] = await time_each(shop, turns, turn)
        result["offline model alone"] = await time_each(shop, turns, think)
        result["16 at once"] = await many_at_once(shop, state, max(3, turns // 30))
        await instant.close()
        await offline.close()
    return result


def tell(result: dict[str, Any]) -> None:
    bare = result["bare create_agent"]["p50"]
    alone = result["offline model alone"]["p50"]
    lines = [f"{result['products']} products, {result['turns']} turns each"]
    for name in ("bare create_agent", "search turn", "offline model alone", "offline turn"):
        one = result[name]
        lines.append(
            f"{name:22} p50 {one['p50']:6.1f} ms   p99 {one['p99']:6.1f} ms   "
            f"CPU {one['cpu']:6.1f} ms   {one['statements']:4.1f} statements"
        )
    lines.append(f"search turn / bare create_agent: {result['search turn']['p50'] / bare:.1f}")
    lines.append(f"offline turn / its model alone:  {result['offline turn']['p50'] / alone:.1f}")
    many = result["16 at once"]
    lines.append(
        f"16 shoppers, 300 ms model: {many['turns_per_second']:.1f} turns/s of "
        f"{many['ideal']:.1f} ideal ({100 * many['share']:.0f} %)"
    )
    print("\n".join(lines))  # noqa: T201 - what a benchmark is for


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    result = asyncio.run(run(arguments.products, arguments.turns))
    if arguments.json:
        print(json.dumps(result))  # noqa: T201
    else:
        tell(result)


if __name__ == "__main__":
    main()
