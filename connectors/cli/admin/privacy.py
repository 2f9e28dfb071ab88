"""`smartcart admin privacy`: delete what is older than the shop keeps it."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from connectors.cli.admin.desk import AsJson, open_desk
from connectors.cli.console import output, print_json
from connectors.retention import in_words
from knowledge.clock import SystemClock
from knowledge.privacy.retention import Retention


def register(admin: typer.Typer) -> None:
    privacy = typer.Typer(name="privacy", help="What is kept of people.", no_args_is_help=True)
    privacy.command()(clear)
    admin.add_typer(privacy)


def clear(
    context: typer.Context,
    *,
    days: Annotated[
        int | None, typer.Option(min=1, help="Instead of the days set with RETENTION_DAYS.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete talks, messages, replies and unknown shoppers of which nothing was heard since.

    Orders and what belongs to them stay. It is done each night by itself.
    """
    clock = SystemClock()
    with open_desk(context) as desk:
        kept = days or desk.settings.retention_days
        if not kept:
            output.print("Everything is kept: RETENTION_DAYS is 0. Say --days to delete.")
            return
        before = clock.now() - timedelta(days=kept)
        retention = Retention(desk.units, clock)
        found = retention.count(before) if dry_run else retention.clear(before, actor="owner")
    if as_json:
        print_json({"before": before.isoformat(), "dry_run": dry_run, **asdict(found)})
        return
    output.print(f"{'Would delete' if dry_run else 'Deleted'} {in_words(found)}.")
