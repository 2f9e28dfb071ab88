"""Cuts texts into batches that a vendor takes at once, by number and by tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# English has four or five bytes to a token, most other scripts no less than two.
_BYTES_PER_TOKEN = 2.5


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """``longest`` is how many characters of one text are sent."""

    texts: int
    tokens: int
    longest: int


def batches(texts: Sequence[str], limits: BatchLimits) -> Iterator[range]:
    """Places of texts, in order; one that is over the limit alone is a batch of its own."""
    start, tokens = 0, 0
    for place, text in enumerate(texts):
        own = about_tokens(text[: limits.longest])
        if place > start and (place - start == limits.texts or tokens + own > limits.tokens):
            yield range(start, place)
            start, tokens = place, 0
        tokens += own
    if start < len(texts):
        yield range(start, len(texts))


def about_tokens(text: str) -> int:
    """About as many as a vendor counts, and rather more."""
    return int(len(text.encode()) / _BYTES_PER_TOKEN) + 1
