"""What is noted of each call of a model: for records, metrics, traces and limits."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Purpose = Literal["answer", "repair", "summary", "embed", "check"]
CallOutcome = Literal[
    "ok", "timeout", "unreachable", "refused", "busy", "broken", "empty", "cancelled"
]
"""``refused``: key, model or request are not accepted. ``busy``: asked to wait. ``broken``: cut off
or not in the protocol. ``empty``: neither text nor a call."""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call, also one that failed. Times are in seconds; tokens are 0 where not told.

    ``cached_tokens`` are part of ``input_tokens``. ``first_token`` is None when nothing came.
    """

    purpose: Purpose
    provider: str
    model: str
    outcome: CallOutcome
    at: datetime
    seconds: float
    first_token: float | None = None
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    error: str | None = field(default=None, repr=False)
    """For the log of this process: what the vendor said, without keys."""
