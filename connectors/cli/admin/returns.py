"""`smartcart admin returns`: decide what shoppers ask to give back. No money is moved."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from connectors.cli.admin.desk import AsJson, Note, open_desk
from connectors.cli.console import output, print_json
from knowledge.errors import InvalidInput
from knowledge.money import Money
from knowledge.orders.models import Order
from knowledge.orders.returns import RETURN_STATUSES, OrderReturn, worth
from knowledge.work import Work

ReturnId = Annotated[str, typer.Argument(help="Id of the return.")]


def register(admin: typer.Typer) -> None:
    returns = typer.Typer(name="returns", help="Returns of goods.", no_args_is_help=True)
    returns.command("list")(list_returns)
    returns.command()(approve)
    returns.command()(refuse)
    returns.command()(refund)
    admin.add_typer(returns)


def list_returns(
    context: typer.Context,
    *,
    status: Annotated[
        str | None, typer.Option(help=f"One of: {', '.join(RETURN_STATUSES)}.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List returns, the newest first, with what was paid for the goods."""
    if status is not None and status not in RETURN_STATUSES:
        raise InvalidInput(f"{status!r} is none of {', '.join(RETURN_STATUSES)}.")
    with open_desk(context) as desk, desk.read() as work:
        found = [
            (one, work.orders.find(one.order_id)) for one in work.returns.list(status, limit=limit)
        ]
        if as_json:
            print_json({"items": [_summary(one, order) for one, order in found]})
            return
        table = Table(Column("Return", no_wrap=True), "Order", "Status", "Goods", "Worth", "Why")
        for one, order in found:
            table.add_row(
                one.id,
                order.number,
                one.status,
                escape(", ".join(_goods(one, order))),
                worth(order, one.lines).display(),
                escape(one.reason),
            )
        output.print(table if found else "There are no such returns.")


def approve(
    context: typer.Context, return_id: ReturnId, *, note: Note = None, as_json: AsJson = False
) -> None:
    """Agree to take the goods back."""
    _decide(
        context, "approve", lambda work: work.returns.approve(return_id, note=note), as_json=as_json
    )


def refuse(
    context: typer.Context, return_id: ReturnId, *, note: Note = None, as_json: AsJson = False
) -> None:
    """Refuse to take the goods back; the shopper sees the note."""
    _decide(
        context, "refuse", lambda work: work.returns.refuse(return_id, note=note), as_json=as_json
    )


def refund(
    context: typer.Context,
    return_id: ReturnId,
    *,
    amount: Annotated[
        str | None, typer.Option(help="What was paid back; left out: what was paid for the goods.")
    ] = None,
    note: Note = None,
    as_json: AsJson = False,
) -> None:
    """Write down that an approved return was paid back. SmartCart itself moves no money."""

    def make(work: Work) -> OrderReturn:
        asked = work.returns.get(return_id)
        order = work.orders.find(asked.order_id)
        paid = Money.parse(amount, order.currency) if amount else worth(order, asked.lines)
        return work.returns.refund(return_id, paid, note=note)

    _decide(context, "refund", make, as_json=as_json)


def _decide(
    context: typer.Context, action: str, make: Callable[[Work], OrderReturn], *, as_json: bool
) -> None:
    def use_case(work: Work) -> tuple[OrderReturn, Order]:
        decided = make(work)
        work.audit.note(
            f"return.{action}",
            decided.id,
            note=decided.note,
            refund=None if decided.refund is None else str(decided.refund),
        )
        return decided, work.orders.find(decided.order_id)

    with open_desk(context) as desk:
        decided, order = desk.change(use_case)
    if as_json:
        print_json(_summary(decided, order))
    else:
        paid = f", {decided.refund.display()}" if decided.refund else ""
        output.print(f"Return {decided.id} of order {order.number} is {decided.status}{paid}.")


def _goods(one: OrderReturn, order: Order) -> list[str]:
    titles = {line.number: line.title for line in order.lines}
    return [f"{quantity:f} x {titles[number]}" for number, quantity in one.lines]


def _summary(one: OrderReturn, order: Order) -> dict[str, Any]:
    return {
        "id": one.id,
        "order": order.number,
        "status": one.status,
        "reason": one.reason,
        "goods": _goods(one, order),
        "worth": str(worth(order, one.lines)),
        "refund": None if one.refund is None else str(one.refund),
        "currency": order.currency,
        "requested_at": one.created_at.isoformat(),
        "note": one.note,
    }
