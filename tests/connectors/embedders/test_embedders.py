import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from connectors.embedders.gemini_embedder import GeminiEmbedder
from connectors.embedders.openai_embedder import OpenAIEmbedder
from knowledge.errors import Unavailable
from knowledge.ports import Embedder
from tests.connectors.embedders.vendor_server import VendorServer, serving, vector_of

Made = Callable[..., OpenAIEmbedder | GeminiEmbedder]


@pytest.fixture
def vendor() -> Iterator[VendorServer]:
    with serving() as server:
        yield server


@pytest.fixture(params=["openai", "gemini"])
def make(request: pytest.FixtureRequest) -> Iterator[Made]:
    """Make embedders of both vendors against a server, eight dimensions each."""
    made: list[OpenAIEmbedder | GeminiEmbedder] = []

    def make_one(url: str, **arguments: Any) -> OpenAIEmbedder | GeminiEmbedder:
        settings: dict[str, Any] = {"api_key": "secret-key", "dimension": 8, "retries": 0}
        settings |= arguments
        made.append(
            OpenAIEmbedder(base_url=f"{url}/v1", **settings)
            if request.param == "openai"
            else GeminiEmbedder(base_url=url, **settings)
        )
        return made[-1]

    yield make_one
    for one in made:
        one.close()


def test_vectors_come_in_the_order_of_the_texts_and_have_unit_length(
    vendor: VendorServer, make: Made
) -> None:
    embedder = make(vendor.url)

    vectors = embedder.embed_products(["oat milk", "pasta", "soap"])

    assert isinstance(embedder, Embedder)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, embedder.dimension)
    for vector, text in zip(vectors, ["oat milk", "pasta", "soap"], strict=True):
        expected = np.array(vector_of(text, 8))
        assert np.allclose(vector, expected / np.linalg.norm(expected), atol=1e-5)


def test_a_query_is_one_vector(vendor: VendorServer, make: Made) -> None:
    vector = make(vendor.url).embed_query("oat milk")

    assert vector.shape == (8,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_many_texts_are_sent_in_batches(vendor: VendorServer, make: Made) -> None:
    texts = [f"product {number}" for number in range(300)]

    vectors = make(vendor.url).embed_products(texts)

    assert len(vectors) == 300
    assert len(vendor.requests) in {2, 3}
    expected = np.array(vector_of("product 299", 8))
    assert np.allclose(vectors[299], expected / np.linalg.norm(expected), atol=1e-5)


def test_no_texts_ask_for_nothing(vendor: VendorServer, make: Made) -> None:
    assert make(vendor.url).embed_products([]).shape == (0, 8)
    assert vendor.requests == []


def test_an_empty_text_is_not_sent_empty(vendor: VendorServer, make: Made) -> None:
    make(vendor.url).embed_products([""])

    assert all(vendor.texts)


def test_the_name_tells_model_and_dimension(vendor: VendorServer, make: Made) -> None:
    assert make(vendor.url).name.endswith("/8")
    assert make(vendor.url, dimension=16).name != make(vendor.url).name


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_errors_of_the_vendor_mean_unavailable(
    vendor: VendorServer, make: Made, status: int
) -> None:
    vendor.failures.append((status, {"error": {"message": "no", "code": status, "status": "NO"}}))

    with pytest.raises(Unavailable, match="cannot embed"):
        make(vendor.url).embed_query("oat milk")


def test_a_passing_failure_is_tried_again(vendor: VendorServer, make: Made) -> None:
    vendor.failures.append((503, {"error": {"message": "busy", "code": 503, "status": "BUSY"}}))

    assert make(vendor.url, retries=1).embed_query("oat milk").shape == (8,)
    assert len(vendor.requests) == 2


def test_nobody_at_the_address_means_unavailable(make: Made) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound, never listening
        with pytest.raises(Unavailable):
            make(f"http://127.0.0.1:{taken.getsockname()[1]}").embed_query("oat milk")


def test_missing_vectors_mean_unavailable(vendor: VendorServer, make: Made) -> None:
    vendor.short_by = 1

    with pytest.raises(Unavailable, match="were asked for"):
        make(vendor.url).embed_products(["oat milk", "pasta"])


def test_openai_sends_its_key_and_the_dimension(vendor: VendorServer) -> None:
    embedder = OpenAIEmbedder(api_key="secret-key", base_url=f"{vendor.url}/v1", dimension=8)
    with closing(embedder):
        embedder.embed_query("oat milk")

    path, headers, body = vendor.requests[0]
    assert path == "/v1/embeddings"
    assert headers["authorization"] == "Bearer secret-key"
    assert body["dimensions"] == 8
    assert body["model"] == "text-embedding-3-small"


def test_openai_finds_the_dimension_of_an_unknown_model(vendor: VendorServer) -> None:
    embedder = OpenAIEmbedder(api_key="k", base_url=f"{vendor.url}/v1", model="house-model")
    with closing(embedder):
        assert embedder.dimension == 8
        assert embedder.dimension == 8

    assert len(vendor.requests) == 1
    assert "dimensions" not in vendor.requests[0][2]


def test_gemini_tells_products_from_queries(vendor: VendorServer) -> None:
    embedder = GeminiEmbedder(api_key="secret-key", base_url=vendor.url, dimension=8)
    with closing(embedder):
        embedder.embed_products(["oat milk"])
        embedder.embed_query("oat milk")

    (_, headers, first), (_, _, second) = vendor.requests
    assert headers["x-goog-api-key"] == "secret-key"
    assert first["requests"][0]["taskType"] == "RETRIEVAL_DOCUMENT"
    assert second["requests"][0]["taskType"] == "RETRIEVAL_QUERY"
