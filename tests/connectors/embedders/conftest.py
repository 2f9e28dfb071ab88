"""A vendor of vectors on loopback, and embedders of both kinds that ask it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from connectors.embedders.gemini_embedder import GeminiEmbedder
from connectors.embedders.openai_embedder import OpenAIEmbedder
from connectors.embedders.vendor_embedder import EmbeddingOptions
from tests.stand_ins.embedding_vendors import EmbeddingVendor
from tests.stand_ins.embeddings_server import EmbeddingsServer

QUICK = EmbeddingOptions(retries=0, first_pause=0.001)
Made = Callable[..., OpenAIEmbedder | GeminiEmbedder]


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer() as server:
        yield server


@pytest.fixture
def server(running: EmbeddingsServer) -> EmbeddingsServer:
    for vendor in (running.openai, running.gemini):
        vendor.forget()
    return running


@pytest.fixture(params=["openai", "gemini"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def vendor(server: EmbeddingsServer, kind: str) -> EmbeddingVendor:
    """What the embedders that ``make`` makes ask."""
    return server.openai if kind == "openai" else server.gemini


@pytest.fixture
def make(kind: str, server: EmbeddingsServer) -> Iterator[Made]:
    """Make embedders of eight dimensions; what options are not given are quick ones."""
    made: list[OpenAIEmbedder | GeminiEmbedder] = []

    def make_one(url: str | None = None, **arguments: Any) -> OpenAIEmbedder | GeminiEmbedder:
        url = url or server.url
        names = set(EmbeddingOptions.__dataclass_fields__)
        options = {name: arguments.pop(name) for name in names & set(arguments)}
        settings: dict[str, Any] = {"api_key": "secret-key", "dimension": 8, **arguments}
        settings["options"] = replace(QUICK, **options)
        made.append(
            OpenAIEmbedder(base_url=f"{url}/v1", **settings)
            if kind == "openai"
            else GeminiEmbedder(base_url=url, **settings)
        )
        return made[-1]

    yield make_one
    for one in made:
        one.close()
