"""The backup file: a zip with one JSON-lines file per table and a manifest that counts them."""

import base64
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import LargeBinary, Table

from knowledge.db.types import Amount, UtcDateTime
from knowledge.errors import InvalidInput

FORMAT = 1
MANIFEST = "manifest.json"
_LONGEST_MANIFEST = 1_000_000


class InvalidBackup(InvalidInput):
    """The file is no backup, is damaged, or was made by a newer version."""


class Manifest(BaseModel):
    """What a backup holds. ``schema_revision`` is that of the database it was taken of."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    format: int
    schema_revision: str
    created_at: datetime
    shop: str
    currency: str
    tables: dict[str, int]


def open_archive(path: Path) -> zipfile.ZipFile:
    """Raises ``InvalidBackup`` for what is no zip file."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise InvalidBackup(f"{path.name} is not a backup of a shop: {error}.") from None


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > _LONGEST_MANIFEST:
            raise InvalidBackup("The backup's manifest is too long to be one.")
        manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    except (KeyError, ValidationError, zipfile.BadZipFile):
        raise InvalidBackup(
            "This file is not a backup of a shop: its manifest is missing."
        ) from None
    if manifest.format > FORMAT:
        raise InvalidBackup("This backup was made by a newer version of SmartCart.")
    return manifest


def write_rows(archive: zipfile.ZipFile, table: Table, rows: Iterable[Any]) -> int:
    """Stream rows of a table into the archive; returns how many there were."""
    count = 0
    names = [str(name) for name in table.columns.keys()]  # noqa: SIM118 - columns, not a mapping
    with archive.open(_entry(table.name), "w", force_zip64=True) as file:
        for row in rows:
            file.write(orjson.dumps(dict(zip(names, row, strict=True)), default=_plain) + b"\n")
            count += 1
    return count


def read_rows(archive: zipfile.ZipFile, table: Table, expected: int) -> Iterator[dict[str, Any]]:
    """The rows of a table as values its columns take. Raises ``InvalidBackup`` when damaged."""
    readers = {column.name: _reader(column.type) for column in table.columns}
    count = 0
    try:
        with archive.open(_entry(table.name)) as file:
            for line in file:
                count += 1
                yield _values(orjson.loads(line), readers)
    except (KeyError, ValueError, TypeError, ArithmeticError, zipfile.BadZipFile) as error:
        message = f"The backup is damaged in row {count} of {table.name}: {error}."
        raise InvalidBackup(message) from None
    if count != expected:
        raise InvalidBackup(f"The backup has {count} rows of {table.name}, not {expected}.")


def _entry(table: str) -> str:
    return f"tables/{table}.jsonl"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError


def _values(row: Mapping[str, Any], readers: Mapping[str, Any]) -> dict[str, Any]:
    values = {}
    for name, value in row.items():
        read = readers.get(name)
        values[name] = value if read is None or value is None else read(value)
    return values


def _reader(kind: object) -> Any:  # noqa: ANN401 - a function of one value, or None
    if isinstance(kind, Amount):
        return Decimal
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat
    if isinstance(kind, LargeBinary):
        return base64.b64decode
    return None
