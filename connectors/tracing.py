"""Sends traces to an OpenTelemetry collector, where one is set; else it costs nothing."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

from opentelemetry.trace import NoOpTracer, Tracer

from assistant.safety.redaction import redact
from connectors.opening import OpenShop
from connectors.settings import Settings
from knowledge.search.product_search import ProductSearch
from knowledge.search.requests import SearchRequest, SearchResults
from knowledge.shop import Shop

logger = logging.getLogger(__name__)
_LONGEST_TEXT = 4000
_QUEUE = 4096
_BATCH_MILLIS = 2000
_SEND_SECONDS = 5.0
_FLUSH_MILLIS = 1500


@dataclass(frozen=True, slots=True)
class Tracing:
    """``write_text`` makes what may stand in a trace of a text; None where no text may."""

    tracer: Tracer
    write_text: Callable[[str], str] | None = None
    provider: Any = None
    """The SDK's, which sends; None where nothing is traced."""

    @property
    def active(self) -> bool:
        return self.provider is not None

    def close(self) -> None:
        """Send what waits, for a few seconds at the most."""
        if self.provider is not None:
            self.provider.force_flush(_FLUSH_MILLIS)
            self.provider.shutdown()


def open_tracing(settings: Settings) -> Tracing:
    if settings.otlp_endpoint is None:
        return Tracing(NoOpTracer())
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - heavy
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - heavy
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - heavy
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - heavy

    exporter = OTLPSpanExporter(
        endpoint=f"{settings.otlp_endpoint.rstrip('/')}/v1/traces", timeout=_SEND_SECONDS
    )
    provider = TracerProvider(
        resource=Resource({"service.name": "smartcart", "smartcart.shop": settings.shop_name}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(
        BatchSpanProcessor(exporter, max_queue_size=_QUEUE, schedule_delay_millis=_BATCH_MILLIS)
    )
    # What cannot be sent is said in one line of the log, not with a traceback for each batch.
    logging.getLogger("opentelemetry.exporter").setLevel(logging.ERROR)
    write_text = _write_text if settings.trace_texts else None
    return Tracing(provider.get_tracer("smartcart"), write_text, provider)


def _write_text(text: str) -> str:
    return redact(text).text[:_LONGEST_TEXT]


def traced(opened: OpenShop, tracing: Tracing) -> OpenShop:
    return replace(opened, shop=traced_shop(opened.shop, tracing))


def traced_shop(shop: Shop, tracing: Tracing) -> Shop:
    """The shop with its searches traced, if anything is."""
    if not tracing.active:
        return shop
    return replace(shop, search=cast("ProductSearch", TracedSearch(shop.search, tracing)))


class TracedSearch:
    """A shop's search whose finding is traced, within the call of the tool that searches."""

    def __init__(self, search: ProductSearch, tracing: Tracing) -> None:
        self._search = search
        self._tracing = tracing

    def find(self, request: SearchRequest) -> SearchResults:
        with self._tracing.tracer.start_as_current_span(
            "search", record_exception=False, set_status_on_exception=False
        ) as span:
            results = self._search.find(request)
            span.set_attribute("smartcart.search.hits", len(results.hits))
            span.set_attribute("smartcart.search.limit", request.limit)
            if self._tracing.write_text is not None:
                span.set_attribute(
                    "smartcart.search.query", self._tracing.write_text(request.query)
                )
            return results

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the rest is the search's own
        return getattr(self._search, name)
