"""`smartcart explain`: how the offline model reads a sentence, step by step."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from assistant.offline.language import load_language
from assistant.offline.memory import Memory
from assistant.offline.pieces import Piece
from assistant.offline.understand import Reading, Understanding
from connectors.cli.console import output, print_json, settings_of
from connectors.opening import open_shop


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What a shopper might say.")],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for a program to read.")
    ] = False,
) -> None:
    """Show how the offline model understands a sentence: words, pieces, clauses, acts.

    The sentence is read as the first one of a conversation, with the words of this catalog.
    """
    settings = settings_of(context)
    with open_shop(settings) as opened:
        vocabulary = opened.shop.search.vocabulary
        understanding = Understanding(load_language(), vocabulary, settings.currency)
        reading = understanding.read(text, Memory())
    if as_json:
        print_json(json.loads(json.dumps(asdict(reading), default=str)))
    else:
        _print(text, reading)


def _print(text: str, reading: Reading) -> None:
    table = Table("Step", "Found", title=escape(text), title_justify="left", show_lines=True)
    table.add_row("words", escape(" ".join(reading.words)))
    table.add_row("pieces", escape(" | ".join(_piece(piece) for piece in reading.pieces)))
    table.add_row("clauses", escape("\n".join(clause.full for clause in reading.clauses)))
    table.add_row("acts", escape("\n".join(_said(asdict(act)) for act in reading.acts)))
    if reading.notes:
        table.add_row("notes", escape("\n".join(reading.notes)))
    output.print(table)


def _piece(piece: Piece) -> str:
    words = " ".join(piece.words)
    return words if piece.tag is None else f"{words} ({piece.tag})"


def _said(value: Any) -> str:  # noqa: ANN401 - any part of an act
    """Write a part of an act without what it leaves open."""
    if isinstance(value, dict):
        parts = ((name, _said(inner)) for name, inner in value.items())
        return ", ".join(f"{name}={said}" for name, said in parts if said)
    if isinstance(value, list | tuple | set | frozenset):
        parts_said = [_said(inner) for inner in value]
        return f"[{'; '.join(parts_said)}]" if any(parts_said) else ""
    return "" if value in (None, False) else str(value)
