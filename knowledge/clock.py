"""The clock of the machine."""

from datetime import UTC, datetime


class SystemClock:
    """Tells the real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)
