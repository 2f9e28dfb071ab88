"""`smartcart feeds` and `enrich`: products and facts from other places."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.markup import escape
from rich.table import Table

from connectors.cli.catalog import AsJson, progress_bar
from connectors.cli.console import output, print_json, settings_of
from connectors.cli.products import print_report, report_json
from connectors.feeds.pulls import open_puller, schedule
from connectors.opening import open_units
from connectors.settings import Settings
from knowledge.catalog.enrichment.enriching import Enricher
from knowledge.catalog.feeds.mapping import read_mapping
from knowledge.catalog.feeds.rows import FeedFormat
from knowledge.catalog.feeds.subscriptions import Feed, Feeds
from knowledge.catalog.import_report import ImportProgress
from knowledge.catalog.repository import CatalogRepository
from knowledge.clock import SystemClock
from knowledge.errors import InvalidInput, SmartCartError
from knowledge.jobs.jobs import Jobs
from knowledge.ports import ProductFacts

FAILED = 1
Name = Annotated[str, typer.Argument(help="The feed's short name.")]
feeds = typer.Typer(
    name="feeds", help="Product feeds pulled from an address now and then.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    app.add_typer(feeds)
    app.command()(enrich)


@feeds.command()
def add(
    context: typer.Context,
    name: Name,
    url: Annotated[str, typer.Argument(help="http or https address of the feed.")],
    *,
    feed_format: Annotated[
        FeedFormat | None,
        typer.Option(
            "--format",
            help="Its format, if not to be recognised.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Mapping file of a table; its content is kept.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="It holds all its products: others of it are delisted.")
    ] = False,
    every: Annotated[int, typer.Option(help="Minutes between pulls.", min=5)] = 60,
) -> None:
    """Pull a feed regularly, or change how. A running shop or `worker` does it."""
    settings, clock = settings_of(context), SystemClock()
    with open_units(settings) as units, units.write() as session:
        feed = Feeds(session, clock).add(
            name,
            url,
            feed_format=feed_format,
            mapping=read_mapping(mapping) if mapping is not None else None,
            full=full,
            every_minutes=every,
        )
        schedule(Jobs(session, clock), feed)
    output.print(f"{name} is pulled every {every} minutes; `smartcart feeds pull {name}` does now.")


@feeds.command("list")
def list_feeds(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Show all feeds and how their last pull went."""
    with open_units(settings_of(context)) as units, units.read() as session:
        found = Feeds(session, SystemClock()).all()
    if as_json:
        print_json({"items": [_as_json(feed) for feed in found]})
        return
    table = Table("Feed", "Address", "Format", "Full", "Every", "Last pull", "How it went")
    for feed in found:
        table.add_row(
            feed.id,
            escape(_shown(feed.url)),
            feed.format or "recognised",
            "yes" if feed.full else "no",
            f"{feed.every_minutes} min",
            feed.last_pulled_at.isoformat(" ", "minutes") if feed.last_pulled_at else "never",
            escape(feed.last_status or ""),
        )
    output.print(table if found else "There is no feed; `smartcart feeds add` makes one.")


@feeds.command()
def pull(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Which; else all.")] = None,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Delist what is gone, even if it is most.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Import it even if it is not new.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Pull feeds now. Exit code 1 when one of them failed."""
    settings, clock = settings_of(context), SystemClock()
    done: dict[str, object] = {}
    failed = False
    with open_units(settings) as units:
        with units.read() as session:
            known = Feeds(session, clock)
            wanted = [known.get(name)] if name else list(known.all())
        puller = open_puller(settings, units, clock)
        for feed in wanted:
            try:
                with progress_bar(f"Importing {feed.id}") as tell:
                    pulled = puller.pull(feed.id, force=force, again=again, progress=tell)
            except SmartCartError as error:
                failed = True
                done[feed.id] = {"error": str(error)}
                if not as_json:
                    output.print(f"[bold]{feed.id}[/]: [red]{escape(str(error))}[/]")
                continue
            report = pulled.report
            done[feed.id] = {"unchanged": True} if report is None else report_json(report)
            if as_json:
                continue
            if report is None:
                output.print(f"[bold]{feed.id}[/]: nothing new.")
            else:
                print_report(report)
    if as_json:
        print_json({"feeds": done})
    if failed:
        raise typer.Exit(FAILED)


@feeds.command()
def remove(
    context: typer.Context,
    name: Name,
    *,
    delist: Annotated[bool, typer.Option("--delist", help="Stop selling what it brought.")] = False,
) -> None:
    """Pull a feed no more. Its products stay on sale unless --delist is given."""
    clock = SystemClock()
    with open_units(settings_of(context)) as units, units.write() as session:
        Feeds(session, clock).remove(name)
        catalog = CatalogRepository(session, clock)
        gone = catalog.delist(catalog.of_feed(name)) if delist else 0
    output.print(f"{name} is removed; {gone} products are no longer sold.")


def enrich(
    context: typer.Context,
    *,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask for at most so many barcodes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fill unknown ingredients, allergens and nutrition from Open Food Facts, by barcode.

    Never changes what the owner has said. Answers are kept for weeks; asking goes at the speed
    Open Food Facts allows, 100 a minute.
    """
    settings = settings_of(context)
    source = _source(settings)
    with open_units(settings) as units, progress_bar("Asking for facts") as tell:
        enricher = Enricher(units, SystemClock(), source)
        report = enricher.run(limit, lambda done, total: tell(ImportProgress(done, done, total)))
    if as_json:
        print_json(asdict(report))
        return
    output.print(
        f"{report.products} products, {report.barcodes} barcodes: asked for {report.asked}, "
        f"{report.known} known, {report.filled} products filled, {report.left} left to ask for."
    )
    if report.stopped:
        output.print(f"[yellow]{escape(report.stopped)}[/]")


def _source(settings: Settings) -> ProductFacts:
    if settings.enrichment == "off":
        raise InvalidInput(
            "Enrichment is off. SMARTCART_ENRICHMENT=open_food_facts allows asking Open Food "
            "Facts; docs/feeds.md says what its licence wants."
        )
    from connectors.open_food_facts import OpenFoodFacts  # noqa: PLC0415 - only when asked for

    contact = settings.public_url or settings.mail_from or "self-hosted shop"
    return OpenFoodFacts(contact=contact, base_url=settings.open_food_facts_url)


def _shown(url: str) -> str:
    """Without a password."""
    parts = urlsplit(url)
    if parts.username is None:
        return url
    return parts._replace(netloc=f"***@{parts.netloc.rpartition('@')[2]}").geturl()


def _as_json(feed: Feed) -> dict[str, object]:
    return {
        "name": feed.id,
        "url": _shown(feed.url),
        "format": feed.format,
        "full": feed.full,
        "every_minutes": feed.every_minutes,
        "last_pulled_at": feed.last_pulled_at.isoformat() if feed.last_pulled_at else None,
        "last_status": feed.last_status,
    }
