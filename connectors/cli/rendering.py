"""Answers in a terminal: text, then each block as a table or a few lines, then cart and budget."""

from collections.abc import Callable, Sequence
from typing import Any

from rich import box
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from assistant.messages import Answer
from connectors.cli.console import output
from connectors.cli.proposals import choices, notice, plan, recipe
from connectors.cli.receipts import cart, orders
from connectors.cli.tables import table
from tools.blocks import (
    Block,
    BudgetBlock,
    BudgetView,
    CartBlock,
    CartView,
    ChoicesBlock,
    ComparisonBlock,
    ConfirmationBlock,
    DietVerdict,
    NoticeBlock,
    OrderBlock,
    PassagesBlock,
    PlanBlock,
    ProductBlock,
    ProductCard,
    ProductsBlock,
    RecipeBlock,
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
        drawn = _DRAWN[type(block)](_untold(block, answer.text))
        if drawn is not None:
            output.print(drawn)
    output.print(_standing(answer.cart, answer.budget))


def _untold(block: Block, text: str) -> Block:
    """The block without the words that the text above it says already."""
    said = {
        name: None if name == "note" else ""
        for name in ("note", "question", "text")
        if getattr(block, name, None) and getattr(block, name) in text
    }
    return block.model_copy(update=said) if said else block


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


def _product_rows(drawn: Table, products: Sequence[ProductCard]) -> Table:
    for number, one in enumerate(products, 1):
        unit = f"{one.unit_price.amount}/{one.unit_price.unit}" if one.unit_price else ""
        about = ", ".join(one.diets[:3]).replace("_", " ") if one.reason is None else one.reason
        if one.promotion and one.promotion not in about:
            about = "; ".join(filter(None, [one.promotion, about]))
        drawn.add_row(
            f"#{one.position or number}",
            escape(one.title),
            one.price if one.in_stock else f"[dim]{one.price} sold out[/]",
            unit,
            one.rating or "",
            escape(about),
        )
    return drawn


def _products(block: ProductsBlock) -> Table:
    drawn = _product_rows(
        table("", "Product", "Price", "Per unit", "Rated", "About", title=block.title),
        block.products,
    )
    drawn.caption = escape(block.note) if block.note else None
    return drawn


def _product(block: ProductBlock) -> Table:
    one = block.product
    drawn = table("", "", title=one.card.title)
    rows = {
        "price": f"{one.card.price} {one.card.currency}",
        "offer": one.card.promotion,
        "about": one.description,
        "ingredients": one.ingredients,
        "allergens": "not known" if one.allergens is None else ", ".join(one.allergens) or "none",
        "traces": "not known" if one.traces is None else ", ".join(one.traces) or "none",
        "origin": one.origin,
        "labels": ", ".join(one.labels) or None,
    }
    for name, value in rows.items():
        if value:
            drawn.add_row(f"[dim]{name}[/]", escape(value))
    return drawn


def _comparison(block: ComparisonBlock) -> Table:
    drawn = table("", *[escape(one.title) for one in block.products], title="Side by side")
    for row in block.rows:
        values = [
            f"[green]{escape(value or '-')}[/]" if place in row.best else escape(value or "-")
            for place, value in enumerate(row.values)
        ]
        drawn.add_row(f"[dim]{row.attribute}[/]", *values)
    return drawn


def _swaps(block: SwapsBlock) -> Table:
    drawn = table("", "Instead of", "Take", "Price", "CO2e", "Why", title=f"{block.goal} choices")
    for swap in block.swaps:
        drawn.add_row(
            f"#{swap.to.position}" if swap.to.position else "",
            escape(swap.instead_of.title),
            escape(swap.to.title),
            swap.price_difference,
            f"{swap.kg_co2e_difference} kg" if swap.kg_co2e_difference else "",
            escape(swap.reason),
        )
    together = [
        f"{block.price_difference} {block.swaps[0].to.currency}" if block.price_difference else "",
        f"{block.kg_co2e_difference} kg CO2e" if block.kg_co2e_difference else "",
    ]
    if any(together) and len(block.swaps) > 1:
        drawn.caption = f"all together {', '.join(filter(None, together))}"
    return drawn


def _budget(block: BudgetBlock) -> str | None:
    """What to leave out; the standing below tells the rest."""
    if not block.drop:
        return None
    return f"[dim]without[/] {escape(', '.join(line.title for line in block.drop))} [dim]it fits[/]"


def _score(block: ScoreBlock) -> Table:
    drawn = table("Product", "", "", title="Diet" if block.kind == "diet" else "Climate")
    for verdict in block.verdicts:
        drawn.add_row(
            escape(verdict.title),
            f"{verdict.diet.replace('_', ' ')}{_whose(verdict)}: {_MARKS[verdict.verdict]}",
            escape(verdict.because),
        )
    for item in block.items:
        amount = f"about {item.kg_co2e} kg CO2e" if item.kg_co2e else "not known"
        drawn.add_row(escape(item.title), item.grade or "-", amount)
    if block.total_kg_co2e:
        total = f"about {block.total_kg_co2e} kg CO2e"
        drawn.add_row("[bold]together[/]", block.grade or "-", total)
    drawn.caption = escape(block.note) if block.note else None
    return drawn


def _whose(verdict: DietVerdict) -> str:
    return f" [dim]for {escape(verdict.who)}[/]" if verdict.who else ""


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
    PlanBlock: plan,
    RecipeBlock: recipe,
    ChoicesBlock: choices,
    NoticeBlock: notice,
    CartBlock: cart,
    BudgetBlock: _budget,
    ProductBlock: _product,
    ComparisonBlock: _comparison,
    SwapsBlock: _swaps,
    ScoreBlock: _score,
    OrderBlock: orders,
    PassagesBlock: _passages,
    ConfirmationBlock: _confirmation,
}
