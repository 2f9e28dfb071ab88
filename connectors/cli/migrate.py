"""`smartcart migrate`: bring the database to the newest schema."""

import typer

from connectors.cli.console import output, settings_of
from connectors.opening import open_units
from knowledge.db.migrate import current_revision


def register(app: typer.Typer) -> None:
    app.command()(migrate)


def migrate(context: typer.Context) -> None:
    """Bring the database to the newest schema. `serve` and `chat` do it by themselves."""
    settings = settings_of(context)
    with open_units(settings) as units:
        output.print(f"The database has schema {current_revision(units.engine)}, the newest.")
