"""Experiments and what came of their variants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Experiment:
    """``variants`` are names with their weights. ``winner`` is what everybody gets after it."""

    id: str
    name: str
    about: str
    variants: Mapping[str, int]
    active: bool
    winner: str | None
    started_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class VariantResult:
    """``rewritten`` counts turns whose answer the gate stopped, so that it was asked for again.

    ``cost`` is in US dollars, of the calls whose price is known; ``unpriced`` counts the others.
    """

    variant: str
    shoppers: int = 0
    turns: int = 0
    failed: int = 0
    rewritten: int = 0
    cost: Decimal = Decimal(0)
    unpriced: int = 0
    orders: int = 0
    buyers: int = 0
