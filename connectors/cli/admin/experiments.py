"""`smartcart admin experiments`: try variants of the prompts on a share of the shoppers."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from connectors.cli.admin.desk import AsJson, Desk, open_desk
from connectors.cli.console import output, print_json
from knowledge.errors import InvalidInput
from knowledge.experiments.models import Experiment, VariantResult
from knowledge.experiments.results import buyers_share, verdict
from knowledge.work import Work
from prompts import read_folder
from prompts.checking import CONTROL, VARIANT

Name = Annotated[str, typer.Argument(help="Name of the experiment.")]


def register(admin: typer.Typer) -> None:
    experiments = typer.Typer(
        name="experiments", help="Variants of the prompts.", no_args_is_help=True
    )
    experiments.command("list")(list_experiments)
    experiments.command()(start)
    experiments.command()(stop)
    experiments.command("results")(show_results)
    admin.add_typer(experiments)


def list_experiments(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List all experiments, the newest first."""
    with open_desk(context) as desk, desk.read() as work:
        found = work.experiments.all()
        if as_json:
            print_json({"items": [_summary(one) for one in found]})
            return
        table = Table(
            Column("Experiment", no_wrap=True), "About", "Variants", "Started", "Stopped", "Winner"
        )
        for one in found:
            table.add_row(
                one.name,
                one.about,
                _variants(one),
                desk.local_time(one.started_at),
                desk.local_time(one.stopped_at) if one.stopped_at else "",
                one.winner or "",
            )
        output.print(table if found else "There are no experiments.")


def start(
    context: typer.Context,
    name: Name,
    variants: Annotated[
        list[str], typer.Argument(help="Two or more variants with weights: control=1 calm=1.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Try variants: each shopper gets one and keeps it. The first is what others compare with."""
    wanted = dict(_variant(text) for text in variants)

    def use_case(work: Work) -> Experiment:
        started = work.experiments.create(name, wanted)
        work.audit.note("experiment.start", name, variants=wanted)
        return started

    with open_desk(context) as desk:
        _check_files(desk, wanted)
        started = desk.change(use_case)
    if as_json:
        print_json(_summary(started))
    else:
        output.print(f"{started.name} has started: {_variants(started)}.")


def stop(
    context: typer.Context,
    name: Name,
    *,
    winner: Annotated[
        str | None, typer.Option(help="The variant that everybody gets from now on.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Stop an experiment. Without a winner everybody gets what they got before it."""

    def use_case(work: Work) -> Experiment:
        stopped = work.experiments.stop(name, winner=winner)
        work.audit.note("experiment.stop", name, winner=winner)
        return stopped

    with open_desk(context) as desk:
        stopped = desk.change(use_case)
    if as_json:
        print_json(_summary(stopped))
    else:
        then = f"everybody gets {stopped.winner} now" if winner else "no variant was chosen"
        output.print(f"{stopped.name} is over; {then}.")


def show_results(context: typer.Context, name: Name, *, as_json: AsJson = False) -> None:
    """What came of each variant, and how sure that is."""
    with open_desk(context) as desk, desk.read() as work:
        experiment = work.experiments.get(name)
        measured = work.experiments.results(experiment)
    if as_json:
        items = [
            {**asdict(one), "cost": str(one.cost), "buyers_share": buyers_share(one)}
            for one in measured
        ]
        print_json({**_summary(experiment), "results": items, "verdict": verdict(measured)})
        return
    table = Table("Variant", *[Column(title, justify="right") for title in _COLUMNS])
    for one in measured:
        table.add_row(one.variant, *_cells(one))
    output.print(table)
    output.print(escape(verdict(measured)))


_COLUMNS = (
    "Shoppers", "Turns", "Failed", "Stopped", "Cost $", "Orders", "Ordered (95 % sure)",
)  # fmt: skip


def _cells(one: VariantResult) -> list[str]:
    cost = f"{one.cost:.4f}" + (f" (+{one.unpriced} unpriced)" if one.unpriced else "")
    numbers = (one.shoppers, one.turns, one.failed, one.rewritten)
    return [*map(str, numbers), cost, str(one.orders), buyers_share(one)]


def _variant(text: str) -> tuple[str, int]:
    name, _, weight = text.partition("=")
    if weight and not weight.isdecimal():
        raise InvalidInput(f"{text!r} is not a variant with its weight, such as calm=1.")
    return name, int(weight or 1)


def _check_files(desk: Desk, variants: dict[str, int]) -> None:
    """A variant without a file would be the same as none, and nobody would notice."""
    folder = desk.settings.prompts
    known = set(read_folder()) | set(read_folder(folder) if folder else ())
    for variant in variants:
        if not VARIANT.fullmatch(variant):
            raise InvalidInput(f"{variant!r} cannot be the name of a variant.")
        if variant != CONTROL and not any(name.endswith(f".{variant}") for name in known):
            raise InvalidInput(
                f"There is no prompt of the variant {variant!r}, such as assistant.{variant}.md."
                f" Only {CONTROL!r} may have none: it is the prompts as they are."
            )


def _variants(one: Experiment) -> str:
    return ", ".join(f"{name}={weight}" for name, weight in one.variants.items())


def _summary(one: Experiment) -> dict[str, Any]:
    return {
        "name": one.name,
        "about": one.about,
        "variants": dict(one.variants),
        "active": one.active,
        "winner": one.winner,
        "started_at": one.started_at.isoformat(),
        "stopped_at": one.stopped_at.isoformat() if one.stopped_at else None,
    }
