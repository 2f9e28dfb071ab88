from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy import func, select

from knowledge.conversations.commands import Commands
from knowledge.conversations.guard import TurnGuard
from knowledge.conversations.inbox import Inbox
from knowledge.conversations.models import InboxEntry
from knowledge.db.rows.talk import CommandRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import TurnExpired
from tests.fixed_clock import FixedClock
from tests.knowledge.conversations.conftest import LEASE

Receive = Callable[[str], InboxEntry]
Claim = Callable[[InboxEntry], InboxEntry | None]


@pytest.fixture
def held(receive: Receive, claim: Claim) -> InboxEntry:
    entry = claim(receive("m1"))
    assert entry is not None
    return entry


@pytest.fixture
def change(units: UnitsOfWork, clock: FixedClock) -> Callable[[TurnGuard], None]:
    """Change something under a guard."""

    def make(guard: TurnGuard) -> None:
        with units.write(guard) as session:
            Commands(session, clock).store(
                "t1", 0, tool="undo", call_id=None, arguments={}, result={}
            )

    return make


@pytest.fixture
def changes(units: UnitsOfWork) -> Callable[[], int]:
    def count() -> int:
        with units.read() as session:
            return session.scalar(select(func.count()).select_from(CommandRow)) or 0

    return count


def test_a_turn_in_time_may_commit(
    held: InboxEntry, change: Callable[[TurnGuard], None], changes: Callable[[], int]
) -> None:
    guard = TurnGuard(entry_id=held.id, attempt=held.attempt, deadline=10, monotonic=lambda: 9)

    change(guard)

    assert changes() == 1
    assert guard.seconds_left == 1


def test_nothing_is_committed_after_the_deadline(
    held: InboxEntry, change: Callable[[TurnGuard], None], changes: Callable[[], int]
) -> None:
    guard = TurnGuard(entry_id=held.id, attempt=held.attempt, deadline=10, monotonic=lambda: 10)

    with pytest.raises(TurnExpired, match="too long"):
        change(guard)

    assert changes() == 0


def test_nothing_is_committed_after_a_cancellation(
    held: InboxEntry, change: Callable[[TurnGuard], None], changes: Callable[[], int]
) -> None:
    guard = TurnGuard(entry_id=held.id, attempt=held.attempt, deadline=1e12)
    guard.cancel()

    with pytest.raises(TurnExpired, match="cancelled"):
        change(guard)

    assert changes() == 0


def test_nothing_is_committed_after_another_attempt_began(
    held: InboxEntry,
    change: Callable[[TurnGuard], None],
    changes: Callable[[], int],
    clock: FixedClock,
    claim: Claim,
) -> None:
    guard = TurnGuard(entry_id=held.id, attempt=held.attempt, deadline=1e12)
    clock.advance(7)
    assert claim(held) is not None

    with pytest.raises(TurnExpired, match="elsewhere"):
        change(guard)

    assert changes() == 0


def test_nothing_is_committed_after_the_answer_was_recorded(
    held: InboxEntry,
    change: Callable[[TurnGuard], None],
    changes: Callable[[], int],
    units: UnitsOfWork,
    clock: FixedClock,
) -> None:
    guard = TurnGuard(entry_id=held.id, attempt=held.attempt, deadline=1e12)
    with units.write() as session:
        Inbox(session, clock).finish(held.id, held.attempt, {})

    with pytest.raises(TurnExpired):
        change(guard)

    assert changes() == 0


def test_a_takeover_waits_for_a_commit_that_was_allowed(
    held: InboxEntry, units: UnitsOfWork, clock: FixedClock, changes: Callable[[], int]
) -> None:
    guard = TurnGuard(entry_id=held.id, attempt=held.attempt, deadline=1e12)
    clock.advance(7)
    took_over = Event()
    seen: list[int] = []

    def take_over() -> None:
        with units.write() as session:
            assert Inbox(session, clock).claim(held.id, LEASE) is not None
            took_over.set()
        seen.append(changes())

    with units.write() as session:
        Commands(session, clock).store("t1", 0, tool="undo", call_id=None, arguments={}, result={})
        guard.check(session)
        other = Thread(target=take_over)
        other.start()
        assert not took_over.wait(0.2)
    other.join()

    assert seen == [1]
