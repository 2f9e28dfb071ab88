"""`smartcart admin handovers`: shoppers who wait for a person."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from connectors.cli.admin.desk import AsJson, open_desk
from connectors.cli.console import output, print_json
from knowledge.conversations.handovers import Handover
from knowledge.work import Work


def register(admin: typer.Typer) -> None:
    handovers = typer.Typer(
        name="handovers", help="Shoppers who asked for a person.", no_args_is_help=True
    )
    handovers.command("list")(list_handovers)
    handovers.command()(done)
    admin.add_typer(handovers)


def list_handovers(
    context: typer.Context,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those dealt with.")] = False,
    as_json: AsJson = False,
) -> None:
    """List who waits for a person, with what that person should know."""
    with open_desk(context) as desk, desk.read() as work:
        found = work.handovers.list(None if everything else "open")
        if as_json:
            print_json({"items": [_summary(one) for one in found]})
            return
        for one in found:
            asked = desk.local_time(one.created_at)
            output.print(f"[bold]{one.id}[/] {one.status}, {one.channel}, {asked}")
            output.print(f"{escape(one.reason)}\n{escape(one.summary)}\n", soft_wrap=True)
    if not found:
        output.print("Nobody waits for a person.")


def done(
    context: typer.Context,
    handover_id: Annotated[str, typer.Argument(help="Id of the call.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say that somebody has dealt with it; the assistant then no longer tells of it."""

    def use_case(work: Work) -> Handover:
        closed = work.handovers.close(handover_id)
        work.audit.note("handover.done", closed.id)
        return closed

    with open_desk(context) as desk:
        closed = desk.change(use_case)
    if as_json:
        print_json(_summary(closed))
    else:
        output.print(f"{closed.id} is dealt with.")


def _summary(one: Handover) -> dict[str, Any]:
    return {
        "id": one.id,
        "status": one.status,
        "channel": one.channel,
        "reason": one.reason,
        "summary": one.summary,
        "created_at": one.created_at.isoformat(),
        "done_at": None if one.done_at is None else one.done_at.isoformat(),
    }
