"""`smartcart serve`: the web page, the API and the sweeper in one process."""

import asyncio
import contextlib
import logging
import signal
import socket
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.table import Table

from connectors.cli.catalog import progress_bar
from connectors.cli.console import output, settings_of
from connectors.cli.describe import database_in_words, model_in_words
from connectors.heap import settle_heap
from connectors.http.app import create_app
from connectors.settings import Settings
from connectors.wiring import Application, open_application
from knowledge.errors import Unavailable

GRACE_SECONDS = 10


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for any free one.")] = None,
    catalog: Annotated[
        Path | None, typer.Option(help="Product file to serve instead of the sample.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="offline, openai:NAME, google:NAME, or a chain of them.")
    ] = None,
) -> None:
    """Open the shop: the page at /, the API at /api/v1, its reference at /docs."""
    settings = settings_of(context, host=host, port=port, catalog=catalog, model=model)
    listening = _listen(settings)
    with contextlib.closing(listening), asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(_serve(settings, listening))


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop  # noqa: PLC0415 - not on every system
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _listen(settings: Settings) -> socket.socket:
    """Take the port first: nothing need be opened when somebody else has it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        # Others are refused from here on, also while the shop still opens.
        listening.listen(2048)
    except OSError as error:
        listening.close()
        message = (
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Choose another with --port or SMARTCART_PORT."
        )
        raise Unavailable(message) from None
    return listening


async def _serve(settings: Settings, listening: socket.socket) -> None:
    logging.getLogger().setLevel(settings.log_level)
    with progress_bar("Importing the catalog") as tell:
        opening = open_application(settings, progress=tell)
        application = await opening.__aenter__()
    try:
        app = create_app(settings, lambda: contextlib.nullcontext(application))
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="httptools",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        # uvicorn raises what it caught once more when it is done: that must not end us before
        # everything is closed.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        settle_heap()
        _introduce(application, listening)
        await server.serve(sockets=[listening])
    finally:
        await opening.__aexit__(None, None, None)
    output.print("The shop is closed.")


def _introduce(application: Application, listening: socket.socket) -> None:
    settings = application.settings
    host, port = listening.getsockname()[:2]
    address = settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    output.print(f"\n[bold green]{settings.shop_name}[/] is open at [bold]{address}[/]\n")
    rows = Table.grid(padding=(0, 2))
    if (report := application.opened.report) is not None:
        rows.add_row("[dim]imported[/]", f"{report.source}: {report.rows - report.rejected} rows")
    rows.add_row("[dim]model[/]", model_in_words(settings))
    rows.add_row("[dim]database[/]", database_in_words(settings))
    rows.add_row("[dim]redis[/]", application.redis)
    rows.add_row("[dim]search[/]", application.opened.search)
    rows.add_row("[dim]products[/]", str(application.product_count()))
    output.print(rows)
    output.print("\n[dim]API reference at /docs. Stop with Ctrl-C.[/]")
