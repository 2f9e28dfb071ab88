"""`smartcart admin promotions`: what costs less, from when to when, and with which coupon."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from connectors.cli.admin.desk import AsJson, Desk, open_desk
from connectors.cli.console import output, print_json
from knowledge.clock import SystemClock
from knowledge.pricing.promotion_file import PromotionRecord, read_promotions
from knowledge.work import Work


def register(admin: typer.Typer) -> None:
    promotions = typer.Typer(
        name="promotions", help="Promotions and coupons.", no_args_is_help=True
    )
    promotions.command("list")(list_promotions)
    promotions.command()(load)
    promotions.command()(end)
    admin.add_typer(promotions)


def list_promotions(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List all promotions and whether they are in force."""
    with open_desk(context) as desk, desk.read() as work:
        found = work.promotions.list()
        if as_json:
            print_json({"items": [_summary(one) for one in found]})
            return
        table = Table(
            Column("Promotion", no_wrap=True), "Title", "Coupon", "From", "Until", "In force"
        )
        for one in found:
            table.add_row(
                one.id,
                escape(one.title),
                one.coupon or "",
                _moment(desk, one.starts_at),
                _moment(desk, one.ends_at),
                _state(one),
            )
        output.print(table if found else "There are no promotions.")


def load(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A YAML list of promotions.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Add the promotions of a file, or change those with the same ids. Others stay.

    All of them are taken, or none when one of them is wrong.
    """
    records = read_promotions(file)

    def use_case(work: Work) -> None:
        work.promotions.load(records)
        for one in records:
            work.audit.note("promotion.save", one.id, coupon=one.coupon)

    with open_desk(context) as desk:
        desk.change(use_case)
    if as_json:
        print_json({"items": [_summary(one) for one in records]})
    else:
        noun = "promotion" if len(records) == 1 else "promotions"
        output.print(f"{len(records)} {noun} saved.")


def end(
    context: typer.Context,
    promotion_id: Annotated[str, typer.Argument(help="Id of the promotion.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Put a promotion out of force at once. Orders that had it keep it."""

    def use_case(work: Work) -> PromotionRecord:
        ended = work.promotions.end(promotion_id)
        work.audit.note("promotion.end", ended.id)
        return ended

    with open_desk(context) as desk:
        ended = desk.change(use_case)
    if as_json:
        print_json(_summary(ended))
    else:
        output.print(f"{escape(ended.title)} is over.")


def _moment(desk: Desk, moment: datetime | None) -> str:
    return "" if moment is None else desk.local_time(moment)


def _state(one: PromotionRecord) -> str:
    now = SystemClock().now()
    if not one.active or (one.ends_at is not None and one.ends_at <= now):
        return "over"
    return "to come" if one.starts_at is not None and one.starts_at > now else "yes"


def _summary(one: PromotionRecord) -> dict[str, Any]:
    return one.model_dump(mode="json") | {"state": _state(one)}
