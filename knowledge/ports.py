"""Protocols of what the outside provides to the shop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

Vectors = NDArray[np.float32]


@runtime_checkable
class Clock(Protocol):
    def now(self) -> datetime:
        """The present, timezone-aware, in UTC."""
        ...


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into vectors of unit length."""

    @property
    def name(self) -> str:
        """Names model and version; vectors of different names never mix."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed_products(self, texts: Sequence[str]) -> Vectors:
        """One row of float32 per text, each of unit length (or zero when nothing is known)."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """One vector (dimension,), of unit length or zero."""
        ...


@runtime_checkable
class PartwiseEmbedder(Protocol):
    """What an embedder has that takes its time, so that what it did should be kept as it comes.

    Methods alone: to tell whether something has a property, ``isinstance`` reads it, and a vendor
    would be asked.
    """

    def embed_in_parts(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """Places of texts and their vectors; zeros for a text that can never have one."""
        ...

    def prepare(self) -> None:
        """Load what is heavy, before somebody waits for it."""
        ...

    def close(self) -> None:
        """Let go of the vendor; who waits for it gets ``Unavailable`` at once."""
        ...


@runtime_checkable
class VectorIndex(Protocol):
    """Approximate nearest neighbours over product vectors (Chroma)."""

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None: ...

    def delete(self, ids: Sequence[str]) -> None: ...

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Up to ``count`` (product id, cosine similarity), best first."""
        ...

    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server said of the content it sent, to ask for newer content by."""

    etag: str | None = None
    last_modified: str | None = None


@runtime_checkable
class FeedDownload(Protocol):
    def fetch(
        self, url: str, target: Path, *, etag: str | None, last_modified: str | None
    ) -> Fetched | None:
        """Write the content to ``target``; None when it is what those two stand for.

        Raises ``Unavailable``. Going on with a download that broke off is up to the adapter.
        """
        ...


@runtime_checkable
class ProductFacts(Protocol):
    """Somebody who knows facts of products by their barcode."""

    @property
    def source(self) -> str:
        """Names the source in rows: "open_food_facts"."""
        ...

    def find(self, gtin: str) -> Mapping[str, Any] | None:
        """Facts as JSON, by the names of ``knowledge.catalog.enrichment``; None for none known.

        Raises ``Unavailable`` when the source cannot be asked now.
        """
        ...


@runtime_checkable
class CommitGuard(Protocol):
    """Asked inside the transaction, right before it commits."""

    def check(self, session: Session) -> None:
        """Raises ``TurnExpired`` when the turn is over, cancelled or taken over elsewhere."""
        ...
