import threading
import time
from itertools import count

import pytest

from assistant.providers.breaker import Breaker
from connectors.embedders.pacing import Pace
from connectors.embedders.query_side import QueriesUnavailable, QuerySide
from connectors.embedders.requests import Requests
from connectors.embedders.vendor_embedder import VendorEmbedder
from knowledge.errors import Unavailable
from tests.connectors.embedders.conftest import Made
from tests.stand_ins.embedding_vendors import EmbeddingVendor
from tests.stand_ins.model_server import Reply


def seconds_of_a_refusal(embedder: VendorEmbedder, text: str) -> float:
    begun = time.perf_counter()
    with pytest.raises(Unavailable):
        embedder.embed_query(text)
    return time.perf_counter() - begun


def test_a_query_does_not_wait_longer_than_its_clock(vendor: EmbeddingVendor, make: Made) -> None:
    vendor.script.append(Reply(seconds=2))
    embedder = make(query_seconds=0.15)
    embedder.prepare()

    assert seconds_of_a_refusal(embedder, "slow") < 1.2


def test_a_vendor_that_trickles_runs_into_the_same_clock(
    vendor: EmbeddingVendor, make: Made
) -> None:
    vendor.script.append(Reply(broken="stall", seconds=2))
    embedder = make(query_seconds=0.15)

    assert seconds_of_a_refusal(embedder, "slow") < 1.2


def test_a_dead_vendor_slows_one_search_and_no_more(vendor: EmbeddingVendor, make: Made) -> None:
    vendor.script.append(Reply(seconds=1))
    embedder = make(query_seconds=0.15)
    seconds_of_a_refusal(embedder, "the first")

    assert all(seconds_of_a_refusal(embedder, f"query {n}") < 0.05 for n in range(20))
    assert len(vendor.requests) == 1


def test_a_vendor_that_is_well_again_is_found_by_the_way(
    vendor: EmbeddingVendor, make: Made
) -> None:
    vendor.script.append(Reply(status=500))
    embedder = make()
    embedder.prepare()
    side = QuerySide(
        embedder._requests,  # noqa: SLF001 - the same wire with a breaker of no patience
        Pace(),
        breaker=Breaker(monotonic=count(0, 1000).__next__),
    )
    with pytest.raises(QueriesUnavailable):
        side.embed("fails")

    with pytest.raises(QueriesUnavailable, match="a moment ago"):
        side.embed("not waited for")
    deadline = time.monotonic() + 5
    while True:
        try:
            assert side.embed("well").shape == (1, 8)
            break
        except QueriesUnavailable:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert len(vendor.requests) == 3


def test_a_query_the_vendor_refuses_leaves_it_in_use(vendor: EmbeddingVendor, make: Made) -> None:
    vendor.refused = {"forbidden"}
    embedder = make()
    seconds_of_a_refusal(embedder, "forbidden")

    assert embedder.embed_query("allowed").any()


def test_requests_keep_apart_as_the_owner_says() -> None:
    now = 0.0
    pace = Pace(per_minute=60, monotonic=lambda: now)

    assert pace.may_now()
    assert not pace.may_now()
    now = 1.0
    assert pace.may_now()
    pace.hold(5)
    now = 5.9
    assert not pace.may_now()
    now = 6.1
    assert pace.may_now()


def test_a_run_of_batches_is_as_slow_as_the_owner_says(vendor: EmbeddingVendor, make: Made) -> None:
    texts = [f"product {number}" for number in range(300)]
    begun = time.perf_counter()

    make(per_minute=600).embed_products(texts)

    # No wait before the first.
    assert time.perf_counter() - begun >= 0.1 * (len(vendor.requests) - 1)
    assert len(vendor.requests) > 1


@pytest.mark.long
def test_the_vendors_own_wish_to_wait_is_kept(vendor: EmbeddingVendor, make: Made) -> None:
    vendor.script.append(Reply(status=429, retry_after=1))
    begun = time.perf_counter()

    make(retries=1).embed_products(["oat milk"])

    assert time.perf_counter() - begun >= 0.9


def test_who_waits_for_the_vendor_is_woken_when_the_shop_closes(
    vendor: EmbeddingVendor, make: Made
) -> None:
    vendor.script.append(Reply(status=429, retry_after=60))
    embedder = make(retries=3)
    threading.Timer(0.2, embedder.close).start()
    begun = time.perf_counter()

    with pytest.raises(Unavailable, match="closing"):
        embedder.embed_products(["oat milk"])
    assert time.perf_counter() - begun < 5


def test_a_vendor_that_hangs_does_not_keep_the_shop_from_closing(
    vendor: EmbeddingVendor, make: Made
) -> None:
    vendor.script.append(Reply(broken="stall headers", seconds=20))
    embedder = make(retries=3)
    threading.Timer(0.2, embedder.close).start()
    begun = time.perf_counter()

    with pytest.raises(Unavailable, match="closing"):
        embedder.embed_products(["oat milk"])
    assert time.perf_counter() - begun < 3


def test_a_closed_embedder_is_unavailable(make: Made) -> None:
    embedder = make()
    embedder.close()

    with pytest.raises(Unavailable):
        embedder.embed_query("oat milk")
    assert isinstance(embedder._requests, Requests)  # noqa: SLF001
