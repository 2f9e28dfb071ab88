"""How long a turn may take, by channel, and how long a worker holds a message."""

from dataclasses import dataclass, field
from datetime import timedelta

_SECONDS = {"voice": 6.5, "sms": 40.0, "whatsapp": 40.0, "telegram": 40.0}
ASYNCHRONOUS = frozenset({"telegram", "sms", "whatsapp"})
"""Channels answered later through their own API, from the outbox."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``lease`` is how soon another worker takes over from one that was killed."""

    seconds: float = 60.0
    seconds_by_channel: dict[str, float] = field(default_factory=lambda: dict(_SECONDS))
    lease: timedelta = timedelta(seconds=6)
    heartbeat_seconds: float = 2.0
    sweep_seconds: float = 2.0
    attempts: int = 3

    def of(self, channel: str) -> float:
        return self.seconds_by_channel.get(channel, self.seconds)
