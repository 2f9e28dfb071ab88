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


class WrongDimension(ValueError):
    """Vectors of another model: they mean nothing next to those that are kept."""

    def __init__(self, made: int, wanted: int) -> None:
        super().__init__(f"it made vectors of {made} figures, not of {wanted}")


def unit_vectors(
    rows: Sequence[Sequence[float]], expected: int, dimension: int | None = None
) -> Vectors:
    """Raises ``ValueError`` when rows are missing, of a wrong length, or no numbers."""
    if len(rows) != expected or len({len(row) for row in rows}) > 1:
        message = f"{expected} vectors were asked for, not {len(rows)} or not of one length"
        raise ValueError(message)
    matrix = np.asarray(rows, dtype=np.float32).reshape(expected, -1)
    if not matrix.shape[1] or not np.isfinite(matrix).all():
        message = "it returned figures that are no numbers"
        raise ValueError(message)
    if dimension is not None and expected and matrix.shape[1] != dimension:
        raise WrongDimension(matrix.shape[1], dimension)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    return np.asarray(matrix / lengths, dtype=np.float32)
