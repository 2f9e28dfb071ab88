"""Makes a shop from a backup, also one that an older version took: all of it or nothing."""

import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Column, Connection, MetaData, Table, func, inspect, select, update
from sqlalchemy import table as named_table
from sqlalchemy.exc import SQLAlchemyError

import knowledge.db.rows  # noqa: F401 - registers every table
from knowledge.backup.archive import (
    InvalidBackup,
    Manifest,
    open_archive,
    read_manifest,
    read_rows,
)
from knowledge.db.base import Row
from knowledge.db.migrate import alembic_config, known_revisions
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Conflict

_BATCH = 500


def restore(
    path: Path, units: UnitsOfWork, *, replace: bool = False, upgrade: bool = True
) -> Manifest:
    """Fill the database from a backup, in one transaction, and bring it to the newest schema.

    A database that shoppers have used is only overwritten with ``replace``. Without ``upgrade``
    the schema stays that of the backup. Nothing may use the database meanwhile. Raises
    ``InvalidBackup`` and ``Conflict``; the database is then as it was.
    """
    with open_archive(path) as archive:
        manifest = read_manifest(archive)
        if manifest.schema_revision not in known_revisions():
            raise InvalidBackup("This backup was made by a newer version of SmartCart.")
        with units.engine.begin() as connection:
            if not replace and _is_used(connection):
                raise Conflict("The shop has shoppers already; say --replace to overwrite it all.")
            _drop_everything(connection)
            command.upgrade(alembic_config(connection), manifest.schema_revision)
            try:
                _fill(connection, archive, manifest)
            except SQLAlchemyError as error:
                reason = str(error).partition("\n")[0]
                raise InvalidBackup(f"The backup does not fit together: {reason}") from None
            if upgrade:
                command.upgrade(alembic_config(connection), "head")
    return manifest


def _is_used(connection: Connection) -> bool:
    if not inspect(connection).has_table("shoppers"):
        return False
    return bool(connection.scalar(select(func.count()).select_from(named_table("shoppers"))))


def _drop_everything(connection: Connection) -> None:
    standing = MetaData()
    standing.reflect(connection)
    standing.drop_all(connection)


def _fill(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    there = inspect(connection)
    for model in Row.metadata.sorted_tables:
        if model.name not in manifest.tables or not there.has_table(model.name):
            continue
        table = _as_it_stands(model, {column["name"] for column in there.get_columns(model.name)})
        rows = read_rows(archive, table, manifest.tables[model.name])
        _insert(connection, table, rows, parents=_own_parents(model) & set(table.columns.keys()))
        _count_on(connection, model)


def _as_it_stands(model: Table, columns: set[str]) -> Table:
    """The table with the columns the schema of the backup has, with today's types."""
    kept = [
        Column(column.name, column.type, primary_key=column.primary_key)
        for column in model.columns
        if column.name in columns
    ]
    return Table(model.name, MetaData(), *kept)


def _own_parents(table: Table) -> set[str]:
    """Columns that point at other rows of the same table."""
    return {
        column.name
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table is table
    }


def _insert(
    connection: Connection, table: Table, rows: Iterable[dict[str, Any]], *, parents: set[str]
) -> None:
    known = set(table.columns.keys())
    waiting: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for batch in _batches(rows):
        for row in batch:
            for name in set(row) - known:
                del row[name]
            # A row may point at one of its own table that comes later.
            later = {name: row[name] for name in parents if row.get(name) is not None}
            if later:
                waiting.append(({key.name: row[key.name] for key in table.primary_key}, later))
                row.update(dict.fromkeys(later))
        connection.execute(table.insert(), batch)
    for key, later in waiting:
        matches = [table.c[name] == value for name, value in key.items()]
        connection.execute(update(table).where(*matches).values(later))


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    stream = iter(rows)
    while batch := list(islice(stream, _BATCH)):
        yield batch


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows from a sequence that inserted numbers do not advance."""
    numbered = table.autoincrement_column
    if connection.dialect.name != "postgresql" or numbered is None:
        return
    largest = connection.scalar(select(func.max(numbered)))
    if largest is not None:
        sequence = func.pg_get_serial_sequence(table.name, numbered.name)
        connection.execute(select(func.setval(sequence, largest)))
