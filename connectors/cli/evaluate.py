"""`smartcart eval`: judge a model by cases that look at what it did, not at its words."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress
from rich.table import Column, Table

from connectors.cli.compare_runs import compare_runs
from connectors.cli.console import errors, output, print_json, settings_of
from connectors.evaluation.cases import Case, choose_cases, read_cases
from connectors.evaluation.records import RunRecord
from connectors.evaluation.run import run_cases
from connectors.evaluation.scores import ModelScores, Scores, cost_words, score
from connectors.evaluation.transcripts import write_transcripts
from connectors.settings import Settings
from knowledge.errors import InvalidInput
from prompts import read_folder
from prompts.checking import CONTROL


def register(app: typer.Typer) -> None:
    app.command("eval")(evaluate)
    app.command("eval-compare")(compare_runs)


def evaluate(
    context: typer.Context,
    cases: Annotated[Path, typer.Argument(help="JSONL file, one case a line.")],
    *,
    catalog: Annotated[
        Path | None, typer.Option(help="Product file to shop in; left out: the sample shop.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="offline, openai:NAME, google:NAME, or a chain of them.")
    ] = None,
    variant: Annotated[
        str | None, typer.Option(help="Variant of the prompts that everybody gets.")
    ] = None,
    repeat: Annotated[
        int, typer.Option(min=1, max=100, help="Run each case so often; all must pass.")
    ] = 1,
    parallel: Annotated[int, typer.Option(min=1, max=64, help="How many cases at once.")] = 1,
    kind: Annotated[str | None, typer.Option(help="Only cases of this kind.")] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="Only cases with this tag; may be given again.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many of them.")] = None,
    transcripts: Annotated[
        Path | None, typer.Option(help="Folder for a readable page per case.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="File to keep the run in, for eval-compare.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for a program to read.")
    ] = False,
) -> None:
    """Run evaluation cases in a temporary shop. Exits with 1 if any failed."""
    settings = settings_of(context, catalog=catalog, model=model)
    _check_variant(settings, variant)
    chosen = choose_cases(read_cases(cases), kind=kind, tags=tag or (), limit=limit)
    if not chosen:
        raise InvalidInput("No case is of that kind and has those tags.")
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("Evaluating", total=len(chosen))

        def told(case: Case, passed: bool) -> None:  # noqa: FBT001 - a callback
            if not passed:
                progress.print(f"[red]failed[/] {escape(case.id)}")
            progress.advance(task)

        run = asyncio.run(
            run_cases(
                settings, chosen, repeat=repeat, parallel=parallel, variant=variant, told=told
            )
        )
    if save is not None:
        run.save(save)
    index = write_transcripts(run, transcripts) if transcripts is not None else None
    scores = score(run)
    if as_json:
        print_json(scores.as_json())
    else:
        _print(run, scores)
        if index is not None:
            output.print(f"Transcripts: {index}")
    if scores.failures:
        raise typer.Exit(1)


def _check_variant(settings: Settings, variant: str | None) -> None:
    """One that nothing is written for would quietly be judged as ours."""
    if variant in (None, CONTROL):
        return
    known = set(read_folder()) | set(read_folder(settings.prompts) if settings.prompts else ())
    if not any(name.endswith(f".{variant}") for name in known):
        raise InvalidInput(f"There is no prompt of the variant {variant!r}.")


def _print(run: RunRecord, scores: Scores) -> None:
    table = Table("Kind", "Cases", "Passed")
    for kind, counts in sorted(scores.by_kind.items()):
        table.add_row(escape(kind), str(counts["cases"]), str(counts["passed"]))
    output.print(table)
    for failure, times in Counter(scores.failures).items():
        place = f"turn {failure.turn}" if failure.turn else "setup"
        often = f" ({times} of {run.repeat} times)" if run.repeat > 1 else ""
        output.print(f"[red]{escape(failure.id)}[/], {place}{often}: {escape(failure.why)}")
    if scores.by_reason:
        reasons = ", ".join(f"{name} {count}" for name, count in scores.by_reason.items())
        output.print(f"Failed expectations: {escape(reasons)}.")
    output.print(_models(scores.models))
    if run.repeat > 1:
        chances = ", ".join(f"{k}x {value:.1%}" for k, value in scores.all_pass.items())
        output.print(f"Passing k times in a row: {chances}.")
    output.print(
        f"{scores.passed} of {scores.cases} cases, {scores.turns_passed} of {scores.turns} turns."
    )


def _models(models: Sequence[ModelScores]) -> Table:
    columns = ("Turns", "p50 s", "p95 s", "Calls", "Failed", "In", "Cached", "Out", "Cost")
    model = Column("Model", overflow="fold", min_width=12)
    table = Table(model, *[Column(title, justify="right", no_wrap=True) for title in columns])
    for one in models:
        latency = [
            "" if seconds is None else f"{seconds:.2f}"
            for seconds in (one.p50_seconds, one.p95_seconds)
        ]
        counts = (one.calls, one.failed_calls, one.input_tokens, one.cached_tokens)
        table.add_row(
            escape(one.model),
            str(one.turns),
            *latency,
            *map(str, (*counts, one.output_tokens)),
            cost_words(one.cost, one.unpriced),
        )
    return table
