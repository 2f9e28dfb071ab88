"""Proposals in a terminal: a basket to say yes to, a recipe to cook, answers to choose from."""

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from connectors.cli.tables import table
from tools.blocks import ChoicesBlock, LineChange, NoticeBlock, PlanBlock, RecipeBlock

_LEVELS = {"info": "dim", "warning": "yellow", "error": "red"}


def plan(block: PlanBlock) -> Table:
    drawn = table("", "Product", "Amount", "Price", "For", title=block.title)
    for number, (one, amount) in enumerate(
        zip(block.products, block.quantities, strict=True), start=1
    ):
        unit = f" {one.unit}" if one.sell_by != "each" and one.unit else ""
        about = (one.reason or "").removeprefix("for ")
        drawn.add_row(
            f"#{one.position or number}",
            escape(one.title),
            f"{amount}{unit}",
            one.price,
            escape(about),
        )
    for cut in block.cuts:
        drawn.add_row("", escape(cut.title), _cut(cut), "", "")
    drawn.add_section()
    drawn.add_row("", "[bold]together[/]", "", f"[bold]{block.total}[/]", block.currency)
    missing = f"[yellow]not found: {escape(', '.join(block.missing))}[/]" if block.missing else ""
    note = escape(block.note) if block.note else ""
    drawn.caption = "\n".join(filter(None, [missing, note])) or None
    return drawn


def _cut(change: LineChange) -> str:
    if change.kind == "removed":
        return "[red]goes[/]"
    return f"[yellow]{change.before} -> {change.quantity}[/]"


def recipe(block: RecipeBlock) -> RenderableType:
    minutes = f", {block.minutes} minutes" if block.minutes else ""
    drawn = table("", "", title=f"{block.title}, serves {block.servings}{minutes}")
    drawn.show_header = False
    drawn.columns[0].justify = "right"
    for fact in block.ingredients:
        amount, _, remark = fact.value.partition(", ")
        about = f" [dim]{escape(remark)}[/]" if remark else ""
        drawn.add_row(f"[green]{escape(amount)}[/]", f"{escape(fact.name)}{about}")
    steps = "\n".join(f"{number}. {escape(step)}" for number, step in enumerate(block.steps, 1))
    return Group(drawn, Padding(steps, (0, 2))) if steps else drawn


def choices(block: ChoicesBlock) -> RenderableType:
    """The question is left out where it was asked already."""
    drawn = table("", "")
    drawn.show_header = False
    for option in block.options:
        drawn.add_row(f"[green]{escape(option.value)}[/]", escape(option.label))
    return Group(escape(block.question), drawn) if block.question else drawn


def notice(block: NoticeBlock) -> str | None:
    if not block.text:
        return None
    return f"[{_LEVELS[block.level]}]{escape(block.text)}[/]"
