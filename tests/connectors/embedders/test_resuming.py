import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Unavailable
from knowledge.search.document import embedding_text
from knowledge.search.indexer import Indexer
from tests.connectors.embedders.conftest import Made
from tests.fixed_clock import FixedClock
from tests.market import SHELVES
from tests.stand_ins.embedding_vendors import EmbeddingVendor, GeminiEmbeddings
from tests.stand_ins.embeddings_server import EmbeddingsServer
from tests.stand_ins.model_server import Reply


@pytest.fixture
def many(sqlite_units: UnitsOfWork, clock: FixedClock) -> UnitsOfWork:
    """Seven hundred products: three requests to OpenAI, seven to Gemini."""
    with sqlite_units.write() as session:
        CatalogRepository(session, clock).upsert(
            replace(SHELVES[0], id=f"p{n:03}", title=f"Thing {n}", gtin=None) for n in range(700)
        )
    return sqlite_units


def texts_of(units: UnitsOfWork, clock: FixedClock) -> set[str]:
    with units.read() as session:
        return {embedding_text(one) for one in CatalogRepository(session, clock).iterate()}


def test_a_run_that_failed_asks_for_nothing_twice(
    many: UnitsOfWork, clock: FixedClock, vendor: EmbeddingVendor, make: Made, kind: str
) -> None:
    vendor.script += [Reply(), Reply(), Reply(status=503)]
    with pytest.raises(Unavailable):
        Indexer(many, clock, make(), None).run()
    done = len(vendor.texts)
    assert done == (512 if kind == "openai" else 200)

    report = Indexer(many, clock, make(), None).run()

    assert report.embedded == 700 - done
    assert len(vendor.requests) == 3 + (1 if kind == "openai" else 5)
    assert sorted(vendor.texts) == sorted(texts_of(many, clock))
    assert Indexer(many, clock, make(), None).run().embedded == 0


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["gemini"])
def test_a_run_that_was_killed_asks_for_nothing_twice(
    server: EmbeddingsServer, vendor: EmbeddingVendor, tmp_path: Path
) -> None:
    """`smartcart index` itself, in the middle of ten thousand products, by SIGKILL."""
    assert isinstance(vendor, GeminiEmbeddings)
    vendor.script += [*[Reply()] * 49, Reply(seconds=250)]
    catalog = tmp_path / "products.csv"
    rows = "".join(f"p{n},Oat drink {n} l,{n % 90}.99,Drinks\n" for n in range(10_000))
    catalog.write_text(f"id,title,price,category\n{rows}", "utf-8")
    environment = {
        **os.environ,
        "SMARTCART_CATALOG": str(catalog),
        "SMARTCART_DATA_DIR": str(tmp_path / "data"),
        "SMARTCART_EMBEDDINGS": f"google:gemini-embedding-001@{server.url},builtin",
        "GEMINI_API_KEY": "no-real-key",
    }
    command = [sys.executable, "-m", "connectors.cli", "index", "--json"]
    prepare = [sys.executable, "-m", "connectors.cli", "search", "milk", "--json"]
    subprocess.run(prepare, env=environment, check=True, capture_output=True)
    assert vendor.requests == []  # no vectors are there to be searched
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while len(vendor.requests) < 50:
        assert process.poll() is None
        signal.sigtimedwait([], 0.05)
    process.kill()
    process.wait()
    assert len(vendor.texts) == 4900

    run = subprocess.run(command, env=environment, check=True, capture_output=True)

    report = json.loads(run.stdout)
    assert report["embedder"].startswith("gemini/")
    # The request that was on its way is the only one that is sent again.
    assert len(vendor.requests) == 50 + 51
    assert len(set(vendor.texts)) == len(vendor.texts) == 10_000
