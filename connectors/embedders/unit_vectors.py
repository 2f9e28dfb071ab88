"""Brings what a vendor returns to the form of the port: float32 rows of unit length."""

from collections.abc import Sequence

import numpy as np

from knowledge.errors import Unavailable
from knowledge.ports import Vectors


class EmbedderUnavailable(Unavailable):
    """``vendor`` cannot embed now, or not with these settings."""

    def __init__(self, vendor: str, reason: str) -> None:
        super().__init__(f"{vendor} cannot embed texts: {reason}")
        self.vendor = vendor


def unit_vectors(vendor: str, rows: Sequence[Sequence[float]], expected: int) -> Vectors:
    """Raises ``EmbedderUnavailable`` when rows are missing or of different lengths."""
    if len(rows) != expected or len({len(row) for row in rows}) > 1:
        raise EmbedderUnavailable(vendor, f"{expected} vectors were asked for, not {len(rows)}.")
    matrix = np.asarray(rows, dtype=np.float32).reshape(expected, -1)
    if not np.isfinite(matrix).all():
        raise EmbedderUnavailable(vendor, "it returned figures that are no numbers.")
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    return np.asarray(matrix / lengths, dtype=np.float32)
