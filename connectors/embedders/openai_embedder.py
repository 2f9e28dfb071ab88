"""Embeddings of OpenAI, and of servers that speak its protocol."""

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from connectors.embedders.batches import BatchLimits, about_tokens
from connectors.embedders.requests import Answer, Kind
from connectors.embedders.vendor_embedder import EmbeddingOptions, VendorEmbedder

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types import Embedding

DEFAULT_MODEL = "text-embedding-3-small"
_DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
# OpenAI takes 2,048 texts of 8,192 tokens and 300,000 tokens at once; what fails is asked again,
# so a smaller batch is the better one.
LIMITS = BatchLimits(texts=256, tokens=100_000, longest=8000)


class OpenAIApi:
    provider = "openai"
    vendor = "OpenAI"

    def __init__(
        self,
        *,
        api_key: str,
        model: str,
        base_url: str | None,
        dimension: int | None,
        timeout_seconds: float,
        query_seconds: float,
    ) -> None:
        self.model = model
        self._api_key = api_key
        self._base_url = base_url
        self._dimension = dimension
        self._timeout = timeout_seconds
        self._query_seconds = query_seconds
        self._opening = Lock()

    @cached_property
    def _client(self) -> "OpenAI":
        from openai import OpenAI  # noqa: PLC0415 - heavy, only when used

        return OpenAI(
            api_key=self._api_key,
            # Given explicitly, so that no environment variable redirects a shop's texts unseen.
            base_url=self._base_url or "https://api.openai.com/v1",
            timeout=self._timeout,
            max_retries=0,
        )

    def prepare(self) -> None:
        with self._opening:
            _ = self._client.embeddings

    def embed(self, texts: Sequence[str], kind: Kind) -> Answer:
        from openai import omit  # noqa: PLC0415 - heavy, only when used

        self.prepare()
        answer = self._client.embeddings.create(
            model=self.model,
            input=list(texts),
            encoding_format="float",
            dimensions=self._dimension or omit,
            timeout=self._query_seconds if kind == "query" else self._timeout,
        )
        rows = _in_order(answer.data)
        # Compatible servers do not always count.
        told = answer.usage.prompt_tokens if answer.usage else 0
        return Answer(
            [item.embedding for item in rows], told or sum(about_tokens(text) for text in texts)
        )

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()


def _in_order(data: "Sequence[Embedding]") -> "Sequence[Embedding]":
    """Raises ``ValueError`` when the places cannot be right; some servers number nothing."""
    places = [item.index for item in data]
    if not any(places):
        return data
    if sorted(places) != list(range(len(places))):
        message = "it does not tell which vector is of which text"
        raise ValueError(message)
    return sorted(data, key=lambda item: item.index)


class OpenAIEmbedder(VendorEmbedder):
    """A given ``dimension`` is asked of the model, which must support it.

    Left out, it is known of OpenAI's own models; elsewhere names tell nothing, and it is found.
    """

    def __init__(
        self,
        *,
        api_key: str,
        model: str = DEFAULT_MODEL,
        base_url: str | None = None,
        dimension: int | None = None,
        timeout_seconds: float = 20.0,
        options: EmbeddingOptions | None = None,
    ) -> None:
        options = options or EmbeddingOptions()
        api = OpenAIApi(
            api_key=api_key,
            model=model,
            base_url=base_url,
            dimension=dimension,
            timeout_seconds=timeout_seconds,
            query_seconds=options.query_seconds,
        )
        known = None if base_url else _DIMENSIONS.get(model)
        super().__init__(api, LIMITS, dimension or known, options)
