"""Makes the plain tables that answers in a terminal are drawn as."""

from rich import box
from rich.markup import escape
from rich.table import Table


def table(*columns: str, title: str | None = None) -> Table:
    return Table(
        *columns,
        title=escape(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1),
        caption_justify="left",
    )
