import threading
from datetime import timedelta

import pytest

from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Conflict, NotFound
from knowledge.jobs.jobs import Jobs
from knowledge.jobs.models import Job, pause_after
from tests.fixed_clock import FixedClock

LEASE = timedelta(seconds=30)


def add(
    units: UnitsOfWork, clock: FixedClock, kind: str = "mail", key: str | None = None
) -> str | None:
    with units.write() as session:
        return Jobs(session, clock).add(kind, {"order": "o1"}, key=key)


def claim(units: UnitsOfWork, clock: FixedClock, *kinds: str) -> Job | None:
    with units.write() as session:
        return Jobs(session, clock).claim(kinds or ("mail",), lease=LEASE)


def test_jobs_are_taken_once_in_the_order_they_came(units: UnitsOfWork, clock: FixedClock) -> None:
    first = add(units, clock)
    clock.advance(1)
    second = add(units, clock)
    add(units, clock, "other")

    taken = [claim(units, clock) for _ in range(3)]

    assert [job.id if job else None for job in taken] == [first, second, None]
    assert taken[0] is not None
    assert (taken[0].status, taken[0].attempts, taken[0].payload) == (
        "running",
        1,
        {"order": "o1"},
    )


def test_a_job_whose_worker_was_killed_is_taken_again(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    add(units, clock)
    lost = claim(units, clock)
    assert lost is not None
    clock.advance(31)

    again = claim(units, clock)

    assert again is not None
    assert (again.id, again.attempts) == (lost.id, 2)
    with units.write() as session:
        jobs = Jobs(session, clock)
        assert not jobs.done(lost.id, attempt=lost.attempts)
        assert not jobs.extend(lost.id, lost.attempts, lease=LEASE)
        assert jobs.done(again.id, attempt=again.attempts)
        assert jobs.get(again.id).status == "done"


def test_rivals_never_take_the_same_job(units: UnitsOfWork, clock: FixedClock) -> None:
    for _ in range(6):
        add(units, clock)
    taken: list[str] = []

    def work() -> None:
        while (job := claim(units, clock)) is not None:
            taken.append(job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len(set(taken)) == 6


def test_a_key_is_queued_once_until_its_job_is_finished(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    first = add(units, clock, key="o1")
    assert first is not None
    assert add(units, clock, key="o1") is None
    assert claim(units, clock) is not None
    assert add(units, clock, key="o1") is None
    with units.write() as session:
        Jobs(session, clock).done(first)

    assert add(units, clock, key="o1") is not None


def test_a_failed_job_waits_for_its_time_and_a_dead_one_for_its_owner(
    sqlite_units: UnitsOfWork, clock: FixedClock
) -> None:
    job_id = add(sqlite_units, clock)
    assert job_id is not None
    claim(sqlite_units, clock)
    with sqlite_units.write() as session:
        Jobs(session, clock).retry(job_id, "no answer", clock.now() + timedelta(seconds=5))
    assert claim(sqlite_units, clock) is None
    clock.advance(5)
    assert claim(sqlite_units, clock) is not None

    with sqlite_units.write() as session:
        Jobs(session, clock).fail(job_id, "never an answer")
    with sqlite_units.read() as session:
        (dead,) = Jobs(session, clock).list("dead")
    assert dead.last_error == "never an answer"
    clock.advance(days=1)
    assert claim(sqlite_units, clock) is None

    with sqlite_units.write() as session:
        assert Jobs(session, clock).revive(job_id).status == "waiting"
        with pytest.raises(NotFound):
            Jobs(session, clock).revive("j_none")
    assert claim(sqlite_units, clock) is not None
    with sqlite_units.write() as session, pytest.raises(Conflict, match="is running"):
        Jobs(session, clock).revive(job_id)


def test_what_is_done_is_forgotten_after_a_while(
    sqlite_units: UnitsOfWork, clock: FixedClock
) -> None:
    job_id = add(sqlite_units, clock)
    add(sqlite_units, clock)
    assert job_id is not None
    claim(sqlite_units, clock)
    with sqlite_units.write() as session:
        Jobs(session, clock).done(job_id)
    clock.advance(days=15)

    with sqlite_units.write() as session:
        jobs = Jobs(session, clock)
        assert jobs.forget_done(clock.now() - timedelta(days=14)) == 1
        assert [one.status for one in jobs.list()] == ["waiting"]


def test_pauses_grow_and_end() -> None:
    for attempts, seconds in ((1, 5), (2, 20), (3, 80), (8, 6 * 3600)):
        pause = pause_after(attempts).total_seconds()
        assert seconds * 0.75 <= pause <= seconds * 1.25
