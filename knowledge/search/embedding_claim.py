"""Lets one process at a time have a vendor make vectors, so that no product is paid for twice."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select

from knowledge.errors import Unavailable
from knowledge.search.owner_lock import OwnerLock


class BeingEmbedded(Unavailable):
    def __init__(self, embedder: str) -> None:
        super().__init__(f"Another process is having the vectors of {embedder} made just now.")


@contextmanager
def embedding_claim(engine: Engine, embedder: str) -> Iterator[None]:
    """Raises ``BeingEmbedded``. A claim ends with its process, however that ends."""
    if engine.dialect.name == "postgresql":
        with _claimed_in_postgres(engine, embedder):
            yield
        return
    database = engine.url.database
    if not database or database == ":memory:":
        yield
        return
    # SQLite is used on one machine, and so is the file.
    lock = OwnerLock.take(Path(f"{database}-vectors.lock"))
    if lock is None:
        raise BeingEmbedded(embedder)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _claimed_in_postgres(engine: Engine, embedder: str) -> Iterator[None]:
    key = int.from_bytes(hashlib.sha256(embedder.encode()).digest()[:8], signed=True)
    # A connection of its own, in no transaction: the vendor may take minutes.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(key))):
            raise BeingEmbedded(embedder)
        try:
            yield
        finally:
            connection.scalar(select(func.pg_advisory_unlock(key)))
