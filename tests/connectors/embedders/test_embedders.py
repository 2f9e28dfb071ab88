import socket
from contextlib import closing

import numpy as np
import pytest

from assistant.model_calls import ModelCall
from connectors.embedders.openai_embedder import OpenAIEmbedder
from knowledge.errors import Unavailable
from knowledge.ports import Embedder, PartwiseEmbedder
from tests.connectors.embedders.conftest import QUICK, Made
from tests.stand_ins.embedding_vendors import EmbeddingVendor, WrongFigures, WrongPlaces
from tests.stand_ins.embeddings_server import EmbeddingsServer, vector_of
from tests.stand_ins.model_server import Fault, Reply


def direction(text: str) -> np.ndarray:
    vector = np.array(vector_of(text, 8), dtype=np.float32)
    return vector / np.linalg.norm(vector)


def test_vectors_come_in_the_order_of_the_texts_and_have_unit_length(
    vendor: EmbeddingVendor, make: Made
) -> None:
    embedder = make()

    vectors = embedder.embed_products(["oat milk", "pasta", "soap"])

    assert isinstance(embedder, Embedder)
    assert isinstance(embedder, PartwiseEmbedder)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, embedder.dimension)
    for vector, text in zip(vectors, ["oat milk", "pasta", "soap"], strict=True):
        assert np.allclose(vector, direction(text), atol=1e-5)
    assert vendor.problems == []


def test_a_query_is_one_vector(make: Made) -> None:
    assert np.allclose(make().embed_query("oat milk"), direction("oat milk"), atol=1e-5)


def test_many_texts_are_sent_in_batches_by_their_number(
    vendor: EmbeddingVendor, make: Made, kind: str
) -> None:
    texts = [f"product {number}" for number in range(300)]

    vectors = make().embed_products(texts)

    assert len(vectors) == 300
    assert len(vendor.requests) == (2 if kind == "openai" else 3)
    assert np.allclose(vectors[299], direction("product 299"), atol=1e-5)


def test_long_texts_are_sent_in_batches_by_their_tokens(
    vendor: EmbeddingVendor, make: Made, kind: str
) -> None:
    texts = [f"{number} " + "long " * 1500 for number in range(50)]

    make().embed_products(texts)

    assert len(vendor.requests) == (2 if kind == "openai" else 7)
    assert vendor.problems == []


def test_no_texts_ask_for_nothing(vendor: EmbeddingVendor, make: Made) -> None:
    assert make().embed_products([]).shape == (0, 8)
    assert vendor.requests == []


def test_an_empty_text_is_not_sent_empty(vendor: EmbeddingVendor, make: Made) -> None:
    make().embed_products([""])

    assert all(vendor.texts)


def test_the_name_tells_model_and_dimension(make: Made, kind: str) -> None:
    assert make().name.startswith(f"{kind}/")
    assert make().name.endswith("/8")
    assert make(dimension=16).name != make().name


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503, 529])
def test_errors_of_the_vendor_mean_unavailable(
    vendor: EmbeddingVendor, make: Made, status: int
) -> None:
    vendor.script += [Reply(status=status)] * 4
    embedder = make()

    with pytest.raises(Unavailable, match="cannot embed"):
        embedder.embed_products(["oat milk"])
    with pytest.raises(Unavailable, match="cannot embed"):
        embedder.embed_query("oat milk")


@pytest.mark.parametrize("fault", ["cut before", "cut", "not json", "garbage", "empty"])
def test_answers_that_cannot_be_read_mean_unavailable(
    vendor: EmbeddingVendor, make: Made, fault: Fault
) -> None:
    vendor.script += [Reply(broken=fault)] * 2

    with pytest.raises(Unavailable, match="cannot embed"):
        make().embed_products(["oat milk"])


def test_a_passing_failure_is_tried_again(vendor: EmbeddingVendor, make: Made) -> None:
    vendor.script += [Reply(status=503), Reply(broken="cut"), Reply(status=429, retry_after=0.01)]

    assert make(retries=3).embed_products(["oat milk"]).any()
    assert len(vendor.requests) == 4


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_will_not_pass_is_not_tried_again(
    vendor: EmbeddingVendor, make: Made, status: int
) -> None:
    vendor.script.append(Reply(status=status))

    with pytest.raises(Unavailable):
        make(retries=3).embed_products(["oat milk"])
    assert len(vendor.requests) == 1


def test_nobody_at_the_address_means_unavailable(make: Made) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound, never listening
        with pytest.raises(Unavailable):
            make(f"http://127.0.0.1:{taken.getsockname()[1]}").embed_query("oat milk")


def test_missing_vectors_mean_unavailable(vendor: EmbeddingVendor, make: Made) -> None:
    vendor.short_by = 1

    with pytest.raises(Unavailable, match="were asked for"):
        make().embed_products(["oat milk", "pasta"])


