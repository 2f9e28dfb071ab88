"""Embeds what has no vector yet, or another text than when it had; each part is kept at once."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.catalog.changes import CatalogChanges
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Clock, Embedder, PartwiseEmbedder, Vectors
from knowledge.search.document import embedding_text
from knowledge.search.embedding_claim import embedding_claim
from knowledge.search.vector_store import VectorStore

_LOOKED_AT = 256
_AT_ONCE = 6400
"""How many texts are held in memory at once: whole batches for vendors who take 100, 128 or 256."""
Progress = Callable[[int, int], None]
"""How many products have their vector, of how many."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """``refused`` are products whose text can have no vector, until it changes."""

    count: int
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    product_id: str
    text: str
    digest: str


class EmbeddingRun:
    """Goes on where an earlier one ended, was killed or failed: what counts is what SQL has."""

    def __init__(self, units: UnitsOfWork, clock: Clock, embedder: Embedder) -> None:
        self._units = units
        self._clock = clock
        self._embedder = embedder

    def run(self, progress: Progress | None = None) -> Embedded:
        """Raises ``Unavailable`` when the embedder is; what it did until then is kept."""
        missing, total = self._missing()
        if not missing or not isinstance(self._embedder, PartwiseEmbedder):
            return self._made(missing, total, progress)
        with embedding_claim(self._units.engine, self._embedder.name):
            return self._made(missing, total, progress)

    def _made(self, missing: Sequence[str], total: int, progress: Progress | None) -> Embedded:
        done, refused = 0, []
        for start in range(0, len(missing), _AT_ONCE):
            texts = self._texts(missing[start : start + _AT_ONCE])
            for places, vectors in self._parts(texts):
                part = [texts[place] for place in places]
                self._put(part, vectors)
                done += len(part)
                if isinstance(self._embedder, PartwiseEmbedder):
                    refused += [
                        part[row].product_id for row in np.flatnonzero(~vectors.any(axis=1))
                    ]
                if progress is not None:
                    progress(total - len(missing) + done, total)
        return Embedded(done, tuple(refused))

    def _parts(self, texts: Sequence[_Text]) -> Iterator[tuple[Sequence[int], Vectors]]:
        # Outside of any transaction: a vendor may take seconds, or minutes when it is busy.
        written = [one.text for one in texts]
        if isinstance(self._embedder, PartwiseEmbedder):
            yield from self._embedder.embed_in_parts(written)
            return
        for start in range(0, len(written), _LOOKED_AT):
            part = written[start : start + _LOOKED_AT]
            yield range(start, start + len(part)), self._embedder.embed_products(part)

    def _missing(self) -> tuple[list[str], int]:
        """Ids only: a catalog's texts are many, and reading on while a vendor works holds locks."""
        missing: list[str] = []
        seen = 0
        with self._units.read() as session:
            store = VectorStore(session, self._clock)
            part: dict[str, str] = {}
            for product in CatalogRepository(session, self._clock).iterate():
                seen += 1
                part[product.id] = _digest(embedding_text(product))
                if len(part) == _LOOKED_AT:
                    missing += _changed(store, self._embedder.name, part)
                    part = {}
            missing += _changed(store, self._embedder.name, part)
        return missing, seen

    def _texts(self, product_ids: Sequence[str]) -> list[_Text]:
        """Those that still need a vector; another process may have been at it meanwhile."""
        with self._units.read() as session:
            products = CatalogRepository(session, self._clock).get_many(product_ids)
            known = VectorStore(session, self._clock).hashes(self._embedder.name, product_ids)
        texts = [(product.id, embedding_text(product)) for product in products.values()]
        made = [_Text(product_id, text, _digest(text)) for product_id, text in texts]
        return [one for one in made if known.get(one.product_id) != one.digest]

    def _put(self, part: Sequence[_Text], vectors: Vectors) -> None:
        with self._units.write() as session:
            CatalogChanges(session, self._clock).lock()
            alive = CatalogRepository(session, self._clock).listed_among(
                one.product_id for one in part
            )
            rows = [row for row, one in enumerate(part) if one.product_id in alive]
            VectorStore(session, self._clock).put(
                self._embedder.name,
                {part[row].product_id: part[row].digest for row in rows},
                vectors[rows],
            )


def _changed(store: VectorStore, embedder: str, digests: dict[str, str]) -> list[str]:
    known = store.hashes(embedder, list(digests))
    return [name for name, digest in digests.items() if known.get(name) != digest]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
