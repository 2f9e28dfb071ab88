"""What was used of vendors' models: one call, and sums over many."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Grouping = Literal["day", "model", "purpose", "channel"]


@dataclass(frozen=True, slots=True)
class ModelUse:
    """One call as it is kept. ``cost_micros`` (millionths of a US dollar) is None when unknown."""

    purpose: str
    provider: str
    model: str
    outcome: str
    at: datetime
    latency_ms: int
    first_token_ms: int | None = None
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int | None = None
    turn_id: str | None = None
    shopper_id: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the calls of a group; ``cost_micros`` leaves out the ``unpriced`` ones."""

    name: str
    turns: int
    calls: int
    failed: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_micros: int
    unpriced: int
    latency_ms: int
    """On average, as is ``first_token_ms``."""
    first_token_ms: int | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What counts against limits: the shop's cost, one shopper's turns and tokens."""

    cost_micros: int = 0
    shopper_turns: int = 0
    shopper_tokens: int = 0
