"""How long one try may take, so that whoever is asked next still has time to answer."""

from dataclasses import dataclass

from assistant.providers.minds import CallLimits

_NEXT_VENDOR = 0.25
"""Of what is left; more than a try that has begun to speak should be cut for."""
_OFFLINE_SHARE = 0.1
_OFFLINE_LEAST = 0.75
"""Seconds; the offline mind plans a turn and runs its tools in a few hundredths."""
_LEAST = 0.05
_PATIENCE = 1.0
_PATIENCE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Share:
    """``silence`` is the longest wait for the next piece, the first one included."""

    whole: float
    silence: float


@dataclass(frozen=True, slots=True)
class Behind:
    """Who could still be asked after this mind."""

    vendors: int = 0
    offline: bool = False


def share_of(left: float, limits: CallLimits, behind: Behind) -> Share:
    """Of the seconds that are left of the turn."""
    kept = max(left * _OFFLINE_SHARE, _OFFLINE_LEAST) if behind.offline else 0.0
    usable = max(left - kept, _LEAST)
    whole = usable * (1 - _NEXT_VENDOR) if behind.vendors else usable
    silence = usable / (behind.vendors + 1)
    whole = min(limits.timeout, whole)
    return Share(whole, min(limits.first_token_timeout, silence, whole))


def may_wait(seconds: float, left: float, behind: Behind) -> bool:
    """Whether to wait for the same mind: not long where another can answer at once."""
    if behind.vendors:
        return seconds <= min(_PATIENCE, left * _PATIENCE_SHARE)
    return seconds <= left * _PATIENCE_SHARE


def pause_before(retry: int, jitter: float) -> float:
    """Seconds before the first, second, ... retry; ``jitter`` is between 0 and 1.

    All of it is left to chance, so that those a vendor failed at once do not come back at once.
    """
    longest: float = min(0.5 * 2.0 ** (retry - 1), 8.0)
    return longest * jitter
