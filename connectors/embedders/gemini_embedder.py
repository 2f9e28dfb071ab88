"""Embeddings of Gemini, with its different tasks for products and for queries."""

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from connectors.embedders.batches import BatchLimits, about_tokens
from connectors.embedders.requests import Answer, Kind
from connectors.embedders.vendor_embedder import EmbeddingOptions, VendorEmbedder

if TYPE_CHECKING:
    from google.genai import Client

DEFAULT_MODEL = "gemini-embedding-001"
DEFAULT_DIMENSION = 768
# Gemini takes 100 texts at once, and 2,048 tokens of each.
LIMITS = BatchLimits(texts=100, tokens=20_000, longest=6000)
_TASKS: dict[Kind, str] = {"product": "RETRIEVAL_DOCUMENT", "query": "RETRIEVAL_QUERY"}


class GeminiApi:
    provider = "google"
    vendor = "Gemini"

    def __init__(
        self,
        *,
        api_key: str,
        model: str,
        base_url: str | None,
        dimension: int,
        timeout_seconds: float,
        query_seconds: float,
    ) -> None:
        self.model = model
        self._api_key = api_key
        self._base_url = base_url
        self._dimension = dimension
        self._seconds: dict[Kind, float] = {"product": timeout_seconds, "query": query_seconds}
        self._opening = Lock()

    @cached_property
    def _client(self) -> "Client":
        from google.genai import Client, types  # noqa: PLC0415 - heavy, only when used

        options = types.HttpOptions(
            base_url=self._base_url, retry_options=types.HttpRetryOptions(attempts=1)
        )
        return Client(api_key=self._api_key, http_options=options)

    def prepare(self) -> None:
        with self._opening:
            _ = self._client.models

    def embed(self, texts: Sequence[str], kind: Kind) -> Answer:
        from google.genai import types  # noqa: PLC0415 - heavy, only when used

        self.prepare()
        answer = self._client.models.embed_content(
            model=self.model,
            contents=list(texts),
            config=types.EmbedContentConfig(
                task_type=_TASKS[kind],
                output_dimensionality=self._dimension,
                http_options=types.HttpOptions(timeout=int(self._seconds[kind] * 1000)),
            ),
        )
        rows = [item.values or [] for item in answer.embeddings or []]
        # Gemini does not tell what it counted.
        return Answer(rows, sum(about_tokens(text) for text in texts))

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()


class GeminiEmbedder(VendorEmbedder):
    def __init__(
        self,
        *,
        api_key: str,
        model: str = DEFAULT_MODEL,
        base_url: str | None = None,
        dimension: int = DEFAULT_DIMENSION,
        timeout_seconds: float = 20.0,
        options: EmbeddingOptions | None = None,
    ) -> None:
        options = options or EmbeddingOptions()
        api = GeminiApi(
            api_key=api_key,
            model=model,
            base_url=base_url,
            dimension=dimension,
            timeout_seconds=timeout_seconds,
            query_seconds=options.query_seconds,
        )
        super().__init__(api, LIMITS, dimension, options)
