"""What looks on while turns are worked on: prices, limits, counters, traces."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from opentelemetry.trace import NoOpTracer, Span, SpanKind, Tracer
from opentelemetry.util.types import AttributeValue

from assistant.model_calls import ModelCall
from assistant.spending import SpendingLimits
from knowledge.usage.models import ModelUse
from knowledge.usage.noting import CallNotes
from knowledge.usage.prices import Prices

logger = logging.getLogger(__name__)
_OPERATIONS = {"embed": "embeddings"}
_PROVIDERS = {"google": "gcp.gemini", "openai-responses": "openai"}


@dataclass(frozen=True, slots=True)
class TurnReport:
    """How a turn went, for counting."""

    channel: str
    outcome: str
    model: str | None
    seconds: float
    uses: Sequence[ModelUse] = ()
    stopped: int = 0
    """How many sentences the gate did not let through."""
    limited: str | None = None
    """Whose daily limit kept vendors' models out of it: shop, shopper."""


@runtime_checkable
class Observer(Protocol):
    """Counts what happens. Called from the event loop and from threads; must be quick."""

    def model_called(self, use: ModelUse) -> None: ...

    def tool_called(self, tool: str, outcome: str, seconds: float) -> None: ...

    def turn_ended(self, report: TurnReport) -> None: ...


class Nobody:
    """Counts nothing."""

    def model_called(self, use: ModelUse) -> None: ...

    def tool_called(self, tool: str, outcome: str, seconds: float) -> None: ...

    def turn_ended(self, report: TurnReport) -> None: ...


@dataclass(frozen=True, slots=True)
class Insight:
    """Handed to the assistant by the composition root; by default nobody looks on.

    ``write_text`` makes what may stand in a trace of a text; None keeps texts out of traces.
    """

    prices: Prices = field(default_factory=Prices)
    limits: SpendingLimits = field(default_factory=SpendingLimits)
    observer: Observer = field(default_factory=Nobody)
    tracer: Tracer = field(default_factory=NoOpTracer)
    write_text: Callable[[str], str] | None = None
    notes: CallNotes | None = None

    def note(
        self,
        call: ModelCall,
        turn_id: str | None = None,
        shopper_id: str | None = None,
        channel: str | None = None,
    ) -> None:
        """Note a call that no turn's record holds. Never raises and never waits."""
        try:
            use = self.use_of(call, turn_id, shopper_id, channel)
            if self.notes is not None:
                self.notes.add(use)
            self.observer.model_called(use)
            self.trace_call(use)
        except Exception:
            logger.exception("A call of a model could not be noted")

    def use_of(
        self, call: ModelCall, turn_id: str | None, shopper_id: str | None, channel: str | None
    ) -> ModelUse:
        first = call.first_token
        return ModelUse(
            purpose=call.purpose,
            provider=call.provider[:32],
            model=call.model[:128],
            outcome=call.outcome,
            at=call.at,
            latency_ms=round(call.seconds * 1000),
            first_token_ms=None if first is None else round(first * 1000),
            input_tokens=call.input_tokens,
            cached_tokens=call.cached_tokens,
            output_tokens=call.output_tokens,
            cost_micros=self.prices.cost_micros(
                call.provider,
                call.model,
                input_tokens=call.input_tokens,
                cached_tokens=call.cached_tokens,
                output_tokens=call.output_tokens,
                at=call.at,
            ),
            turn_id=turn_id,
            shopper_id=shopper_id,
            channel=channel,
        )

    @contextmanager
    def span(
        self, name: str, kind: SpanKind = SpanKind.INTERNAL, **attributes: AttributeValue
    ) -> Iterator[Span]:
        """Trace what happens within; dots of attributes are written ``__``.

        What an exception says may quote a shopper, so only its type is kept.
        """
        with self.tracer.start_as_current_span(
            name,
            kind=kind,
            attributes={key.replace("__", "."): value for key, value in attributes.items()},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                raise

    def trace_call(self, use: ModelUse) -> None:
        """A span of a call that is over, within the span that is open now."""
        operation = _OPERATIONS.get(use.purpose, "chat")
        begun = int(use.at.timestamp() * 1e9)
        span = self.tracer.start_span(
            f"{operation} {use.model}", kind=SpanKind.CLIENT, start_time=begun
        )
        if span.is_recording():
            span.set_attributes(
                {
                    "gen_ai.operation.name": operation,
                    "gen_ai.provider.name": _PROVIDERS.get(use.provider, use.provider),
                    "gen_ai.request.model": use.model,
                    "gen_ai.usage.input_tokens": use.input_tokens,
                    "gen_ai.usage.cache_read.input_tokens": use.cached_tokens,
                    "gen_ai.usage.output_tokens": use.output_tokens,
                    "smartcart.purpose": use.purpose,
                }
            )
            if use.first_token_ms is not None:
                seconds = use.first_token_ms / 1000
                span.set_attribute("gen_ai.response.time_to_first_chunk", seconds)
            if use.cost_micros is not None:
                span.set_attribute("smartcart.cost_micros", use.cost_micros)
            if use.outcome != "ok":
                span.set_attribute("error.type", use.outcome)
        span.end(begun + use.latency_ms * 1_000_000)
