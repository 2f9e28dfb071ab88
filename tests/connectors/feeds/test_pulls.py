from pathlib import Path

import orjson
import pytest

from connectors.feeds.pulls import PULL_JOB, FeedPulls, open_puller, schedule
from connectors.settings import Settings
from knowledge.catalog.feeds.pulling import FeedPuller
from knowledge.catalog.feeds.subscriptions import Feed, Feeds
from knowledge.catalog.import_report import UnreadableImport
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Conflict, InvalidInput, NotFound, Unavailable
from knowledge.jobs.jobs import Jobs
from knowledge.search.owner_lock import OwnerLock
from tests.fixed_clock import FixedClock
from tests.stand_ins.feed_server import FeedServer


def rows(letters: str) -> bytes:
    made = ({"id": one, "title": one, "price": "1"} for one in letters)
    return b"".join(orjson.dumps(row) + b"\n" for row in made)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(data_dir=tmp_path / "data", feeds_private=True)


@pytest.fixture
def feed(sqlite_units: UnitsOfWork, clock: FixedClock, server: FeedServer) -> Feed:
    server.content = rows("abc")
    with sqlite_units.write() as session:
        return Feeds(session, clock).add("acme", f"{server.url}/f", full=True, every_minutes=30)


@pytest.fixture
def puller(settings: Settings, sqlite_units: UnitsOfWork, clock: FixedClock) -> FeedPuller:
    return open_puller(settings, sqlite_units, clock)


@pytest.fixture
def seen(sqlite_units: UnitsOfWork, clock: FixedClock) -> "Seen":
    return Seen(sqlite_units, clock)


class Seen:
    """What the shop holds."""

    def __init__(self, units: UnitsOfWork, clock: FixedClock) -> None:
        self._units, self._clock = units, clock

    def listed(self) -> str:
        with self._units.read() as session:
            return "".join(one.id for one in CatalogRepository(session, self._clock).iterate())

    def feed(self) -> Feed:
        with self._units.read() as session:
            return Feeds(session, self._clock).get("acme")

    def waiting(self) -> list[tuple[str, str]]:
        with self._units.read() as session:
            jobs = Jobs(session, self._clock).list("waiting")
        return [(job.kind, f"{job.due_at:%H:%M}") for job in jobs]


def test_a_pull_imports_what_is_new_and_delists_what_is_gone(
    feed: Feed, puller: FeedPuller, server: FeedServer, seen: Seen
) -> None:
    first = puller.pull(feed.id)
    again = puller.pull(feed.id)
    server.content = rows("abd")
    third = puller.pull(feed.id)

    assert first.report is not None
    assert again.report is None
    assert third.report is not None
    assert (third.report.added, third.report.delisted, seen.listed()) == (1, 1, "abd")
    assert seen.feed().last_status == (
        "3 rows: 1 added, 0 changed, 2 unchanged, 1 no longer sold, 0 refused"
    )


def test_a_pull_that_fails_says_so_and_the_next_one_tries_again(
    feed: Feed, puller: FeedPuller, server: FeedServer, seen: Seen
) -> None:
    puller.pull(feed.id)
    server.content = b"<html><body>502</body></html>"
    with pytest.raises(UnreadableImport):
        puller.pull(feed.id)
    assert (seen.feed().last_status or "").startswith("failed: The page has no <script>")
    assert seen.listed() == "abc"

    with pytest.raises(UnreadableImport):  # what could not be read does not count as known
        puller.pull(feed.id)
    server.status = 503
    with pytest.raises(Unavailable):
        puller.pull(feed.id)
    with pytest.raises(NotFound):
        puller.pull("nobody")


def test_force_asks_again_and_delists_however_many(
    feed: Feed, puller: FeedPuller, server: FeedServer, seen: Seen
) -> None:
    puller.pull(feed.id)
    server.content = rows("a")
    withheld = puller.pull(feed.id)
    assert withheld.report is not None
    assert (withheld.report.withheld, seen.listed()) == (2, "abc")

    puller.pull(feed.id, force=True)

    assert seen.listed() == "a"


def test_the_job_pulls_when_it_is_time_and_queues_the_next_one(
    feed: Feed,
    settings: Settings,
    sqlite_units: UnitsOfWork,
    clock: FixedClock,
    server: FeedServer,
    seen: Seen,
) -> None:
    pulls = FeedPulls(settings, sqlite_units, clock)
    with sqlite_units.write() as session:
        schedule(Jobs(session, clock), feed)
        schedule(Jobs(session, clock), feed)
    assert seen.waiting() == [(PULL_JOB, "09:00")]

    pulls.pull({"feed": "acme"})
    pulls.pull({"feed": "acme"})  # too early: it was pulled just now

    assert seen.listed() == "abc"
    assert len(server.asked) == 1
    assert sorted(seen.waiting()) == [(PULL_JOB, "09:00"), (PULL_JOB, "09:30")]


def test_the_job_goes_on_after_a_failure_and_ends_with_the_feed(
    feed: Feed,
    settings: Settings,
    sqlite_units: UnitsOfWork,
    clock: FixedClock,
    server: FeedServer,
    seen: Seen,
) -> None:
    pulls = FeedPulls(settings, sqlite_units, clock)
    server.status = 500
    pulls.pull({"feed": "acme"})
    assert seen.waiting() == [(PULL_JOB, "09:30")]

    with sqlite_units.write() as session:
        Feeds(session, clock).remove(feed.id)
    clock.advance(3600)
    pulls.pull({"feed": "acme"})

    assert seen.waiting() == [(PULL_JOB, "09:30")]


def test_two_do_not_pull_the_same_feed_at_once(
    feed: Feed, puller: FeedPuller, settings: Settings, seen: Seen
) -> None:
    folder = settings.data_dir / "feeds"
    folder.mkdir(parents=True)
    lock = OwnerLock.take(folder / "acme.lock")
    assert lock is not None

    with pytest.raises(Conflict):
        puller.pull(feed.id)
    lock.release()

    assert seen.feed().last_status is None
    assert puller.pull(feed.id).report is not None


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("acme", "file:///etc/passwd"),
        ("acme", "ftp://shop.example/f"),
        ("acme", "https:///f"),
        ("acme", "https://bücher.example/f"),
        ("Ac me", "https://shop.example/f"),
    ],
)
def test_odd_names_and_addresses_are_refused(
    sqlite_units: UnitsOfWork, clock: FixedClock, name: str, url: str
) -> None:
    with sqlite_units.write() as session, pytest.raises(InvalidInput):
        Feeds(session, clock).add(name, url)
