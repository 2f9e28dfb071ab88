"""Embeddings of Gemini, with its different tasks for products and for queries."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from connectors.embedders.unit_vectors import EmbedderUnavailable, unit_vectors
from knowledge.ports import Vectors

if TYPE_CHECKING:
    from google.genai import Client

DEFAULT_MODEL = "gemini-embedding-001"
DEFAULT_DIMENSION = 768
_BATCH = 100  # the most the API takes at once
_LONGEST = 6000
_EMPTY = "-"  # the API refuses empty texts
Task = Literal["RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY"]


class GeminiEmbedder:
    """Thread-safe."""

    def __init__(
        self,
        *,
        api_key: str,
        model: str = DEFAULT_MODEL,
        base_url: str | None = None,
        dimension: int = DEFAULT_DIMENSION,
        timeout_seconds: float = 20.0,
        retries: int = 2,
    ) -> None:
        self._api_key = api_key
        self._model = model
        self._base_url = base_url
        self._dimension = dimension
        self._timeout = timeout_seconds
        self._retries = retries

    @cached_property
    def _client(self) -> "Client":
        from google.genai import Client, types  # noqa: PLC0415 - heavy, only when used

        options = types.HttpOptions(
            base_url=self._base_url,
            timeout=int(self._timeout * 1000),
            retry_options=types.HttpRetryOptions(attempts=self._retries + 1, initial_delay=0.5),
        )
        return Client(api_key=self._api_key, http_options=options)

    @property
    def name(self) -> str:
        return f"gemini/{self._model}/{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed_products(self, texts: Sequence[str]) -> Vectors:
        parts = [
            self._embed(texts[start : start + _BATCH], "RETRIEVAL_DOCUMENT")
            for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self._dimension), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.asarray(self._embed([text], "RETRIEVAL_QUERY")[0], dtype=np.float32)

    def close(self) -> None:
        self._client.close()

    def _embed(self, texts: Sequence[str], task: Task) -> Vectors:
        import httpx  # noqa: PLC0415 - comes with the SDK, which lets its errors through
        from google.genai import errors, types  # noqa: PLC0415 - heavy, only when used

        try:
            answer = self._client.models.embed_content(
                model=self._model,
                contents=[text[:_LONGEST] or _EMPTY for text in texts],
                config=types.EmbedContentConfig(
                    task_type=task, output_dimensionality=self._dimension
                ),
            )
        except (errors.APIError, httpx.HTTPError) as error:
            raise EmbedderUnavailable("Gemini", f"{type(error).__name__}: {error}") from error
        rows = [item.values or [] for item in answer.embeddings or []]
        return unit_vectors("Gemini", rows, len(texts))
