"""One transaction per use case: the only commit in the code."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from knowledge.db.engine import BUSY_TIMEOUT_SECONDS, WRITE_OPTION
from knowledge.errors import Contended, Unavailable
from knowledge.ports import CommitGuard

_LOST_TO_A_RIVAL = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock


class UnitsOfWork:
    """Opens transactions on one database; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # PostgreSQL would otherwise show each statement of a read another moment.
        snapshot = {"isolation_level": "REPEATABLE READ"}
        options = snapshot if engine.dialect.name == "postgresql" else {}
        self._reads = engine.execution_options(**{WRITE_OPTION: False}, **options)
        # SQLite lets one writer in and has the others poll with growing pauses; threads of this
        # process stand in line instead and go on at once when it is their turn.
        self._line = threading.Lock() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view; whatever is written in it is rolled back."""
        with Session(self._reads) as session:
            yield session

    @contextmanager
    def write(self, guard: CommitGuard | None = None) -> Iterator[Session]:
        """Commit when the block ends without an error and the guard agrees.

        Raises ``TurnExpired`` and rolls back when the guard objects, so that work left running
        cannot act after its turn was given up. Raises ``Contended`` when the database chose this
        transaction to give way to another; the same work done again may succeed.
        """
        try:
            with self._in_line(), Session(self.engine, expire_on_commit=False) as session:
                yield session
                if guard is not None:
                    session.flush()
                    guard.check(session)
                session.commit()
        except OperationalError as error:
            if getattr(error.orig, "pgcode", None) in _LOST_TO_A_RIVAL:
                raise Contended from error
            if "database is locked" in str(error.orig):
                raise Unavailable("The shop is busy. Please try again.") from error
            raise

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        if self._line is None:
            yield
            return
        if not self._line.acquire(timeout=BUSY_TIMEOUT_SECONDS):
            raise Unavailable("The shop is busy. Please try again.")
        try:
            yield
        finally:
            self._line.release()
