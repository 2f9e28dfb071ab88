"""`smartcart import` and `export`: products into the shop and out of it."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from connectors.cli.catalog import AsJson, progress_bar
from connectors.cli.console import errors, output, print_json, settings_of
from connectors.opening import open_units
from knowledge.catalog.feeds.exporting import ExportFormat, ExportTerms, export
from knowledge.catalog.feeds.mapping import read_mapping
from knowledge.catalog.feeds.rows import FeedFormat
from knowledge.catalog.import_report import ImportReport
from knowledge.catalog.importing import ImportTerms, import_file
from knowledge.catalog.repository import CatalogRepository
from knowledge.catalog.row_report import row_report
from knowledge.clock import SystemClock
from knowledge.errors import InvalidInput

SHOWN_ERRORS = 20
NOTHING_TAKEN = 1


def register(app: typer.Typer) -> None:
    app.command("import")(import_products)
    app.command("export")(export_products)


def import_products(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A product file; its format is recognised.")],
    *,
    feed_format: Annotated[
        FeedFormat | None,
        typer.Option(
            "--format",
            help="Its format, if not to be recognised.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="YAML or JSON that says which column of a table means what."),
    ] = None,
    feed: Annotated[
        str | None, typer.Option(help="Import as this feed; see `smartcart feeds`.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Stop selling what the feed no longer holds.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="With --full: even if that is most of it.")
    ] = False,
    report_to: Annotated[
        Path | None, typer.Option("--report", help="Write rows left out to this .csv or .json.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add or update products from a file. Running it again changes nothing.

    Reads JSONL and CSV of our own, Google Merchant (RSS, Atom, TSV), Shopify CSV, schema.org
    JSON-LD, and any other table with a mapping: see docs/feeds.md. Rows that cannot be used are
    reported and left out; the others are taken. When the file as a whole is unreadable, nothing is
    changed. Exit codes: 0 all or some rows taken, 1 no row of the file was good, 2 not readable.
    """
    settings = settings_of(context)
    if not file.is_file():
        raise InvalidInput(f"There is no file {file}.")
    terms = ImportTerms(
        format=feed_format,
        mapping=read_mapping(mapping) if mapping is not None else None,
        feed_id=feed,
        delist="feed" if full else "nothing",
        force=force,
    )
    with ExitStack() as opened:
        units = opened.enter_context(open_units(settings))
        tell_errors = opened.enter_context(row_report(report_to)) if report_to else None
        tell = opened.enter_context(progress_bar(f"Importing {file.name}"))
        report = import_file(
            file, units, SystemClock(), settings.currency, tell, terms=terms, tell=tell_errors
        )
    if as_json:
        print_json(report_json(report))
    else:
        print_report(report)
        if report_to is not None:
            output.print(f"What was left out is in {report_to}.")
    if report.rows and report.rejected == report.rows:
        raise typer.Exit(NOTHING_TAKEN)


def report_json(report: ImportReport) -> dict[str, object]:
    return report.counts() | {
        "source": report.source,
        "format": report.format,
        "resumed_at": report.resumed_at,
        "withheld_because": report.withheld_because,
        "errors": [error.as_json() for error in report.errors],
    }


def print_report(report: ImportReport) -> None:
    kind = f" ({report.format})" if report.format else ""
    output.print(
        f"[bold]{escape(report.source)}[/]{kind}: {report.rows} rows, {report.added} added, "
        f"{report.changed} changed, {report.unchanged} unchanged, {report.rejected} rejected"
        + (f", {report.delisted} no longer sold." if report.delisted else ".")
    )
    if report.resumed_at:
        output.print(f"Went on after row {report.resumed_at}, where an earlier import stopped.")
    if report.withheld:
        output.print(
            f"[yellow]{report.withheld} products are not in it and were kept on sale, because "
            f"{report.withheld_because}. --force takes them off.[/]"
        )
    if not report.errors:
        return
    table = Table(
        "Row", "Product", "Column", "Problem", title="Rows left out", title_justify="left"
    )
    for error in report.errors[:SHOWN_ERRORS]:
        cells = (error.product_id or "", error.column or error.field, error.problem)
        table.add_row(str(error.row), *map(escape, cells))
    output.print(table)
    if len(report.errors) > SHOWN_ERRORS:
        output.print(
            f"... and {len(report.errors) - SHOWN_ERRORS} more; --report FILE keeps them all."
        )


def export_products(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; else to standard output.")] = None,
    *,
    export_format: Annotated[
        ExportFormat,
        typer.Option("--format", help="What to write."),
    ] = "jsonl",
) -> None:
    """Write all products on sale: for a backup, a spreadsheet, or Google Merchant Center.

    What other sources said of a product is left out: it is not the shop's to pass on.
    """
    settings = settings_of(context)
    terms = ExportTerms(
        format=export_format,
        shop_name=settings.shop_name,
        address=(settings.public_url or "").rstrip("/"),
    )
    with open_units(settings) as units, units.read() as session:
        catalog = CatalogRepository(session, SystemClock())
        if file is None:
            sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]
            count = export(catalog.iterate, terms, sys.stdout)
        else:
            # A name of its own until all is written: others may be reading the file.
            part = file.with_name(f"{file.name}.part")
            try:
                with part.open("w", encoding="utf-8", newline="") as out:
                    count = export(catalog.iterate, terms, out)
                part.replace(file)
            except OSError as error:
                reason = error.strerror or str(error)
                raise InvalidInput(f"{file} cannot be written: {reason}.") from error
    errors.print(f"{count} products written.")
