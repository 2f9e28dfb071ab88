"""Pulls feeds by a job that puts itself back into the queue for the next time."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.settings import Settings
from knowledge.catalog.feeds.pulling import FeedPuller, in_words
from knowledge.catalog.feeds.subscriptions import Feed, Feeds
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import SmartCartError
from knowledge.jobs.jobs import Jobs
from knowledge.ports import Clock

logger = logging.getLogger(__name__)
PULL_JOB = "pull_feed"
FOLDER_NAME = "feeds"
_AT_LEAST = timedelta(minutes=1)


def open_puller(settings: Settings, units: UnitsOfWork, clock: Clock) -> FeedPuller:
    from connectors.feeds.download import DownloadLimits, HttpDownload  # noqa: PLC0415 - heavy

    download = HttpDownload(
        limits=DownloadLimits(most_bytes=settings.feeds_max_mb << 20),
        private_allowed=settings.feeds_private,
    )
    folder = settings.data_dir.expanduser() / FOLDER_NAME
    return FeedPuller(units, clock, settings.currency, download, folder)


def schedule(jobs: Jobs, feed: Feed, *, not_before: datetime | None = None) -> None:
    """Queue the next pull. A time is part of the key: the pull that runs now holds the last."""
    due_at = feed.due_at()
    if not_before is not None and (due_at is None or due_at < not_before):
        due_at = not_before
    moment = "now" if due_at is None else due_at.isoformat(timespec="seconds")
    jobs.add(PULL_JOB, {"feed": feed.id}, due_at=due_at, key=f"{PULL_JOB}:{feed.id}:{moment}")


class FeedPulls:
    """The handler of ``PULL_JOB``."""

    def __init__(self, settings: Settings, units: UnitsOfWork, clock: Clock) -> None:
        self._settings = settings
        self._units = units
        self._clock = clock

    def pull(self, payload: Mapping[str, Any]) -> None:
        """A pull that failed is not tried again at once, but at its next time."""
        name = str(payload["feed"])
        with self._units.read() as session:
            feed = Feeds(session, self._clock).find(name)
        if feed is not None and feed.is_due(self._clock.now()):
            self._pull(name)
        with self._units.write() as session:
            feed = Feeds(session, self._clock).find(name)
            if feed is not None and feed.active:
                # Somebody else may be pulling it right now.
                soon = self._clock.now() + _AT_LEAST
                schedule(Jobs(session, self._clock), feed, not_before=soon)

    def _pull(self, name: str) -> None:
        try:
            pull = open_puller(self._settings, self._units, self._clock).pull(name)
        except SmartCartError as error:
            logger.warning("Feed %s could not be pulled: %s", name, error)
        except Exception:
            logger.exception("Feed %s could not be pulled", name)
            with self._units.write() as session:
                Feeds(session, self._clock).pulled(name, "failed; the log says how")
        else:
            what = "nothing new" if pull.report is None else in_words(pull.report)
            logger.info("Feed %s: %s", name, what)
