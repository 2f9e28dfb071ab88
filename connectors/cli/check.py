"""`smartcart check`: what is configured, what is missing, what each choice means."""

import os
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr
from redis import Redis
from redis.exceptions import RedisError
from rich.table import Table
from rich.text import Text

from connectors.cli.console import errors, output, print_json, settings_of
from connectors.cli.describe import database_in_words, model_in_words
from connectors.embedded.candidates import find_candidates
from connectors.mail.mail_server import MailServer
from connectors.mail.order_mails import FOLDER_NAME
from connectors.settings import Settings, unknown_names
from connectors.wiring import Check
from knowledge.db.engine import open_engine
from knowledge.db.migrate import current_revision, head_revision

if TYPE_CHECKING:
    from connectors.cli.live_checks import LiveCheck

_LOGIN = re.compile(r"(://)[^/@\s,]*@")


def register(app: typer.Typer) -> None:
    app.command()(check)


def check(
    context: typer.Context,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for a program to read.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Also ask every vendor that is set, once and cheaply.")
    ] = False,
) -> None:
    """Say what is configured, what is missing, and what each choice means. Changes nothing."""
    settings = settings_of(context)
    checks = [
        _python(),
        _data_dir(settings),
        _database(settings),
        _redis(settings),
        _model(settings),
        _mail(settings),
        _webhook(settings),
        *_slips(),
    ]
    calls = _live(settings) if live else []
    checks += [one.as_check() for one in calls]
    fine = all(one.ok or not one.needed for one in checks)
    if as_json:
        told = {"ok": fine, "checks": _as_json(checks), "settings": _settings(settings)}
        print_json(told | ({"live": [asdict(one) for one in calls]} if live else {}))
    else:
        _print(checks, settings)
    if not fine:
        raise typer.Exit(1)


def _print(checks: list[Check], settings: Settings) -> None:
    table = Table("", "Part", "State", title="Parts", title_justify="left")
    for one in checks:
        mark = "[green]ok[/]" if one.ok else "[red]no[/]" if one.needed else "[yellow]note[/]"
        table.add_row(mark, one.name, Text(one.detail))
    output.print(table)
    table = Table("Setting", "Value", "Meaning", title="Settings", title_justify="left")
    for row in _settings(settings):
        value = Text(row["value"], style="" if row["set"] else "dim")
        table.add_row(row["name"], value, Text(row["meaning"]))
    output.print(table)
    output.print("[dim]Dim values are defaults. Set them in the environment or in .env.[/]")


def _settings(settings: Settings) -> list[dict[str, Any]]:
    rows = []
    for field, names in Settings.names().items():
        value = getattr(settings, field)
        if isinstance(value, SecretStr):
            value = "set, not shown"
        rows.append(
            {
                "name": names[0],
                "value": "" if value in (None, []) else _LOGIN.sub(r"\1***@", str(value)),
                "set": field in settings.model_fields_set,
                "meaning": Settings.model_fields[field].description,
            }
        )
    return rows


def _as_json(checks: list[Check]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "ok": one.ok, "needed": one.needed, "detail": one.detail}
        for one in checks
    ]


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", ok=sys.version_info >= (3, 11), detail=version)


def _mail(settings: Settings) -> Check:
    if settings.mail_url is None:
        folder = settings.data_dir / FOLDER_NAME
        return Check("mail", ok=False, detail=f"no server; mails are in {folder}", needed=False)
    server = MailServer.parse(settings.mail_url.get_secret_value())
    detail = f"{server.host}:{server.port} from {settings.mail_sender}"
    return Check("mail", ok=True, detail=detail, needed=False)


def _webhook(settings: Settings) -> Check:
    url = settings.order_webhook_url
    told = "nobody is told of orders"
    if url is not None:
        told = f"orders are told to {urlsplit(url.get_secret_value()).hostname}"
    return Check("order webhook", ok=url is not None, detail=told, needed=False)


def _data_dir(settings: Settings) -> Check:
    folder = settings.data_dir.expanduser()
    existing = next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path())
    fine = existing.is_dir() and os.access(existing, os.W_OK)
    state = "there" if folder.exists() else "is made at the first start"
    return Check("data folder", ok=fine, detail=f"{folder}, {state if fine else 'not writable'}")


def _database(settings: Settings) -> Check:
    words = database_in_words(settings)
    if settings.database_url is None and not (settings.data_dir / "smartcart.db").exists():
        return Check("database", ok=True, detail=f"{words}, is made at the first start")
    engine = open_engine(settings.database_address)
    try:
        revision = current_revision(engine)
    except Exception as error:  # noqa: BLE001 - whatever a driver raises
        return Check("database", ok=False, detail=f"{words}: {str(error).partition(chr(10))[0]}")
    finally:
        engine.dispose()
    if revision == head_revision():
        return Check("database", ok=True, detail=f"{words}, schema {revision}")
    return Check("database", ok=True, detail=f"{words}, is migrated at the next start")


def _redis(settings: Settings) -> Check:
    if settings.redis_url is None:
        kind = find_candidates()[0].kind
        slow = " (slow, and forgets: install redis-server)" if kind == "fakeredis" else ""
        return Check("redis", ok=kind != "fakeredis", detail=f"private {kind}{slow}", needed=False)
    try:
        with Redis.from_url(settings.redis_url, socket_connect_timeout=2) as client:
            client.ping()
    except (RedisError, OSError) as error:
        return Check("redis", ok=False, detail=f"REDIS_URL: {error}", needed=False)
    return Check("redis", ok=True, detail="REDIS_URL answers")


def _model(settings: Settings) -> Check:
    return Check("model", ok=True, detail=model_in_words(settings))


def _live(settings: Settings) -> "list[LiveCheck]":
    from connectors.cli.live_checks import check_live  # noqa: PLC0415 - brings vendors' clients

    with errors.status("Asking the vendors that are set"):
        return check_live(settings)


def _slips() -> list[Check]:
    return [
        Check(name, ok=False, detail="no such setting; nobody reads it", needed=False)
        for name in unknown_names()
    ]
