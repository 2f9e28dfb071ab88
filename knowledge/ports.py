"""Protocols of what the outside provides to the shop."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

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
class VectorIndex(Protocol):
    """Approximate nearest neighbours over product vectors (Chroma)."""

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None: ...

    def delete(self, ids: Sequence[str]) -> None: ...

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Up to ``count`` (product id, cosine similarity), best first."""
        ...

    def count(self) -> int: ...


@runtime_checkable
class CommitGuard(Protocol):
    """Asked inside the transaction, right before it commits."""

    def check(self, session: Session) -> None:
        """Raises ``TurnExpired`` when the turn is over, cancelled or taken over elsewhere."""
        ...
