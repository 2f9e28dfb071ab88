"""`smartcart backup` and `restore`: everything of the shop in one file, and back."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from redis import Redis
from redis.exceptions import RedisError

from connectors.cli.console import output, settings_of
from connectors.embedded.server_folder import ServerFolder
from connectors.opening import open_units, prepare_data_dir
from connectors.settings import Settings
from knowledge.backup.archive import Manifest
from knowledge.backup.backing_up import back_up
from knowledge.backup.restoring import restore as restore_into
from knowledge.clock import SystemClock
from knowledge.errors import Conflict, InvalidInput, Unavailable
from knowledge.search.background import FOLDER_NAME, LOCK_NAME
from knowledge.search.owner_lock import OwnerLock

_KEYS = "smartcart:*"


def register(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)


def backup(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="Where to; unset: a new file in the data folder.")
    ] = None,
) -> None:
    """Write everything the shop keeps in its database to one file, while it goes on selling.

    The file holds personal data and is readable by you alone; keep it so. Keys and other
    settings are not in it.
    """
    settings = settings_of(context)
    clock = SystemClock()
    if file is None:
        folder = prepare_data_dir(settings) / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / f"shop-{clock.now():%Y%m%dT%H%M%SZ}.zip"
    with open_units(settings) as units:
        manifest = back_up(file, units, settings.profile, clock)
    output.print(f"{file}: {_contents(manifest)}.", soft_wrap=True)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that `smartcart backup` wrote.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite a shop that has shoppers already.")
    ] = False,
) -> None:
    """Make the shop what it was when the backup was taken: all of it, or nothing when it fails.

    Backups go from SQLite to PostgreSQL and back, and from older versions to this one. Stop every
    process of the shop first.
    """
    settings = settings_of(context)
    if not file.is_file():
        raise InvalidInput(f"There is no file {file}.")
    with _nobody_else(settings), open_units(settings) as units:
        manifest = restore_into(file, units, replace=replace)
    output.print(f"Restored {manifest.shop} of {manifest.created_at:%Y-%m-%d %H:%M} UTC: ", end="")
    output.print(f"{_contents(manifest)}.")
    if settings.chroma_url:
        output.print("Run `smartcart index` to fill the Chroma server from it.")


def _contents(manifest: Manifest) -> str:
    counts = [(name, manifest.tables.get(name, 0)) for name in ("products", "shoppers", "orders")]
    return ", ".join(f"{count} {name}" for name, count in counts)


@contextmanager
def _nobody_else(settings: Settings) -> Iterator[None]:
    """Hold what a running shop would hold, and drop what Redis and Chroma know of the old one.

    Raises ``Conflict`` while a shop runs on the data folder.
    """
    data_dir = prepare_data_dir(settings)
    private = ServerFolder(data_dir)
    private.prepare()
    redis_lock = private.try_lock()
    chroma_lock = OwnerLock.take(data_dir / LOCK_NAME)
    try:
        if redis_lock is None or chroma_lock is None:
            raise Conflict("The shop is running. Stop it before restoring a backup.")
        yield
        private.set_aside()
        _forget(settings.redis_url)
        if not settings.chroma_url:
            shutil.rmtree(data_dir / FOLDER_NAME, ignore_errors=True)
    finally:
        if chroma_lock is not None:
            chroma_lock.release()
        if redis_lock is not None:
            os.close(redis_lock)


def _forget(redis_url: str | None) -> None:
    """Windows of conversations and streams of runs are rebuilt from the database."""
    if redis_url is None:
        return
    client = Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5)
    try:
        for key in client.scan_iter(match=_KEYS, count=1000):
            client.delete(key)
    except RedisError as error:
        message = f"The backup is restored, but Redis still knows the old shop: {error}. Flush it."
        raise Unavailable(message) from None
    finally:
        client.close()
