"""Vectors and fitted embedders in SQL, the record that Chroma and snapshots are made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge.catalog.changes import CatalogChanges
from knowledge.db.rows.catalog import EmbedderRow, ProductRow, VectorRow
from knowledge.ports import Clock, Vectors

_BATCH = 500
_VECTORS = cast("Table", VectorRow.__table__)


@dataclass(frozen=True, slots=True)
class StoredEmbedder:
    name: str
    dimension: int
    model: bytes | None


class VectorStore:
    """Never commits: the unit of work does."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._changes = CatalogChanges(session, clock)

    def embedder(self, name: str) -> StoredEmbedder | None:
        row = self._session.get(EmbedderRow, name)
        return None if row is None else StoredEmbedder(row.name, row.dimension, row.model)

    def newest_name(self, prefix: str) -> str | None:
        """Name the embedder fitted last, of those whose names start so."""
        return self._session.scalar(
            select(EmbedderRow.name)
            .where(EmbedderRow.name.startswith(prefix, autoescape=True))
            .order_by(EmbedderRow.created_at.desc(), EmbedderRow.name.desc())
            .limit(1)
        )

    def keep_embedder(self, stored: StoredEmbedder) -> None:
        if self._session.get(EmbedderRow, stored.name) is None:
            self._session.add(
                EmbedderRow(
                    name=stored.name,
                    dimension=stored.dimension,
                    model=stored.model,
                    created_at=self._clock.now(),
                )
            )
            self._session.flush()

    def drop_others(self, prefix: str, kept: str) -> None:
        """Delete older fits and their vectors."""
        for table in (VectorRow, EmbedderRow):
            name = table.embedder if table is VectorRow else EmbedderRow.name
            self._session.execute(
                delete(table).where(name.startswith(prefix, autoescape=True), name != kept)
            )

    def hashes(self, embedder: str, product_ids: Sequence[str]) -> dict[str, str]:
        """Of the texts that the stored vectors were made from."""
        found: dict[str, str] = {}
        for start in range(0, len(product_ids), _BATCH):
            query = select(VectorRow.product_id, VectorRow.content_hash).where(
                VectorRow.embedder == embedder,
                VectorRow.product_id.in_(product_ids[start : start + _BATCH]),
            )
            found.update({row.product_id: row.content_hash for row in self._session.execute(query)})
        return found

    def put(self, embedder: str, hashes: Mapping[str, str], vectors: Vectors) -> None:
        """Store one vector per product and tell the followers."""
        self._changes.lock()
        rows = [
            {
                "product_id": product_id,
                "embedder": embedder,
                "content_hash": content_hash,
                "vector": np.ascontiguousarray(vector, dtype="<f4").tobytes(),
            }
            for (product_id, content_hash), vector in zip(hashes.items(), vectors, strict=True)
        ]
        if not rows:
            return
        postgres = self._session.get_bind().dialect.name == "postgresql"
        statement = (postgresql if postgres else sqlite).insert(_VECTORS)
        self._session.execute(
            statement.on_conflict_do_update(
                index_elements=[_VECTORS.c.product_id, _VECTORS.c.embedder],
                set_={
                    "content_hash": statement.excluded["content_hash"],
                    "vector": statement.excluded["vector"],
                },
            ),
            rows,
        )
        self._changes.record(hashes, "vector")

    def load(
        self, embedder: str, product_ids: Iterable[str] | None = None
    ) -> tuple[list[str], Vectors]:
        """The vectors of products that are for sale; all of them without ids."""
        query = (
            select(VectorRow.product_id, VectorRow.vector)
            .join(ProductRow, ProductRow.id == VectorRow.product_id)
            .where(VectorRow.embedder == embedder, ProductRow.listed)
            .order_by(VectorRow.product_id)
        )
        rows: list[tuple[str, bytes]] = []
        if product_ids is None:
            rows = [(row.product_id, row.vector) for row in self._session.execute(query)]
        else:
            wanted = list(product_ids)
            for start in range(0, len(wanted), _BATCH):
                part = query.where(VectorRow.product_id.in_(wanted[start : start + _BATCH]))
                rows += [(row.product_id, row.vector) for row in self._session.execute(part)]
        if not rows:
            return [], np.zeros((0, 0), dtype=np.float32)
        matrix = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f4")
        return [name for name, _ in rows], matrix.reshape(len(rows), -1)

    def count(self, embedder: str) -> int:
        """How many products for sale have a vector."""
        query = (
            select(func.count())
            .select_from(VectorRow)
            .join(ProductRow, ProductRow.id == VectorRow.product_id)
            .where(VectorRow.embedder == embedder, ProductRow.listed)
        )
        return self._session.scalar(query) or 0
