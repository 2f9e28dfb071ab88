"""`smartcart admin usage`: what models were used for and what it cost."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, get_args

import typer
from rich.markup import escape
from rich.table import Table

from connectors.cli.admin.desk import AsJson, Desk, open_desk
from connectors.cli.console import output, print_json
from connectors.cli.tables import table
from knowledge.clock import SystemClock
from knowledge.errors import InvalidInput
from knowledge.usage.days import day_start, today
from knowledge.usage.models import Grouping, Totals

GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
_THOUSAND = 1_000
_MICROS = 1_000_000
_HEADINGS = {"day": "Day", "model": "Model", "purpose": "Purpose", "channel": "Channel"}


def register(admin: typer.Typer) -> None:
    admin.command()(usage)


def usage(
    context: typer.Context,
    *,
    days: Annotated[int, typer.Option(min=1, max=400, help="Days to look back, with today.")] = 30,
    by: Annotated[str, typer.Option(help=f"One of: {', '.join(GROUPINGS)}.")] = "model",
    shopper: Annotated[
        bool, typer.Option("--shopper", help="Whose turns cost most, by their ids alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Sum up calls of models: tokens, cost in US dollars by the price list, how long they took.

    A cost with a + leaves out calls whose price is not known. The offline model is not counted.
    """
    if by not in GROUPINGS:
        raise InvalidInput(f"{by!r} is none of {', '.join(GROUPINGS)}.")
    with open_desk(context) as desk:
        found, whole = _read(desk, days, by, shopper=shopper)
    if as_json:
        everything = None if whole is None else _summary(whole)
        print_json({"items": [_summary(one) for one in found], "total": everything})
    elif whole is None:
        output.print(f"No model was called in the last {days} days.")
    else:
        output.print(_drawn("Shopper" if shopper else _HEADINGS[by], found, whole))


def _read(
    desk: Desk, days: int, by: Grouping, *, shopper: bool
) -> tuple[list[Totals], Totals | None]:
    profile = desk.settings.profile
    now = SystemClock().now()
    since = day_start(today(now, profile) - timedelta(days=days - 1), profile)
    until = now + timedelta(seconds=1)
    with desk.read() as work:
        calls = work.model_calls
        found = calls.top_shoppers(since, until) if shopper else calls.totals(since, until, by)
        return found, calls.total(since, until)


def _drawn(heading: str, found: list[Totals], whole: Totals) -> Table:
    drawn = table(heading, "Turns", "Calls", "Input", "Output", "Cost", "First", "Took")
    drawn.caption = (
        "Calls: (failed). Input: tokens, cached. First word and whole answer on average."
    )
    drawn.columns[0].no_wrap = True
    for column in drawn.columns[1:]:
        column.justify = "right"
        column.no_wrap = True
    for one in found:
        drawn.add_row(escape(one.name), *_cells(one))
    drawn.add_section()
    drawn.add_row("in all", *_cells(whole), style="bold")
    return drawn


def _cells(one: Totals) -> list[str]:
    cached = f" {one.cached_tokens / one.input_tokens:.0%}" if one.cached_tokens else ""
    first = "-" if one.first_token_ms is None else f"{one.first_token_ms / 1000:.1f} s"
    return [
        f"{one.turns:,}",
        f"{one.calls:,}{f' ({one.failed:,})' if one.failed else ''}",
        _short(one.input_tokens) + cached,
        _short(one.output_tokens),
        cost_in_words(one),
        first,
        f"{one.latency_ms / 1000:.1f} s",
    ]


def _short(tokens: int) -> str:
    if tokens < _THOUSAND:
        return str(tokens)
    if tokens < _MICROS:
        return f"{tokens / _THOUSAND:.1f}k"
    return f"{tokens / _MICROS:,.1f}M"


def cost_in_words(one: Totals) -> str:
    """Dollars to a hundredth of a cent; what is not known is said to be so, never 0."""
    if one.unpriced == one.calls:
        return "unknown"
    return f"${one.cost_micros / _MICROS:,.4f}{'+' if one.unpriced else ''}"


def _summary(one: Totals) -> dict[str, Any]:
    """With the cost as a decimal string, as money is everywhere; None where nothing is known."""
    known = one.unpriced < one.calls
    micros = asdict(one)
    del micros["cost_micros"]
    return {**micros, "cost_usd": f"{one.cost_micros / _MICROS:.6f}" if known else None}
