"""`smartcart admin orders`: see orders, bring them on, cancel and export them."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from connectors.cli.admin.desk import AsJson, Desk, Note, open_desk
from connectors.cli.console import output, print_json
from connectors.order_export.csv_file import write_orders
from knowledge.carts.quantities import plain
from knowledge.orders.cancelling import cancel_for_owner
from knowledge.orders.documents import order_document
from knowledge.orders.models import Order
from knowledge.orders.statuses import (
    STATUSES,
    OrderStatus,
    list_statuses,
    next_statuses,
    read_status,
    status_words,
)
from knowledge.work import Work

Reference = Annotated[str, typer.Argument(help="Number or id of the order.")]
Since = Annotated[str | None, typer.Option(help="Only those placed since, such as 2026-11-23.")]


def register(admin: typer.Typer) -> None:
    orders = typer.Typer(name="orders", help="Orders and their status.", no_args_is_help=True)
    orders.command("list")(list_orders)
    orders.command()(show)
    orders.command()(advance)
    orders.command()(cancel)
    orders.command()(export)
    admin.add_typer(orders)


def list_orders(
    context: typer.Context,
    *,
    status: Annotated[str | None, typer.Option(help=f"One of: {list_statuses()}.")] = None,
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List orders, the newest first."""
    with open_desk(context) as desk, desk.read() as work:
        found = work.orders.of_shop(
            status=read_status(status) if status else None,
            since=desk.read_moment(since) if since else None,
            limit=limit,
        )
        if as_json:
            print_json({"items": [_summary(order) for order in found]})
            return
        table = Table(
            Column("Number", no_wrap=True), "Status", "Placed", "Fulfilment", "Lines", "Total"
        )
        for order in found:
            table.add_row(
                order.number,
                order.status,
                desk.local_time(order.placed_at),
                order.fulfilment,
                str(len(order.lines)),
                order.total.display(),
            )
        output.print(table if found else "There are no such orders.")


def show(context: typer.Context, order: Reference, *, as_json: AsJson = False) -> None:
    """Show all of one order, with its history and returns."""
    with open_desk(context) as desk, desk.read() as work:
        found = work.orders.find(order)
        document = order_document(work.session, found.id)
        if as_json:
            print_json(document)
        else:
            _print_order(desk, work, found, document)


def _print_order(desk: Desk, work: Work, order: Order, document: dict[str, Any]) -> None:
    words = status_words(order.status, order.fulfilment)
    output.print(f"[bold]Order {order.number}[/] ({order.id}), {words}")
    steps = next_statuses(order.status, order.fulfilment)
    rows = Table.grid(padding=(0, 2))
    rows.add_row("[dim]placed[/]", desk.local_time(order.placed_at))
    rows.add_row("[dim]next[/]", ", ".join(steps) or "nothing")
    rows.add_row("[dim]fulfilment[/]", order.fulfilment)
    if document["slot"]:
        rows.add_row("[dim]slot[/]", escape(str(document["slot"].get("label"))))
    if document["address"]:
        address = document["address"]
        place = [*address["lines"], f"{address['postal_code']} {address['city']}"]
        rows.add_row("[dim]address[/]", escape(", ".join(place)))
    for kind, value in (document["contact"] or {}).items():
        rows.add_row(f"[dim]{escape(kind)}[/]", escape(str(value)))
    output.print(rows)
    table = Table("Line", "Product", "Title", "Quantity", "Price", "Total", "If run out")
    for line, told in zip(order.lines, document["lines"], strict=True):
        age = f" ({told['age_limit']}+)" if told["age_limit"] else ""
        table.add_row(
            str(line.number),
            line.product_id,
            escape(f"{line.title}{age}"),
            plain(line.quantity),
            line.unit_price.display(),
            line.total.display(),
            told["substitution"],
        )
    output.print(table)
    for total in order.totals:
        output.print(f"{escape(total.title)}: {total.amount.display()}")
    for event in work.orders.history.of(order.id):
        note = f": {escape(event.note)}" if event.note else ""
        who = "shopper" if event.actor == order.shopper_id else event.actor
        output.print(f"[dim]{desk.local_time(event.at)}[/] {event.status} by {who}{note}")
    for one in document["returns"]:
        output.print(f"Return {one['id']}: {one['status']} ({escape(one['reason'])})")


def advance(
    context: typer.Context,
    order: Reference,
    status: Annotated[
        str | None,
        typer.Argument(help=f"One of: {', '.join(STATUSES[1:-1])}; left out: the next one."),
    ] = None,
    *,
    note: Note = None,
    as_json: AsJson = False,
) -> None:
    """Bring an order on to its next status. The shopper is told by mail of what matters."""

    def make(work: Work) -> Order:
        wanted = read_status(status) if status else _only_next(work.orders.find(order))
        moved = work.orders.advance(order, wanted, actor="owner", note=note)
        work.audit.note("order.advance", moved.id, status=wanted, note=note)
        return moved

    with open_desk(context) as desk:
        moved = desk.change(make)
    _tell(moved, as_json=as_json)


def _only_next(order: Order) -> OrderStatus:
    """What comes next; where nothing does, the end, so that trying it says why not."""
    return next(iter(next_statuses(order.status, order.fulfilment)), "handed_over")


def cancel(
    context: typer.Context, order: Reference, *, note: Note = None, as_json: AsJson = False
) -> None:
    """Cancel an order that is not handed over; its stock, slot and coupon are given back."""

    def make(work: Work) -> Order:
        cancelled = cancel_for_owner(work, work.orders.find(order), actor="owner", note=note)
        work.audit.note("order.cancel", cancelled.id, note=note)
        return cancelled

    with open_desk(context) as desk:
        cancelled = desk.change(make)
    _tell(cancelled, as_json=as_json)


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV file to write.")],
    *,
    since: Since = None,
    as_json: AsJson = False,
) -> None:
    """Write orders as CSV, one row per order line, the newest order first."""
    with open_desk(context) as desk:
        with desk.read() as work:
            found = work.orders.of_shop(
                since=desk.read_moment(since) if since else None, limit=None
            )
            rows = write_orders((order_document(work.session, one.id) for one in found), file)
        desk.change(lambda work: work.audit.note("order.export", since=since, orders=len(found)))
    if as_json:
        print_json({"orders": len(found), "rows": rows, "file": str(file)})
    else:
        output.print(f"Wrote {escape(str(file))}: orders {len(found)}, rows {rows}.")


def _tell(order: Order, *, as_json: bool) -> None:
    if as_json:
        print_json(_summary(order))
    else:
        output.print(f"Order {order.number} is {status_words(order.status, order.fulfilment)}.")


def _summary(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "number": order.number,
        "status": order.status,
        "placed_at": order.placed_at.isoformat(),
        "fulfilment": order.fulfilment,
        "lines": len(order.lines),
        "total": str(order.total),
        "currency": order.currency,
    }
