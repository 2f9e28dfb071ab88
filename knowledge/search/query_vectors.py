"""Remembers the vectors of queries, which shoppers repeat and vendors charge for."""

import threading
from collections import OrderedDict

from knowledge.ports import Embedder, Vectors

_REMEMBERED = 2048


class QueryVectors:
    """Thread-safe. Forgets what was asked longest ago; a failure is not remembered."""

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._remembered = remembered
        self._vectors: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def vector(self, embedder: Embedder, text: str) -> Vectors:
        """Raises ``Unavailable`` when the embedder is."""
        key = embedder.name, text
        with self._lock:
            if key in self._vectors:
                self._vectors.move_to_end(key)
                return self._vectors[key]
        vector = embedder.embed_query(text)
        with self._lock:
            self._vectors[key] = vector
            while len(self._vectors) > self._remembered:
                self._vectors.popitem(last=False)
        return vector
