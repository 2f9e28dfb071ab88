"""One transaction per use case: the only commit in the code."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from knowledge.db.engine import WRITE_OPTION
from knowledge.ports import CommitGuard


class UnitsOfWork:
    """Opens transactions on one database; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reads = engine.execution_options(**{WRITE_OPTION: False})

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view; whatever is written in it is rolled back."""
        with Session(self._reads) as session:
            yield session

    @contextmanager
    def write(self, guard: CommitGuard | None = None) -> Iterator[Session]:
        """Commit when the block ends without an error and the guard agrees.

        Raises ``TurnExpired`` and rolls back when the guard objects, so that work left running
        cannot act after its turn was given up.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            if guard is not None:
                session.flush()
                guard.check(session)
            session.commit()
