"""A commit that fails leaves nothing behind: neither its rows nor the lock it had."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from knowledge.db.unit_of_work import UnitsOfWork

_AT_COMMIT = """
CREATE TABLE parts (
    id INTEGER PRIMARY KEY,
    whole INTEGER REFERENCES parts (id) DEFERRABLE INITIALLY DEFERRED
)
"""


def test_the_next_transaction_begins_after_a_commit_that_failed(units: UnitsOfWork) -> None:
    with units.write() as session:
        session.execute(text(_AT_COMMIT))

    with pytest.raises(IntegrityError), units.write() as session:
        session.execute(text("INSERT INTO parts VALUES (1, 99)"))

    with units.write() as session:
        assert session.execute(text("SELECT count(*) FROM parts")).scalar_one() == 0
