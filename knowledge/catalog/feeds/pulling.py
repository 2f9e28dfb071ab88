"""Pulls a feed from its address and imports what is new in it."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.catalog.feeds.subscriptions import Feed, Feeds
from knowledge.catalog.import_report import ImportReport, UnreadableImport
from knowledge.catalog.importing import ImportTerms, Progress, import_file
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Conflict, SmartCartError
from knowledge.ports import Clock, FeedDownload
from knowledge.search.owner_lock import OwnerLock


@dataclass(frozen=True, slots=True)
class Pull:
    """``report`` is None when the server had nothing new."""

    feed: Feed
    report: ImportReport | None


class FeedPuller:
    """``folder`` holds what was downloaded until it is imported."""

    def __init__(
        self,
        units: UnitsOfWork,
        clock: Clock,
        currency: str,
        download: FeedDownload,
        folder: Path,
    ) -> None:
        self._units = units
        self._clock = clock
        self._currency = currency
        self._download = download
        self._folder = folder

    def pull(
        self,
        name: str,
        *,
        force: bool = False,
        again: bool = False,
        progress: Progress | None = None,
    ) -> Pull:
        """Fetch, import, and note how it went.

        ``again`` asks for the content even when it is not new. ``force`` delists however many
        products are gone. Raises ``Unavailable`` when the server cannot be reached or refuses, and
        ``UnreadableImport`` when what it sent is no feed; then the next pull tries again. Raises
        ``Conflict`` while another process pulls the same feed.
        """
        with self._units.read() as session:
            feed = Feeds(session, self._clock).get(name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = OwnerLock.take(self._folder / f"{feed.id}.lock")
        if lock is None:
            raise Conflict(f"The feed {name} is being pulled already.")
        try:
            return self._pull(feed, force=force, again=again or force, progress=progress)
        except SmartCartError as error:
            with self._units.write() as session:
                Feeds(session, self._clock).pulled(name, f"failed: {error}")
            raise
        finally:
            lock.release()

    def _pull(self, feed: Feed, *, force: bool, again: bool, progress: Progress | None) -> Pull:
        target = self._folder / f"{feed.id}.feed"
        found = self._download.fetch(
            feed.url,
            target,
            etag=None if again else feed.etag,
            last_modified=None if again else feed.last_modified,
        )
        if found is None:
            with self._units.write() as session:
                Feeds(session, self._clock).pulled(feed.id, "nothing new")
            return Pull(feed, None)
        terms = ImportTerms(
            format=feed.format,
            mapping=feed.mapping,
            feed_id=feed.id,
            delist="feed" if feed.full else "nothing",
            force=force,
        )
        try:
            report = import_file(
                target, self._units, self._clock, self._currency, progress, terms=terms
            )
        except UnreadableImport:
            target.unlink(missing_ok=True)
            raise
        target.unlink(missing_ok=True)
        with self._units.write() as session:
            Feeds(session, self._clock).pulled(
                feed.id,
                in_words(report),
                etag=found.etag,
                last_modified=found.last_modified,
                took=True,
            )
        return Pull(feed, report)


def in_words(report: ImportReport) -> str:
    words = (
        f"{report.rows} rows: {report.added} added, {report.changed} changed, "
        f"{report.unchanged} unchanged, {report.delisted} no longer sold, {report.rejected} refused"
    )
    if report.withheld:
        words += f"; {report.withheld} would be delisted, but {report.withheld_because}"
    return words
