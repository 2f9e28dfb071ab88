"""Traces reach a real collector over OTLP, carry no text unless allowed, and delay nobody."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from opentelemetry import context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from assistant.insight import Insight
from assistant.messages import InboundMessage
from assistant.model_calls import ModelCall
from assistant.service import Assistant
from connectors.settings import Settings
from connectors.tracing import Tracing, open_tracing, traced_shop
from knowledge.state.connection import SharedState
from tests.calls import Talk
from tests.stand_ins.scripted import ScriptedChatModel
from tests.stand_ins.trace_collector import TraceCollector, attributes

ASKED = "I want zanzibar oats, my card is 4111 1111 1111 1111"
SAID = "Have a look."
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


@pytest.fixture(scope="module")
def collector() -> Iterator[TraceCollector]:
    with TraceCollector() as server:
        yield server


@pytest.fixture
def fresh(collector: TraceCollector) -> TraceCollector:
    collector.spans.clear()
    collector.raw = b""
    return collector


@pytest.fixture
async def speak(talk: Talk, redis_url: str) -> AsyncIterator[Callable[..., Any]]:
    """Have a turn with a search in it traced, from a caller's trace; returns what it took."""
    opened: list[tuple[Assistant, SharedState]] = []

    async def turn(tracing: Tracing) -> float:
        call = {"name": "search_catalog", "args": {"query": "zanzibar oats"}, "id": "c1"}
        model = ScriptedChatModel(script=[AIMessage("", tool_calls=[call]), AIMessage(SAID)])
        insight = Insight(tracer=tracing.tracer, write_text=tracing.write_text)
        state = SharedState(redis_url)
        shop = traced_shop(talk.shop, tracing)
        assistant = Assistant(shop=shop, model=model, state=state, insight=insight)
        opened.append((assistant, state))
        message = InboundMessage(channel="web", peer="x", message_id=f"m{id(model)}", text=ASKED)
        token = context.attach(TraceContextTextMapPropagator().extract(PARENT))
        begun = time.monotonic()
        try:
            await assistant.answer(message, talk.caller.shopper_id)
        finally:
            context.detach(token)
        return time.monotonic() - begun

    yield turn
    for assistant, state in opened:
        await assistant.close()
        state.close()


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


async def test_spans_of_a_turn_arrive_and_carry_no_text(
    fresh: TraceCollector, speak: Callable[..., Any]
) -> None:
    tracing = open_tracing(settings(otlp_endpoint=fresh.endpoint))

    await speak(tracing)
    tracing.close()

    (turn,) = fresh.named("invoke_agent")
    (tool,) = fresh.named("execute_tool search_catalog")
    (search,) = fresh.named("search")
    assert turn.trace_id.hex() == TRACE
    assert turn.parent_span_id.hex() == PARENT["traceparent"].split("-")[2]
    assert (tool.parent_span_id, search.parent_span_id) == (turn.span_id, tool.span_id)
    told = attributes(turn)
    assert told["gen_ai.operation.name"] == "invoke_agent"
    assert told["smartcart.outcome"] == "answered"
    assert attributes(tool)["gen_ai.tool.name"] == "search_catalog"
    assert attributes(search)["smartcart.search.hits"] >= 0
    for text in (b"zanzibar", b"4111", SAID.encode()):
        assert text not in fresh.raw


async def test_texts_are_sent_where_they_are_allowed_but_no_card_number(
    fresh: TraceCollector, speak: Callable[..., Any]
) -> None:
    tracing = open_tracing(settings(otlp_endpoint=fresh.endpoint, trace_texts=True))

    await speak(tracing)
    tracing.close()

    told = attributes(fresh.named("invoke_agent")[0])
    assert "zanzibar" in told["gen_ai.input.messages"]
    assert SAID in told["gen_ai.output.messages"]
    assert "zanzibar" in attributes(fresh.named("execute_tool")[0])["gen_ai.tool.call.arguments"]
    assert attributes(fresh.named("search")[0])["smartcart.search.query"] == "zanzibar oats"
    assert b"4111 1111" not in fresh.raw


def test_a_call_of_a_model_is_a_span_of_its_own(fresh: TraceCollector, talk: Talk) -> None:
    tracing = open_tracing(settings(otlp_endpoint=fresh.endpoint))
    insight = Insight(tracer=tracing.tracer)
    at = talk.shop.clock.now()
    call = ModelCall("summary", "google", "gemini-3.8-flash", "timeout", at, 2.5, None, 900, 800, 7)

    insight.note(call)
    tracing.close()

    (span,) = fresh.spans
    assert span.name == "chat gemini-3.8-flash"
    assert span.end_time_unix_nano - span.start_time_unix_nano == 2_500_000_000
    told = attributes(span)
    assert told["gen_ai.provider.name"] == "gcp.gemini"
    assert told["gen_ai.usage.input_tokens"] == 900
    assert told["gen_ai.usage.cache_read.input_tokens"] == 800
    assert told["error.type"] == "timeout"


@pytest.mark.long
async def test_a_dead_collector_delays_neither_a_turn_nor_the_end(
    speak: Callable[..., Any],
) -> None:
    tracing = open_tracing(settings(otlp_endpoint="http://127.0.0.1:9"))
    without = await speak(open_tracing(settings()))

    took = await speak(tracing)
    begun = time.monotonic()
    tracing.close()

    assert took < without + 0.5
    assert time.monotonic() - begun < 5


def test_without_a_collector_nothing_is_traced() -> None:
    tracing = open_tracing(settings())

    assert not tracing.active
    assert not tracing.tracer.start_span("x").is_recording()
    tracing.close()
