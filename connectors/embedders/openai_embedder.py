"""Embeddings of OpenAI, and of servers that speak its protocol."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from connectors.embedders.unit_vectors import EmbedderUnavailable, unit_vectors
from knowledge.ports import Vectors

if TYPE_CHECKING:
    from openai import OpenAI

DEFAULT_MODEL = "text-embedding-3-small"
_DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
_BATCH = 256
_LONGEST = 8000
_EMPTY = "-"  # the API refuses empty texts


class OpenAIEmbedder:
    """Thread-safe. A given ``dimension`` is asked of the model, which must support it."""

    def __init__(
        self,
        *,
        api_key: str,
        model: str = DEFAULT_MODEL,
        base_url: str | None = None,
        dimension: int | None = None,
        timeout_seconds: float = 20.0,
        retries: int = 2,
    ) -> None:
        self._api_key = api_key
        self._model = model
        self._base_url = base_url
        self._asked_dimension = dimension
        self._timeout = timeout_seconds
        self._retries = retries

    @cached_property
    def _client(self) -> "OpenAI":
        from openai import OpenAI  # noqa: PLC0415 - heavy, only when used

        return OpenAI(
            api_key=self._api_key,
            base_url=self._base_url,
            timeout=self._timeout,
            max_retries=self._retries,
        )

    @property
    def name(self) -> str:
        return f"openai/{self._model}/{self.dimension}"

    @cached_property
    def dimension(self) -> int:
        """As given, as known of the model, or as found by embedding one word."""
        known = self._asked_dimension or _DIMENSIONS.get(self._model)
        return known if known is not None else int(self._embed(["size"]).shape[1])

    def embed_products(self, texts: Sequence[str]) -> Vectors:
        parts = [
            self._embed(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimension), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.asarray(self._embed([text])[0], dtype=np.float32)

    def close(self) -> None:
        self._client.close()

    def _embed(self, texts: Sequence[str]) -> Vectors:
        from openai import OpenAIError, omit  # noqa: PLC0415 - heavy, only when used

        try:
            answer = self._client.embeddings.create(
                model=self._model,
                input=[text[:_LONGEST] or _EMPTY for text in texts],
                encoding_format="float",
                dimensions=self._asked_dimension or omit,
            )
        except OpenAIError as error:
            raise EmbedderUnavailable("OpenAI", f"{type(error).__name__}: {error}") from error
        rows = sorted(answer.data, key=lambda item: item.index)
        return unit_vectors("OpenAI", [item.embedding for item in rows], len(texts))
