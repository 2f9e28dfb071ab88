import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect

import knowledge.db.rows  # noqa: F401 - registers every table
from knowledge.db.base import Row
from knowledge.db.engine import open_engine
from knowledge.db.migrate import alembic_config, current_revision, head_revision, upgrade
from tests.databases import units_on

UPGRADE = """
import sys
from knowledge.db.engine import open_engine
from knowledge.db.migrate import current_revision, upgrade
engine = open_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
upgrade(engine)
print(current_revision(engine))
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with units_on(database_url) as units:
        yield units.engine


@pytest.fixture
def blank(engine: Engine) -> Engine:
    """A database in which nothing was ever made."""
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert inspect(engine).get_table_names() == []
    return engine


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Row.metadata))


def test_migrations_make_exactly_what_the_models_say(engine: Engine) -> None:
    assert differences(engine) == []


def test_a_difference_would_be_found(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE watches ADD COLUMN mood VARCHAR(8)")

    assert len(differences(engine)) == 1


def test_upgrading_twice_is_upgrading_once(blank: Engine) -> None:
    upgrade(blank)
    upgrade(blank)

    assert current_revision(blank) == head_revision()
    assert differences(blank) == []


@contextmanager
def upgrading(url: str) -> Iterator["Popen[str]"]:
    command_line = [sys.executable, "-c", UPGRADE, url]
    with Popen(command_line, stdin=PIPE, stdout=PIPE, text=True) as process:
        yield process


@pytest.mark.long
def test_two_processes_may_upgrade_at_once(blank: Engine, database_url: str) -> None:
    with upgrading(database_url) as one, upgrading(database_url) as other:
        for process in (one, other):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in (one, other):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate()[0].strip() for process in (one, other)]

    assert said == [head_revision()] * 2
    assert differences(blank) == []


def test_a_new_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")

    assert current_revision(engine) is None
    upgrade(engine)
    assert current_revision(engine) == head_revision()
    engine.dispose()
