"""`smartcart eval`: judge a model by cases that look at what it did, not at its words."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from connectors.cli.console import errors, output, print_json, settings_of
from connectors.evaluation.cases import Case, read_cases
from connectors.evaluation.run import Scores, run_cases


def register(app: typer.Typer) -> None:
    app.command("eval")(evaluate)


def evaluate(
    context: typer.Context,
    cases: Annotated[Path, typer.Argument(help="JSONL file, one case a line.")],
    *,
    catalog: Annotated[
        Path | None, typer.Option(help="Product file to shop in; left out: the sample shop.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="offline, openai:NAME or google:NAME.")] = None,
    repeat: Annotated[
        int, typer.Option(min=1, max=100, help="Run each case so often; all must pass.")
    ] = 1,
    kind: Annotated[str | None, typer.Option(help="Only cases of this kind.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for a program to read.")
    ] = False,
) -> None:
    """Run evaluation cases in a temporary shop. Exits with 1 if any failed."""
    settings = settings_of(context, catalog=catalog, model=model)
    read = [case for case in read_cases(cases) if kind in (None, case.kind)]
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("Evaluating", total=len(read))

        def told(case: Case, passed: bool) -> None:  # noqa: FBT001 - a callback
            if not passed:
                progress.print(f"[red]failed[/] {case.id}")
            progress.advance(task)

        scores = asyncio.run(run_cases(settings, read, repeat=repeat, told=told))
    if as_json:
        print_json(scores.as_json())
    else:
        _print(scores)
    if scores.failures:
        raise typer.Exit(1)


def _print(scores: Scores) -> None:
    table = Table("Kind", "Cases", "Passed")
    for kind, counts in sorted(scores.by_kind.items()):
        table.add_row(kind, str(counts["cases"]), str(counts["passed"]))
    output.print(table)
    for failure in scores.failures:
        place = f"turn {failure.turn}" if failure.turn else "setup"
        output.print(f"[red]{failure.id}[/], {place}: {escape(failure.why)}")
    output.print(
        f"{scores.passed} of {scores.cases} cases, {scores.turns_passed} of {scores.turns} turns."
    )
