"""Product vectors in Chroma: ids and vectors only, filters are never asked of it."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np

from knowledge.errors import Unavailable
from knowledge.ports import Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION = "products"
_BATCH = 2000


class VectorIndexUnavailable(Unavailable):
    def __init__(self, reason: str) -> None:
        super().__init__(f"The vector index cannot be used: {reason}")


@contextmanager
def _translated() -> Iterator[None]:
    """Chroma raises whatever its Rust core, SQLite or HTTP client raise."""
    try:
        yield
    except VectorIndexUnavailable:
        raise
    except Exception as error:
        raise VectorIndexUnavailable(f"{type(error).__name__}: {error}") from error


class ChromaIndex:
    """One collection. Its metadata says which embedder it is of and up to which revision."""

    def __init__(self, client: "ClientAPI", folder: Path | None = None) -> None:
        self._client = client
        self._folder = folder
        self._lock = threading.Lock()
        self._collection: Collection | None = None
        self._metadata: dict[str, Any] = {}

    @classmethod
    def embedded(cls, folder: Path) -> "ChromaIndex":
        """Open or make the one in a folder; the caller holds the ``OwnerLock``.

        A folder that cannot be opened is thrown away: it is rebuilt from the vectors in SQL.
        """
        try:
            return cls(_open_folder(folder), folder)
        except VectorIndexUnavailable:
            _forget_folder(folder)
            return cls(_open_folder(folder), folder)

    @classmethod
    def server(cls, url: str) -> "ChromaIndex":
        """Use a Chroma server, which several machines may share."""
        import chromadb  # noqa: PLC0415 - heavy, only when used
        from chromadb.config import Settings  # noqa: PLC0415

        address = urlsplit(url)
        with _translated():
            client = chromadb.HttpClient(
                host=address.hostname or "localhost",
                port=address.port or (443 if address.scheme == "https" else 8000),
                ssl=address.scheme == "https",
                settings=Settings(anonymized_telemetry=False),
            )
        return cls(client)

    @property
    def ready(self) -> bool:
        return self._collection is not None

    @property
    def revision(self) -> int:
        """Up to which change of the catalog it was brought; 0 when it has to be filled."""
        return int(self._metadata.get("revision", 0))

    def use(self, embedder: str, dimension: int) -> None:
        """Open the collection for one embedder; one of another embedder is emptied first."""
        wanted = {"embedder": embedder, "dimension": dimension}
        with self._lock, _translated():
            collection = self._client.get_or_create_collection(
                COLLECTION,
                metadata={**wanted, "revision": 0},
                configuration={"hnsw": {"space": "cosine"}},
                embedding_function=None,
            )
            metadata = dict(collection.metadata or {})
            if any(metadata.get(name) != value for name, value in wanted.items()):
                collection = self._empty(wanted)
                metadata = dict(collection.metadata or {})
            self._collection, self._metadata = collection, metadata

    def clear(self) -> None:
        """Drop everything, to be filled again."""
        with self._lock, _translated():
            wanted = {name: self._metadata[name] for name in ("embedder", "dimension")}
            self._collection = self._empty(wanted)
            self._metadata = dict(self._collection.metadata or {})

    def _empty(self, wanted: dict[str, Any]) -> "Collection":
        self._client.delete_collection(COLLECTION)
        return self._client.create_collection(
            COLLECTION,
            metadata={**wanted, "revision": 0},
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,
        )

    def mark(self, revision: int) -> None:
        """Remember that everything up to this revision is in."""
        with self._lock, _translated():
            self._metadata = {**self._metadata, "revision": revision}
            self._opened().modify(metadata=self._metadata)

    def upsert(self, ids: Sequence[str], vectors: Vectors) -> None:
        with self._lock, _translated():
            collection = self._opened()
            # A vector of zeros has no direction; the cosine of nothing is not a number.
            rows = [row for row in range(len(ids)) if vectors[row].any()]
            for start in range(0, len(rows), _BATCH):
                part = rows[start : start + _BATCH]
                collection.upsert(
                    ids=[ids[row] for row in part], embeddings=cast("Any", vectors[part])
                )

    def delete(self, ids: Sequence[str]) -> None:
        with self._lock, _translated():
            for start in range(0, len(ids), _BATCH):
                self._opened().delete(ids=list(ids[start : start + _BATCH]))

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        with _translated():
            collection = self._opened()
            query = np.asarray(vector, dtype=np.float32)[None, :]
            found = collection.query(
                query_embeddings=cast("Any", query), n_results=count, include=["distances"]
            )
        distances = found["distances"]
        assert distances is not None
        return [
            (name, 1.0 - distance)
            for name, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def count(self) -> int:
        with _translated():
            return self._opened().count()

    def start_over(self) -> bool:
        """Throw a damaged embedded store away; False for a server, which is only away."""
        if self._folder is None:
            return False
        with self._lock:
            self._collection = None
            with suppress(VectorIndexUnavailable), _translated():
                cast("Any", self._client).close()
            _forget_folder(self._folder)
            self._client = _open_folder(self._folder)
        return True

    def close(self) -> None:
        """Let go of the files."""
        self._collection = None
        with _translated():
            cast("Any", self._client).close()

    def _opened(self) -> "Collection":
        if self._collection is None:
            raise VectorIndexUnavailable("it is still being opened.")
        return self._collection


def _open_folder(folder: Path) -> "ClientAPI":
    import chromadb  # noqa: PLC0415 - heavy, only when used
    from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    folder.mkdir(parents=True, exist_ok=True)
    with _translated():
        client = chromadb.PersistentClient(path=str(folder), settings=settings)
        client.list_collections()
    return client


def _forget_folder(folder: Path) -> None:
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415

    shutil.rmtree(folder, ignore_errors=True)
    # Chroma keeps what it opened by path, also when opening failed.
    SharedSystemClient._identifier_to_system.pop(str(folder), None)  # noqa: SLF001
