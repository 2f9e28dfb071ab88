import threading

import pytest
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session

from knowledge.db.rows.catalog import SynonymRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Contended, TurnExpired, Unavailable


class TurnIsOver:
    """Refuses, and remembers what it saw."""

    seen = 0

    def check(self, session: Session) -> None:
        self.seen = session.scalar(select(func.count()).select_from(SynonymRow)) or 0
        raise TurnExpired("The turn is over.")


class TurnGoesOn:
    def check(self, session: Session) -> None:
        assert session.in_transaction()


def words(units: UnitsOfWork) -> set[str]:
    with units.read() as session:
        return set(session.scalars(select(SynonymRow.word)))


def test_what_ends_well_is_committed(units: UnitsOfWork) -> None:
    with units.write(TurnGoesOn()) as session:
        session.add(SynonymRow(word="soda", means="lemonade"))

    assert words(units) == {"soda"}


def test_an_error_rolls_everything_back(units: UnitsOfWork) -> None:
    def fail() -> None:
        with units.write() as session:
            session.add(SynonymRow(word="soda", means="lemonade"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert words(units) == set()


def test_a_guard_sees_the_work_and_can_refuse_it(units: UnitsOfWork) -> None:
    guard = TurnIsOver()

    with pytest.raises(TurnExpired), units.write(guard) as session:
        session.add(SynonymRow(word="soda", means="lemonade"))

    assert guard.seen == 1
    assert words(units) == set()


def test_what_is_written_while_reading_is_lost(units: UnitsOfWork) -> None:
    with units.read() as session:
        session.add(SynonymRow(word="soda", means="lemonade"))
        session.flush()

    assert words(units) == set()


def test_a_read_sees_one_moment(units: UnitsOfWork) -> None:
    with units.read() as reading:
        before = set(reading.scalars(select(SynonymRow.word)))
        with units.write() as session:
            session.add(SynonymRow(word="soda", means="lemonade"))

        assert set(reading.scalars(select(SynonymRow.word))) == before == set()
    assert words(units) == {"soda"}


def test_who_gives_way_in_a_deadlock_may_try_again(units: UnitsOfWork) -> None:
    """PostgreSQL ends one of two that wait for each other; SQLite lets one write at a time."""
    with units.write() as session:
        session.add_all(SynonymRow(word=word, means="a") for word in ("one", "two"))
    both_hold = threading.Barrier(2)
    ends: list[str] = []

    def take(*order: str) -> None:
        try:
            with units.write() as session:
                for word in order:
                    session.execute(
                        update(SynonymRow).where(SynonymRow.word == word).values(means=order[0])
                    )
                    if word == order[0] and units.engine.dialect.name == "postgresql":
                        both_hold.wait()
            ends.append("committed")
        except Contended:
            ends.append("contended")

    threads = [
        threading.Thread(target=take, args=order) for order in (("one", "two"), ("two", "one"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    deadlocks = units.engine.dialect.name == "postgresql"
    assert sorted(ends) == (["committed", "contended"] if deadlocks else ["committed"] * 2)
    with units.read() as session:
        assert len(set(session.scalars(select(SynonymRow.means)))) == 1


def test_a_database_that_stays_locked_is_unavailable(
    sqlite_url: str, sqlite_units: UnitsOfWork
) -> None:
    hurried = create_engine(sqlite_url, connect_args={"timeout": 0.1})
    with sqlite_units.write() as session:
        session.add(SynonymRow(word="soda", means="lemonade"))
        session.flush()
        with pytest.raises(Unavailable, match="busy"), UnitsOfWork(hurried).write() as rival:
            rival.add(SynonymRow(word="cola", means="lemonade"))
    hurried.dispose()

    assert words(sqlite_units) == {"soda"}
