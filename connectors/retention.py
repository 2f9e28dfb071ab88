"""Deletes each night what is older than the shop keeps it, by a job that queues the next one."""

import logging
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.jobs.jobs import Jobs
from knowledge.ports import Clock
from knowledge.privacy.retention import Cleared, Retention
from knowledge.profile import ShopProfile

logger = logging.getLogger(__name__)
RETENTION_JOB = "retention"
_AT = time(3, 15)
"""By the shop's clock, when few are shopping."""


def kept_since(profile: ShopProfile, now: datetime) -> datetime | None:
    """What is older is deleted; None where everything is kept."""
    return now - timedelta(days=profile.retention_days) if profile.retention_days else None


def schedule(units: UnitsOfWork, clock: Clock, profile: ShopProfile) -> None:
    """Queue the next night's run, unless it is queued already; any process may do so."""
    if not profile.retention_days:
        return
    due_at = _next_night(profile, clock.now())
    key = f"{RETENTION_JOB}:{due_at.date().isoformat()}"
    with units.write() as session:
        Jobs(session, clock).add(RETENTION_JOB, {}, due_at=due_at, key=key)


class NightlyRetention:
    """The handler of ``RETENTION_JOB``; killed at any point, it is run again and goes on."""

    def __init__(self, units: UnitsOfWork, clock: Clock, profile: ShopProfile) -> None:
        self._units = units
        self._clock = clock
        self._profile = profile

    def run(self, payload: Mapping[str, Any]) -> None:
        del payload
        before = kept_since(self._profile, self._clock.now())
        if before is not None:
            cleared = Retention(self._units, self._clock).clear(before)
            logger.info("Retention: deleted %s", in_words(cleared))
        schedule(self._units, self._clock, self._profile)


def in_words(cleared: Cleared) -> str:
    return (
        f"{cleared.conversations} conversations, {cleared.turns} turns of others, "
        f"{cleared.messages} messages, {cleared.replies} replies, {cleared.commands} commands, "
        f"{cleared.shoppers} unknown shoppers"
    )


def _next_night(profile: ShopProfile, now: datetime) -> datetime:
    here = now.astimezone(profile.timezone)
    tonight = here.replace(hour=_AT.hour, minute=_AT.minute, second=0, microsecond=0)
    return tonight if tonight > here else tonight + timedelta(days=1)
