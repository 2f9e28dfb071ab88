"""A vendor that only embeds, in the formats of OpenAI (``openai``) and of Gemini (``gemini``)."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.types import ASGIApp

from tests.stand_ins.embedding_vendors import (
    EmbeddingVendor,
    GeminiEmbeddings,
    OpenAiEmbeddings,
    tokens_of,
    vector_of,
)
from tests.stand_ins.loopback import LoopbackServer

__all__ = ["EmbeddingVendor", "EmbeddingsServer", "serving_embeddings", "tokens_of", "vector_of"]


class EmbeddingsServer(LoopbackServer):
    paths = ("/v1/embeddings", "/v1beta/models/{call:path}")

    def __init__(self) -> None:
        super().__init__()
        self.openai = OpenAiEmbeddings()
        self.gemini = GeminiEmbeddings()

    @property
    def url(self) -> str:
        """Gemini's base URL; OpenAI's is ``{url}/v1``."""
        return f"http://127.0.0.1:{self.port}"

    def verify(self) -> None:
        assert self.openai.problems == []
        assert self.gemini.problems == []

    async def handle(self, request: Request) -> ASGIApp:
        vendor = self.openai if request.url.path.endswith("/embeddings") else self.gemini
        return await vendor.answer(request)


@contextmanager
def serving_embeddings() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer() as server:
        yield server
