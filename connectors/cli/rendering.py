"""Answers in a terminal: text, then each block as a table or a few lines, then cart and budget."""

from collections.abc import Callable, Sequence
from typing import Any

from rich import box
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from assistant.messages import Answer
from connectors.cli.console import output
from tools.blocks import (
    Block,
    BudgetView,
    CartBlock,
    CartView,
    ComparisonBlock,
    ConfirmationBlock,
    OrderBlock,
    PassagesBlock,
    PlanBlock,
    ProductBlock,
    ProductCard,
    ProductsBlock,
    ScoreBlock,
    SwapsBlock,
)

_MARKS = {"yes": "[green]yes[/]", "no": "[red]no[/]", "unknown": "[yellow]not known[/]"}
_STATES = {"under": "green", "close": "yellow", "over": "red"}


def print_answer(answer: Answer) -> None:
    output.print(f"\n{escape(answer.text)}")
    changed = any(isinstance(block, CartBlock) and block.changes for block in answer.blocks)
    for block in answer.blocks:
        if changed and isinstance(block, ProductsBlock):
            continue  # what the change was chosen from
        draw = _DRAWN.get(type(block))
        if draw is not None:
            output.print(draw(block))
    output.print(_standing(answer.cart, answer.budget))


def _standing(cart: CartView, budget: BudgetView | None) -> str:
    """One line that is always there: what is in the cart and what is left."""
    count = len(cart.lines)
    lines = f"{count} line{'' if count == 1 else 's'}"
    text = f"[dim]cart[/] {lines}, {cart.totals.total} {cart.currency}"
    if budget is not None:
        colour = _STATES[budget.state]
        left = f"[{colour}]{budget.left} left[/]"
        text += f" [dim]· budget[/] {left} of {budget.amount} ({budget.period})"
    return text


def _table(*columns: str, title: str | None = None) -> Table:
    return Table(
        *columns,
        title=escape(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1),
    )


def _product_rows(table: Table, products: Sequence[ProductCard]) -> Table:
    for number, one in enumerate(products, 1):
        unit = f"{one.unit_price.amount}/{one.unit_price.unit}" if one.unit_price else ""
        about = ", ".join(one.diets[:3]).replace("_", " ") if one.reason is None else one.reason
        table.add_row(
            f"#{one.position or number}",
            escape(one.title),
            one.price if one.in_stock else f"[dim]{one.price} sold out[/]",
            unit,
            one.rating or "",
            escape(about),
        )
    return table


def _products(block: ProductsBlock) -> Table:
    table = _product_rows(
        _table("", "Product", "Price", "Per unit", "Rated", "About", title=block.title),
        block.products,
    )
    table.caption = escape(block.note) if block.note else None
    return table


def _plan(block: PlanBlock) -> Table:
    return _product_rows(
        _table("", "Product", "Price", "Per unit", "Rated", "About", title=block.title),
        block.products,
    )


def _product(block: ProductBlock) -> Table:
    one = block.product
    table = _table("", "", title=one.card.title)
    rows = {
        "price": f"{one.card.price} {one.card.currency}",
        "about": one.description,
        "ingredients": one.ingredients,
        "allergens": "not known" if one.allergens is None else ", ".join(one.allergens) or "none",
        "traces": "not known" if one.traces is None else ", ".join(one.traces) or "none",
        "origin": one.origin,
        "labels": ", ".join(one.labels) or None,
    }
    for name, value in rows.items():
        if value:
            table.add_row(f"[dim]{name}[/]", escape(value))
    return table


def _comparison(block: ComparisonBlock) -> Table:
    table = _table("", *[escape(one.title) for one in block.products], title="Side by side")
    for row in block.rows:
        values = [
            f"[green]{escape(value or '-')}[/]" if place in row.best else escape(value or "-")
            for place, value in enumerate(row.values)
        ]
        table.add_row(f"[dim]{row.attribute}[/]", *values)
    return table


def _swaps(block: SwapsBlock) -> Table:
    table = _table("", "Instead of", "Take", "Price", "CO2e", "Why", title=f"{block.goal} choices")
    for swap in block.swaps:
        table.add_row(
            f"#{swap.to.position}" if swap.to.position else "",
            escape(swap.instead_of.title),
            escape(swap.to.title),
            swap.price_difference,
            f"{swap.kg_co2e_difference} kg" if swap.kg_co2e_difference else "",
            escape(swap.reason),
        )
    return table


def _score(block: ScoreBlock) -> Table:
    table = _table("Product", "", "", title="Diet" if block.kind == "diet" else "Climate")
    for verdict in block.verdicts:
        table.add_row(
            escape(verdict.title),
            f"{verdict.diet.replace('_', ' ')}: {_MARKS[verdict.verdict]}",
            escape(verdict.because),
        )
    for item in block.items:
        amount = f"about {item.kg_co2e} kg CO2e" if item.kg_co2e else "not known"
        table.add_row(escape(item.title), item.grade or "-", amount)
    return table


def _orders(block: OrderBlock) -> Table:
    table = _table("Order", "Status", "Lines", "Total")
    for order in block.orders:
        lines = "\n".join(f"{line.quantity} x {escape(line.title)}" for line in order.lines)
        table.add_row(order.number, order.status, lines, f"{order.total} {order.currency}")
    return table


def _passages(block: PassagesBlock) -> Panel:
    text = "\n\n".join(
        f"[dim]{escape(one.policy)}, {escape(one.section)} ({escape(one.source)})[/]\n"
        f"{escape(one.text)}"
        for one in block.passages
    )
    return Panel(text, box=box.ROUNDED, expand=False)


def _confirmation(block: ConfirmationBlock) -> Panel:
    return Panel(
        f"{escape(block.confirmation.text)}\n[dim]yes or no[/]",
        title="Please confirm",
        title_align="left",
        border_style="green",
        expand=False,
    )


_DRAWN: dict[type[Block], Callable[[Any], Any]] = {
    ProductsBlock: _products,
    PlanBlock: _plan,
    ProductBlock: _product,
    ComparisonBlock: _comparison,
    SwapsBlock: _swaps,
    ScoreBlock: _score,
    OrderBlock: _orders,
    PassagesBlock: _passages,
    ConfirmationBlock: _confirmation,
}
