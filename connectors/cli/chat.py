"""`smartcart chat`: the same assistant as on the page, in the terminal."""

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from assistant.messages import Answer, ConfirmationAnswer, InboundMessage
from connectors.cli.catalog import progress_bar
from connectors.cli.console import errors, output, print_json, settings_of
from connectors.cli.describe import model_in_words
from connectors.cli.rendering import print_answer
from connectors.examples import examples_for
from connectors.settings import Settings
from connectors.wiring import Application, open_application
from knowledge.errors import SmartCartError, Unauthenticated
from knowledge.ids import new_id
from knowledge.shoppers.shoppers import Shopper

CHANNEL = "cli"
LEAVE = {"exit", "quit", "bye", ":q"}


def register(app: typer.Typer) -> None:
    app.command()(chat)


def chat(
    context: typer.Context,
    catalog: Annotated[
        Path | None,
        typer.Option(help="Shop in this product file, in a shop of its own beside the others."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="offline, openai:NAME, google:NAME, or a chain of them.")
    ] = None,
    *,
    go_on: Annotated[
        bool, typer.Option("--continue", help="Go on with the cart and talk of the last time.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each answer as one line of JSON.")
    ] = False,
) -> None:
    """Shop by talking. Reads one message a line when the input is not a terminal."""
    settings = settings_of(context, catalog=catalog, model=model)
    if catalog is not None:
        settings = own_shop(settings, catalog)
    asyncio.run(_chat(settings, go_on=go_on, as_json=as_json))


def own_shop(settings: Settings, catalog: Path) -> Settings:
    """A data folder for one product file, so that trying it never empties a running shop."""
    name = hashlib.sha256(str(catalog.resolve()).encode()).hexdigest()[:8]
    folder = settings.data_dir / "shops" / f"{catalog.stem[:40]}-{name}"
    return settings.model_copy(
        update={"catalog": catalog, "data_dir": folder, "database_url": None, "chroma_url": None}
    )


async def _chat(settings: Settings, *, go_on: bool, as_json: bool) -> None:
    with progress_bar("Importing the catalog") as tell:
        opening = open_application(settings, progress=tell)
        application = await opening.__aenter__()
    try:
        await _talk(application, go_on=go_on, as_json=as_json)
    finally:
        await opening.__aexit__(None, None, None)


async def _talk(application: Application, *, go_on: bool, as_json: bool) -> None:
    interactive = sys.stdin.isatty() and not as_json
    shopper, conversation_id = await asyncio.to_thread(_enter, application, go_on=go_on)
    if interactive:
        await asyncio.to_thread(_greet, application)
    last: Answer | None = None
    async for text in _lines(interactive=interactive):
        if not interactive and not as_json:
            output.print(f"[bold]> {escape(text)}[/]")
        message = InboundMessage(
            channel=CHANNEL,
            peer=shopper.id,
            message_id=new_id("m"),
            text=text,
            conversation_id=conversation_id,
            confirmation=_button(text, last),
        )
        try:
            with errors.status("...", spinner="dots"):
                last = await application.assistant.answer(message, shopper.id)
        except SmartCartError as error:
            errors.print(f"[red]{escape(str(error))}[/]")
            continue
        conversation_id = last.conversation_id
        if as_json:
            print_json(last.model_dump(mode="json"))
        else:
            print_answer(last)


def _button(text: str, last: Answer | None) -> ConfirmationAnswer | None:
    """A bare y or n under a question is the button of a terminal."""
    if last is None or last.confirmation is None:
        return None
    if text.lower() in {"y", "n"}:
        return ConfirmationAnswer(last.confirmation.id, "yes" if text.lower() == "y" else "no")
    return None


async def _lines(*, interactive: bool) -> AsyncIterator[str]:
    """What the shopper types, until the end of input or a word to leave."""
    while True:
        try:
            if interactive:
                line = await asyncio.to_thread(output.input, "\n[bold green]you[/] > ")
            else:
                line = await asyncio.to_thread(sys.stdin.readline)
                if not line:
                    return
        except EOFError:
            return
        text = line.strip()
        if text.lower() in LEAVE:
            return
        if text:
            yield text


def _greet(application: Application) -> None:
    settings = application.settings
    count = application.product_count()
    model = model_in_words(settings)
    output.print(f"\n[bold green]{settings.shop_name}[/] [dim]{count} products, {model}[/]")
    output.print("Say what you need; [dim]for example[/]")
    for example in examples_for(application.shop):
        output.print(f"  [dim]-[/] {example}")


def _enter(application: Application, *, go_on: bool) -> tuple[Shopper, str | None]:
    """A new shopper, or the last one; the session is kept in the data folder."""
    kept = application.settings.data_dir.expanduser() / "chat-session"
    with application.shop.write() as work:
        if go_on and kept.exists():
            try:
                shopper = work.shoppers.authenticate(kept.read_text("utf-8").strip())
            except Unauthenticated:
                pass
            else:
                latest = work.conversations.latest(shopper.id, CHANNEL)
                return shopper, latest.id if latest else None
        shopper = work.shoppers.create_anonymous(CHANNEL)
        token, _ = work.shoppers.issue_token(shopper.id, CHANNEL)
    kept.touch(mode=0o600)
    kept.write_text(token, "utf-8")
    return shopper, None
