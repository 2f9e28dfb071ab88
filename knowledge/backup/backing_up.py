"""Takes a backup of a running shop: every table as of one moment, into one file."""

import os
import zipfile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Table, select

import knowledge.db.rows  # noqa: F401 - registers every table
from knowledge.backup.archive import FORMAT, MANIFEST, Manifest, write_rows
from knowledge.db.base import Row
from knowledge.db.migrate import current_revision
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import Conflict, InvalidInput
from knowledge.ports import Clock
from knowledge.profile import ShopProfile

_BATCH = 1000


def back_up(path: Path, units: UnitsOfWork, profile: ShopProfile, clock: Clock) -> Manifest:
    """Write the backup, readable by its owner alone; a file that is there already stays.

    The shop goes on meanwhile: the rows are those of one snapshot. Raises ``Conflict`` when the
    file exists and ``InvalidInput`` when it cannot be written.
    """
    revision = current_revision(units.engine)
    if path.exists():
        raise Conflict(f"{path} exists already; a backup never overwrites another.")
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise InvalidInput(f"Cannot write {path}: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            with (
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
                units.read() as session,
            ):
                manifest = Manifest(
                    format=FORMAT,
                    schema_revision=revision or "",
                    created_at=clock.now(),
                    shop=profile.name,
                    currency=profile.currency,
                    tables=_write_tables(archive, session.connection()),
                )
                archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _write_tables(archive: zipfile.ZipFile, connection: Connection) -> dict[str, int]:
    counts = {}
    for table in Row.metadata.sorted_tables:
        rows = connection.execution_options(yield_per=_BATCH).execute(_in_order(table))
        counts[table.name] = write_rows(archive, table, rows)
    return counts


def _in_order(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key.columns)
