"""The `smartcart` command: one Typer app, its commands in modules of their own."""

import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.logging import RichHandler
from rich.markup import escape
from typer.core import TyperGroup

from connectors.cli import (
    admin,
    backup,
    catalog,
    chat,
    check,
    evaluate,
    explain,
    feeds,
    migrate,
    products,
    serve,
    worker,
)
from connectors.cli.console import errors
from connectors.cli.own_output import keep_output_to_ourselves
from connectors.log_redaction import redact_logs
from knowledge.errors import SmartCartError

FAILED = 2


class Commands(TyperGroup):
    """Says expected failures in one line; only bugs show where they happened."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own signature
        try:
            return super().invoke(ctx)
        except SmartCartError as error:
            errors.print(
                f"[bold red]smartcart:[/] {escape(str(error))}", highlight=False, soft_wrap=True
            )
            raise typer.Exit(FAILED) from None


app = typer.Typer(
    cls=Commands,
    name="smartcart",
    help="A conversational shopping assistant that any shop can host itself.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    serve,
    chat,
    products,
    feeds,
    catalog,
    explain,
    evaluate,
    check,
    migrate,
    worker,
    backup,
    admin,
):
    module.register(app)


@app.callback()
def options(
    context: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Folder of everything the shop keeps on this machine."),
    ] = None,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Tell more of what happens.")
    ] = False,
) -> None:
    context.obj = {"data_dir": data_dir, "log_level": "INFO" if verbose else None}
    set_up_logging(logging.INFO if verbose else logging.WARNING)


def set_up_logging(level: int) -> None:
    handler = RichHandler(console=errors, show_path=False, log_time_format="%H:%M:%S")
    logging.basicConfig(level=level, format="%(message)s", handlers=[handler], force=True)
    redact_logs()
    # They log the addresses they call, which can hold keys.
    for name in ("httpx", "httpx2", "chromadb", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def main() -> None:
    """Run the command line; the entry point of the package."""
    keep_output_to_ourselves()
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
