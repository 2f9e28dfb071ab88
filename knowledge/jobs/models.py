"""What a job is, and when one that failed is tried again."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

JobStatus = Literal["waiting", "running", "done", "dead"]
MOST_ATTEMPTS = 8
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. ``attempts`` counts those begun; the present one is included."""

    id: str
    kind: str
    payload: dict[str, Any]
    status: JobStatus
    attempts: int
    due_at: datetime
    lease_until: datetime | None
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None
    key: str | None


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the n-th failed attempt: 5 s, 20 s, 80 s ... up to six hours.

    Varied by a quarter, so that what failed together does not come back together.
    """
    pause: timedelta = min(_FIRST_PAUSE * 4 ** (attempts - 1), _LONGEST_PAUSE)
    return pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
