"""A caller's trace goes on through the whole application to the collector that is set."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from connectors.http.app import create_app
from connectors.settings import Settings
from connectors.wiring import open_application
from tests.stand_ins.trace_collector import TraceCollector, attributes

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def collector() -> Iterator[TraceCollector]:
    with TraceCollector() as server:
        yield server


@pytest.mark.long
def test_a_callers_trace_is_taken_over_and_flushed_at_the_end(
    settings: Settings, collector: TraceCollector
) -> None:
    traced = settings.model_copy(update={"otlp_endpoint": collector.endpoint})
    app = create_app(traced, lambda: open_application(traced, indexing="none"))
    with TestClient(app) as client:
        token = client.post("/api/v1/sessions", json={}).json()["token"]
        headers = {
            "Authorization": f"Bearer {token}",
            "traceparent": f"00-{TRACE}-b7ad6b7169203331-01",
        }
        client.post("/api/v1/messages", json={"text": "find bananas"}, headers=headers)

    (turn,) = collector.named("invoke_agent")
    assert turn.trace_id.hex() == TRACE
    assert turn.parent_span_id.hex() == "b7ad6b7169203331"
    assert attributes(turn)["gen_ai.response.model"] == "offline"
    assert {span.trace_id.hex() for span in collector.spans} == {TRACE}
    assert len(collector.named("search")) == 1
    assert b"bananas" not in collector.raw
