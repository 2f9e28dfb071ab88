"""The answer to a question of diet: yes, no or unknown, and what decides it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Verdict = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class DietCheck:
    """``because`` is shown to the shopper; it names the ingredient or fact that decides."""

    verdict: Verdict
    because: str


@lru_cache(maxsize=4096)  # whole catalogs are judged, mostly in the same words
def yes(because: str) -> DietCheck:
    return DietCheck("yes", because)


@lru_cache(maxsize=4096)
def no(because: str) -> DietCheck:
    return DietCheck("no", because)


@lru_cache(maxsize=4096)
def unknown(because: str) -> DietCheck:
    return DietCheck("unknown", because)


NOT_A_FOOD = yes("not a food")
