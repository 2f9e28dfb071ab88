"""Counts what happens, for Prometheus; one registry per application."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from assistant.insight import TurnReport
from knowledge.shop import Shop
from knowledge.usage.models import ModelUse

logger = logging.getLogger(__name__)
CONTENT_TYPE = CONTENT_TYPE_LATEST
JOB_STATES = ("waiting", "running", "dead")
OTHER = "other"
_MOST_VALUES = 40
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_MODEL_SECONDS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 60)
_TURN_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 40, 60)
_SHORT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
_HTTP_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 60)

Breakers = Callable[[], Iterable[tuple[str, bool]]]
"""Gives each model with whether its breaker is open."""


class Metrics:
    """What is counted in this process, as the assistant's observer and by the HTTP layer."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._seen = _Bounded()
        make = _Maker(self.registry)
        self._turns = make.counter("turns", "Turns that were recorded.", "channel", "outcome")
        self._turn_seconds = make.histogram(
            "turn_seconds", "How long a turn took, in all.", _TURN_SECONDS, "channel"
        )
        self._limited = make.counter(
            "turns_limited", "Turns that a daily limit kept from vendors' models.", "by"
        )
        self._calls = make.counter(
            "model_calls", "Calls of models.", "provider", "model", "purpose", "outcome"
        )
        self._call_seconds = make.histogram(
            "model_call_seconds", "How long calls of models took.", _MODEL_SECONDS,
            "provider", "model",
        )  # fmt: skip
        self._first_token = make.histogram(
            "model_first_token_seconds", "How long the first word of a model took.",
            _MODEL_SECONDS, "provider", "model",
        )  # fmt: skip
        self._tokens = make.counter(
            "model_tokens", "Tokens; cached ones are also among input.", "provider", "model", "kind"
        )
        self._dollars = make.counter(
            "model_cost_dollars", "What calls cost by the price list.", "provider", "model"
        )
        self._unpriced = make.counter(
            "model_calls_unpriced", "Calls whose price is not known.", "provider", "model"
        )
        self._fallbacks = make.counter(
            "model_fallbacks", "Times a turn went on with another model."
        )
        self._stops = make.counter("gate_stops", "Sentences the gate did not let through.")
        self._repairs = make.counter("gate_repairs", "Answers that were asked for again.")
        self._tools = make.counter("tool_calls", "Calls of tools.", "tool", "outcome")
        self._tool_seconds = make.histogram(
            "tool_seconds", "How long calls of tools took.", _SHORT_SECONDS, "tool"
        )
        self._requests = make.counter(
            "http_requests", "Requests that were answered.", "method", "route", "status"
        )
        self._request_seconds = make.histogram(
            "http_request_seconds", "How long requests took, streams to their end.",
            _HTTP_SECONDS, "route",
        )  # fmt: skip
        ProcessCollector(registry=self.registry)

    def watch(self, shop: Shop, breakers: Breakers) -> None:
        """Have what stands in the database read with each scrape."""
        self.registry.register(_Queues(shop, breakers))

    def render(self) -> bytes:
        """What Prometheus reads; asks the database, so it blocks."""
        return generate_latest(self.registry)

    def model_called(self, use: ModelUse) -> None:
        of = (self._seen("provider", use.provider), self._seen("model", use.model))
        self._calls.labels(*of, use.purpose, use.outcome).inc()
        self._call_seconds.labels(*of).observe(use.latency_ms / 1000)
        if use.first_token_ms is not None:
            self._first_token.labels(*of).observe(use.first_token_ms / 1000)
        self._tokens.labels(*of, "input").inc(use.input_tokens)
        self._tokens.labels(*of, "cached").inc(use.cached_tokens)
        self._tokens.labels(*of, "output").inc(use.output_tokens)
        if use.cost_micros is None:
            self._unpriced.labels(*of).inc()
        else:
            self._dollars.labels(*of).inc(use.cost_micros / 1_000_000)

    def tool_called(self, tool: str, outcome: str, seconds: float) -> None:
        self._tools.labels(tool, outcome).inc()
        self._tool_seconds.labels(tool).observe(seconds)

    def turn_ended(self, report: TurnReport) -> None:
        channel = self._seen("channel", report.channel)
        self._turns.labels(channel, report.outcome).inc()
        self._turn_seconds.labels(channel).observe(report.seconds)
        self._stops.inc(report.stopped)
        self._repairs.inc(sum(use.purpose == "repair" for use in report.uses))
        self._fallbacks.inc(fallbacks(report))
        if report.limited is not None:
            self._limited.labels(report.limited).inc()

    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """``route`` is the template of the path, None where no route fits."""
        route = OTHER if route is None else route
        self._requests.labels(method if method in _METHODS else OTHER, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)


def fallbacks(report: TurnReport) -> int:
    """How often a turn went on with another model than the one it had asked."""
    asked = [(use.provider, use.model) for use in report.uses if use.purpose == "answer"]
    changes = sum(one != next_ for one, next_ in pairwise(asked))
    return changes + (bool(asked) and report.model == "offline")


class _Maker:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, namespace="smartcart", registry=self._registry)

    def histogram(
        self, name: str, text: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(
            name, text, labels, namespace="smartcart", registry=self._registry, buckets=buckets
        )


class _Bounded:
    """Lets through the first values of a label; each of them is kept in memory for good."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {}
        self._lock = threading.Lock()

    def __call__(self, label: str, value: str) -> str:
        with self._lock:
            known = self._known.setdefault(label, set())
            if value not in known:
                if len(known) >= _MOST_VALUES:
                    return OTHER
                known.add(value)
        return value


class _Queues(Collector):
    """Work that waits, and models that are not asked for now."""

    def __init__(self, shop: Shop, breakers: Breakers) -> None:
        self._shop = shop
        self._breakers = breakers

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        broken = GaugeMetricFamily(
            "smartcart_model_breaker_open",
            "1 while a model is left out, or only tried.",
            labels=["model"],
        )
        for model, is_open in self._breakers():
            broken.add_metric([model], float(is_open))
        yield broken
        try:
            with self._shop.read() as work:
                jobs = work.jobs.counts()
                unanswered, oldest = work.inbox.backlog()
                now = self._shop.clock.now()
        except Exception:
            logger.exception("The queues could not be counted")
            return
        states = GaugeMetricFamily("smartcart_jobs", "Jobs of the queue.", labels=["status"])
        for status in JOB_STATES:
            states.add_metric([status], jobs.get(status, 0))
        yield states
        yield GaugeMetricFamily(
            "smartcart_inbox_unanswered", "Messages without an answer yet.", value=unanswered
        )
        yield GaugeMetricFamily(
            "smartcart_inbox_oldest_seconds",
            "How long the oldest of them waits.",
            value=0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()),
        )