def test_a_text_the_vendor_refuses_does_not_stop_the_rest(
    vendor: EmbeddingVendor, make: Made, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.refused = {"forbidden"}
    texts = [f"product {number}" for number in range(64)]
    texts[0], texts[37] = "forbidden thing", "another forbidden thing"

    vectors = make().embed_products(texts)

    assert [place for place, vector in enumerate(vectors) if not vector.any()] == [0, 37]
    assert np.allclose(vectors[63], direction("product 63"), atol=1e-5)
    assert "cannot embed 'another forbidden thing'" in caplog.text
    # Two to the sixth: each of both is found by halving once, with one text to tell by.
    assert len(vendor.requests) <= 26


def test_a_text_the_vendor_breaks_on_does_not_stop_the_rest(
    vendor: EmbeddingVendor, make: Made, caplog: pytest.LogCaptureFixture
) -> None:
    """As servers do whose model makes something that is no number of it."""
    vendor.breaks_on = {"poison"}
    texts = [f"product {number}" for number in range(16)]
    texts[5] = "poison"

    vectors = make(retries=1).embed_products(texts)

    assert [place for place, vector in enumerate(vectors) if not vector.any()] == [5]
    assert np.allclose(vectors[15], direction("product 15"), atol=1e-5)
    assert "cannot embed 'poison'" in caplog.text
    assert len(vendor.requests) <= 20


@pytest.mark.parametrize("wrong", ["nan", "null", "infinite", "text", "longer", "shorter"])
def test_figures_that_cannot_be_right_are_never_kept(
    vendor: EmbeddingVendor, make: Made, wrong: WrongFigures
) -> None:
    vendor.figures = wrong
    embedder = make(retries=1)

    with pytest.raises(Unavailable, match="cannot embed"):
        embedder.embed_products(["oat milk", "pasta"])
    with pytest.raises(Unavailable, match="cannot embed"):
        embedder.embed_query("oat milk")


def test_a_model_of_another_dimension_is_not_asked_again(
    vendor: EmbeddingVendor, make: Made
) -> None:
    vendor.figures = "longer"

    with pytest.raises(Unavailable, match="figures, not of 8"):
        make(retries=3).embed_products(["oat milk"])
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("kind", ["openai"])
@pytest.mark.parametrize("places", ["none", "zero"])
def test_a_server_that_numbers_nothing_keeps_the_order_of_the_texts(
    server: EmbeddingsServer, make: Made, places: WrongPlaces
) -> None:
    server.openai.places = places

    vectors = make().embed_products(["oat milk", "pasta"])

    assert np.allclose(vectors[1], direction("pasta"), atol=1e-5)


@pytest.mark.parametrize("kind", ["openai"])
@pytest.mark.parametrize("places", ["twice", "beyond"])
def test_places_that_cannot_be_right_are_not_guessed(
    server: EmbeddingsServer, make: Made, places: WrongPlaces
) -> None:
    server.openai.places = places

    with pytest.raises(Unavailable, match="which vector is of which text"):
        make().embed_products(["oat milk", "pasta", "soap"])


def test_a_text_too_long_for_the_vendor_is_embedded_by_its_beginning(
    vendor: EmbeddingVendor, make: Made
) -> None:
    text = "\N{BEER MUG}" * 9000  # many bytes to a letter

    vectors = make().embed_products(["apples", text])

    assert vectors.any(axis=1).all()
    assert text[:1000] in vendor.texts


def test_settings_that_refuse_every_text_are_not_blamed_on_the_texts(
    vendor: EmbeddingVendor, make: Made
) -> None:
    vendor.script += [Reply(status=400)] * 9

    with pytest.raises(Unavailable):
        make().embed_products(["oat milk", "pasta", "soap"])


def test_every_request_is_noted_with_what_it_used(
    vendor: EmbeddingVendor, make: Made, kind: str
) -> None:
    noted: list[ModelCall] = []
    vendor.script.append(Reply(status=429))
    embedder = make(retries=1, note=noted.append)

    embedder.embed_products(["oat milk", "pasta"])
    embedder.embed_query("soap")

    assert [one.outcome for one in noted] == ["busy", "ok", "ok"]
    assert {one.purpose for one in noted} == {"embed"}
    assert {one.provider for one in noted} == {"openai" if kind == "openai" else "google"}
    assert noted[0].input_tokens == 0
    assert all(one.input_tokens > 0 and one.seconds > 0 for one in noted[1:])


def test_openai_sends_its_key_and_the_dimension(server: EmbeddingsServer) -> None:
    url = f"{server.url}/v1"
    with closing(OpenAIEmbedder(api_key="secret-key", base_url=url, dimension=8)) as embedder:
        embedder.embed_products(["oat milk"])

    (body,) = server.openai.requests
    assert server.openai.headers[0]["authorization"] == "Bearer secret-key"
    assert body["dimensions"] == 8
    assert body["model"] == "text-embedding-3-small"


@pytest.mark.parametrize("model", ["house-model", "text-embedding-3-small"])
def test_the_dimension_of_a_model_that_is_not_openais_is_found(
    server: EmbeddingsServer, model: str
) -> None:
    server.openai.sizes = {}
    url = f"{server.url}/v1"
    embedder = OpenAIEmbedder(api_key="k", base_url=url, model=model, options=QUICK)
    with closing(embedder):
        assert embedder.dimension == 8
        assert embedder.dimension == 8

    assert len(server.openai.requests) == 1
    assert "dimensions" not in server.openai.requests[0]


@pytest.mark.parametrize("kind", ["gemini"])
def test_gemini_tells_products_from_queries(vendor: EmbeddingVendor, make: Made) -> None:
    embedder = make()
    embedder.embed_products(["oat milk"])
    embedder.embed_query("oat milk")

    first, second = vendor.requests
    assert vendor.headers[0]["x-goog-api-key"] == "secret-key"
    assert first["requests"][0]["taskType"] == "RETRIEVAL_DOCUMENT"
    assert second["requests"][0]["taskType"] == "RETRIEVAL_QUERY"
