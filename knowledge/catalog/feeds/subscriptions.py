"""Feeds that are pulled from an address now and then, and what their server said last."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.catalog.feeds.mapping import ColumnMapping, to_mapping
from knowledge.catalog.feeds.rows import FORMATS, FeedFormat
from knowledge.db.rows.catalog import FeedRow
from knowledge.errors import InvalidInput, NotFound
from knowledge.ports import Clock

AUTOMATIC = "auto"
_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,31}$")
_SCHEMES = ("http", "https")
_SHORTEST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Feed:
    """``full``: what the feed no longer holds is no longer sold."""

    id: str
    url: str
    format: FeedFormat | None
    mapping: ColumnMapping | None
    full: bool
    every_minutes: int
    active: bool
    etag: str | None = None
    last_modified: str | None = None
    last_pulled_at: datetime | None = None
    last_status: str | None = None

    def due_at(self) -> datetime | None:
        """None is at once."""
        if self.last_pulled_at is None:
            return None
        return self.last_pulled_at + timedelta(minutes=self.every_minutes)

    def is_due(self, now: datetime) -> bool:
        due_at = self.due_at()
        return self.active and (due_at is None or due_at <= now)


class Feeds:
    """The feeds of the shop. Never commits: the unit of work does."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def add(
        self,
        name: str,
        url: str,
        *,
        feed_format: str | None = None,
        mapping: ColumnMapping | None = None,
        full: bool = False,
        every_minutes: int = 60,
    ) -> Feed:
        """Add a feed, or change the one of that name. Raises ``InvalidInput``."""
        _check(name, url, feed_format, every_minutes)
        kept: dict[str, Any] | None = None if mapping is None else mapping.model_dump(mode="json")
        row = self._session.get(FeedRow, name)
        if row is None:
            row = FeedRow(id=name, created_at=self._clock.now())
            self._session.add(row)
        row.url = url
        row.format = feed_format or AUTOMATIC
        row.mapping = kept
        row.full = full
        row.every_minutes = every_minutes
        row.active = True
        # Whatever it answered before was for other terms.
        row.etag = row.last_modified = row.last_pulled_at = row.last_status = None
        self._session.flush()
        return _feed(row)

    def get(self, name: str) -> Feed:
        """Raises ``NotFound``."""
        return _feed(self._row(name))

    def find(self, name: str) -> Feed | None:
        row = self._session.get(FeedRow, name)
        return None if row is None else _feed(row)

    def all(self) -> Sequence[Feed]:
        return [_feed(row) for row in self._session.scalars(select(FeedRow).order_by(FeedRow.id))]

    def remove(self, name: str) -> None:
        """Its products stay as they are. Raises ``NotFound``."""
        self._session.delete(self._row(name))

    def pulled(
        self,
        name: str,
        status: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        took: bool = False,
    ) -> None:
        """Note how a pull ended; ``took`` when its content was imported. Ignores unknown ones."""
        row = self._session.get(FeedRow, name)
        if row is None:
            return
        row.last_pulled_at = self._clock.now()
        row.last_status = status[:500]
        if took:
            row.etag, row.last_modified = etag, last_modified

    def _row(self, name: str) -> FeedRow:
        row = self._session.get(FeedRow, name)
        if row is None:
            raise NotFound(f"There is no feed {name!r}.")
        return row


def _check(name: str, url: str, feed_format: str | None, every_minutes: int) -> None:
    if not _NAME.match(name):
        raise InvalidInput(f"{name!r} is no name for a feed; use small letters, digits, - and _.")
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname or not url.isascii():
        raise InvalidInput("A feed is pulled from an http or https address.")
    if feed_format is not None and feed_format not in FORMATS:
        raise InvalidInput(f"The format is one of {', '.join(FORMATS)}.")
    if every_minutes < _SHORTEST_MINUTES:
        raise InvalidInput(f"A feed is pulled at most every {_SHORTEST_MINUTES} minutes.")


def _feed(row: FeedRow) -> Feed:
    return Feed(
        id=row.id,
        url=row.url,
        format=None if row.format == AUTOMATIC else row.format,  # type: ignore[arg-type]  # checked
        mapping=None if row.mapping is None else to_mapping(row.mapping, row.id),
        full=row.full,
        every_minutes=row.every_minutes,
        active=row.active,
        etag=row.etag,
        last_modified=row.last_modified,
        last_pulled_at=row.last_pulled_at,
        last_status=row.last_status,
    )
