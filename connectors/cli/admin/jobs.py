"""`smartcart admin jobs`: see the work in the background, and have what died tried again."""

from typing import Annotated, Any, get_args

import typer
from rich.markup import escape
from rich.table import Column, Table

from connectors.cli.admin.desk import AsJson, open_desk
from connectors.cli.console import output, print_json
from knowledge.errors import InvalidInput
from knowledge.jobs.models import Job, JobStatus
from knowledge.work import Work

STATUSES: tuple[JobStatus, ...] = get_args(JobStatus)


def register(admin: typer.Typer) -> None:
    jobs = typer.Typer(name="jobs", help="Work in the background.", no_args_is_help=True)
    jobs.command("list")(list_jobs)
    jobs.command()(retry)
    admin.add_typer(jobs)


def list_jobs(
    context: typer.Context,
    *,
    status: Annotated[str | None, typer.Option(help=f"One of: {', '.join(STATUSES)}.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List jobs, the newest first. Dead ones were given up after eight attempts."""
    if status is not None and status not in STATUSES:
        raise InvalidInput(f"{status!r} is none of {', '.join(STATUSES)}.")
    with open_desk(context) as desk, desk.read() as work:
        found = work.jobs.list(status, limit=limit)
        if as_json:
            print_json({"items": [_summary(job) for job in found]})
            return
        names = (Column("Job", no_wrap=True), Column("Kind", no_wrap=True))
        table = Table(*names, "Status", "Tries", "Due", "Last error")
        for job in found:
            table.add_row(
                job.id,
                job.kind,
                job.status,
                str(job.attempts),
                desk.local_time(job.due_at),
                escape(job.last_error or ""),
            )
        output.print(table if found else "There are no such jobs.")


def retry(
    context: typer.Context,
    job: Annotated[str, typer.Argument(help="Id of the job, or: dead (all that died).")],
    *,
    as_json: AsJson = False,
) -> None:
    """Have a job that died or waits tried at once, with eight attempts before it."""

    def make(work: Work) -> list[Job]:
        dead = work.jobs.list("dead", limit=10_000) if job == "dead" else []
        wanted = [one.id for one in dead] if job == "dead" else [job]
        revived = [work.jobs.revive(one) for one in wanted]
        for one in revived:
            work.audit.note("job.retry", one.id, kind=one.kind)
        return revived

    with open_desk(context) as desk:
        revived = desk.change(make)
    if as_json:
        print_json({"items": [_summary(one) for one in revived]})
    else:
        output.print(f"{len(revived)} {'job is' if len(revived) == 1 else 'jobs are'} due now.")


def _summary(job: Job) -> dict[str, Any]:
    """Without the payload, which tells of people."""
    return {
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "attempts": job.attempts,
        "due_at": job.due_at.isoformat(),
        "last_error": job.last_error,
        "created_at": job.created_at.isoformat(),
    }
