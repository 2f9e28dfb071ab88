"""`smartcart eval-compare`: what changed between two saved runs, and whether it is chance."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from connectors.cli.console import output, print_json
from connectors.evaluation.comparing import Comparison, compare
from connectors.evaluation.records import RunRecord
from connectors.evaluation.scores import Scores, cost_words


def compare_runs(
    first: Annotated[Path, typer.Argument(help="Run that was kept with eval --save.")],
    second: Annotated[Path, typer.Argument(help="Another one, of the same cases.")],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for a program to read.")
    ] = False,
) -> None:
    """Compare two runs of the same cases: models, prompts, or before and after a change."""
    runs = [RunRecord.load(file) for file in (first, second)]
    comparison = compare(*runs)
    if as_json:
        print_json(comparison.as_json())
        return
    table = Table("", *[Column(escape(_title(run)), justify="right") for run in runs])
    for name, figure in _ROWS.items():
        table.add_row(name, figure(comparison.first), figure(comparison.second))
    output.print(table)
    _print_cases(comparison)
    output.print(escape(comparison.verdict))


_ROWS: dict[str, Callable[[Scores], str]] = {
    "cases passed": lambda one: f"{one.passed} of {one.cases}",
    "turns passed": lambda one: f"{one.turns_passed} of {one.turns}",
    "pass^k": lambda one: ", ".join(f"{k}: {value:.1%}" for k, value in one.all_pass.items()),
    "tokens": lambda one: str(one.tokens),
    "cost": lambda one: cost_words(one.cost, one.unpriced),
    "p50 of a turn": lambda one: _seconds(one.p50_seconds),
    "p95 of a turn": lambda one: _seconds(one.p95_seconds),
}


def _print_cases(comparison: Comparison) -> None:
    _listed("[green]fail to pass[/]", comparison.mended)
    _listed("[red]pass to fail[/]", comparison.broken)
    _listed("only in the first", comparison.only_first)
    _listed("only in the second", comparison.only_second)


def _listed(what: str, names: Sequence[str]) -> None:
    if names:
        output.print(f"{what}: {escape(', '.join(names))}")


def _title(run: RunRecord) -> str:
    return f"{run.model}, {run.variant}" if run.variant else run.model


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.2f} s"
