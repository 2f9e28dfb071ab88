"""`smartcart index` and `search`: the catalog from the command line."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from assistant.insight import Insight
from connectors.cli.console import errors, output, print_json, settings_of
from connectors.model_prices import load_prices
from connectors.opening import close_embedders, open_shop, open_units, prepare_data_dir
from connectors.settings import Settings
from knowledge.catalog.import_report import ImportProgress
from knowledge.catalog.importing import Progress as ProgressCallback
from knowledge.catalog.models import DIETS
from knowledge.clock import SystemClock
from knowledge.errors import InvalidInput, Unavailable
from knowledge.search.background import FOLDER_NAME, LOCK_NAME
from knowledge.search.chroma_index import ChromaIndex
from knowledge.search.filters import ProductFilter
from knowledge.search.indexer import Indexer
from knowledge.search.owner_lock import OwnerLock
from knowledge.search.requests import SORTS, Hit, SearchRequest
from knowledge.usage.noting import CallNotes
from tools.blocks import ProductCard
from tools.product_views import card

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


_NAMED = 5


def register(app: typer.Typer) -> None:
    app.command()(index)
    app.command()(search)


@contextmanager
def progress_bar(what: str) -> Iterator[ProgressCallback]:
    """A bar on standard error while rows are read; nothing when that is not a terminal."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]} rows"),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    with bar:
        task = bar.add_task(what, total=None, rows=0)

        def tell(state: ImportProgress) -> None:
            bar.update(
                task, completed=state.bytes_read, total=state.bytes_total or None, rows=state.rows
            )

        yield tell


def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What to look for.")],
    *,
    category: Annotated[str | None, typer.Option(help="Only in this category.")] = None,
    brand: Annotated[list[str] | None, typer.Option(help="Only these brands.")] = None,
    min_price: Annotated[str | None, typer.Option(help="At least this much.")] = None,
    max_price: Annotated[str | None, typer.Option(help="At most this much.")] = None,
    diet: Annotated[list[str] | None, typer.Option(help=f"One of: {', '.join(DIETS)}.")] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Words or allergens it must not have.")
    ] = None,
    sort: Annotated[str, typer.Option(help=f"One of: {', '.join(SORTS)}.")] = "relevance",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 10,
    in_stock: Annotated[bool, typer.Option("--in-stock", help="Only what is in stock.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show how each was scored.")] = False,
    as_json: AsJson = False,
) -> None:
    """Search the catalog the way the assistant does."""
    settings = settings_of(context)
    limits = ProductFilter(
        category=category,
        brands=tuple(brand or ()),
        min_price=_price(min_price),
        max_price=_price(max_price),
        diets=tuple(diet or ()),
        exclude=tuple(exclude or ()),
        in_stock_only=in_stock,
    )
    wanted = SearchRequest(query=text, filter=limits, sort=sort, limit=limit)  # type: ignore[arg-type]  # it checks
    with open_shop(settings) as opened:
        found = opened.shop.search.find(wanted)
        with opened.shop.read() as work:
            products = work.catalog.get_many([hit.product_id for hit in found.hits])
        cards = {one.id: card(one) for one in products.values()}
    if as_json:
        items = [
            cards[hit.product_id].model_dump(mode="json", exclude_none=True)
            | {"score": round(hit.score, 6)}
            | ({"explain": dict(hit.explain)} if explain else {})
            for hit in found.hits
            if hit.product_id in cards
        ]
        print_json({"items": items, "total": found.total, "loosen": found.loosen})
        return
    if found.mended:
        mended = ", ".join(f"{typed} -> {meant}" for typed, meant in found.mended.items())
        output.print(f"[dim]Read as: {mended}[/]")
    _print_hits(found.hits, cards, explain=explain)
    output.print(found.loosen or f"[dim]{len(found.hits)} of {found.total}[/]")


def _print_hits(hits: Sequence[Hit], cards: dict[str, ProductCard], *, explain: bool) -> None:
    table = Table("Id", "Product", "Price", "Size", "Rating", "Score")
    if explain:
        table.add_column("Parts")
    for hit in hits:
        one = cards.get(hit.product_id)
        if one is None:
            continue
        parts = ", ".join(f"{name} {value:.3f}" for name, value in hit.explain.items())
        table.add_row(
            one.id,
            one.title,
            one.price if one.in_stock else f"{one.price} (sold out)",
            one.size or "",
            one.rating or "",
            f"{hit.score:.3f}",
            *([parts] if explain else []),
        )
    output.print(table)


def _price(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text.strip().lstrip("$€£"))
    except ArithmeticError:
        raise InvalidInput(f"{text!r} is not a price.") from None


def index(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Make missing search vectors and fill Chroma anew from them.

    A running shop does this by itself whenever the catalog changes.
    """
    settings = settings_of(context)
    data_dir = prepare_data_dir(settings)
    lock = OwnerLock.take(data_dir / LOCK_NAME)
    with open_units(settings) as units, closing(CallNotes(units)) as notes:
        chroma = _own_chroma(settings, data_dir) if lock is not None else None
        insight = Insight(prices=load_prices(settings), notes=notes)
        embedders = settings.embedding_choice.open(insight.note)
        try:
            with _vector_bar() as progress:
                report = Indexer(units, SystemClock(), embedders, chroma).run(progress)
        except Unavailable as error:
            raise Unavailable(f"{error} What is done is kept; the next run goes on.") from error
        finally:
            close_embedders(embedders)
            if chroma is not None:
                chroma.close()
            if lock is not None:
                lock.release()
    if as_json:
        print_json(asdict(report) | {"chroma": chroma is not None})
    elif report.embedder is None:
        output.print("There are too few products to learn vectors from; words alone must do.")
    else:
        output.print(f"{report.embedder}: {report.embedded} new vectors.")
        if report.refused:
            names = ", ".join(report.refused[:_NAMED])
            output.print(f"{len(report.refused)} texts were refused, such as those of {names}.")
        output.print(
            "Chroma is filled anew."
            if chroma is not None
            else "A running shop owns Chroma and follows by itself."
        )


@contextmanager
def _vector_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while vectors are made; nothing when that is not a terminal."""
    bar = Progress(
        TextColumn("Making vectors"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed} of {task.total} products"),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    with bar:
        task = bar.add_task("")

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


def _own_chroma(settings: Settings, data_dir: Path) -> ChromaIndex:
    """Open Chroma with nothing in it; whoever asks holds the lock."""
    if settings.chroma_url:
        return ChromaIndex.server(settings.chroma_url)
    shutil.rmtree(data_dir / FOLDER_NAME, ignore_errors=True)
    return ChromaIndex.embedded(data_dir / FOLDER_NAME)
