"""`smartcart admin stock`: what is there, what came in, what runs low."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from connectors.cli.admin.desk import AsJson, open_desk
from connectors.cli.console import output, print_json
from knowledge.carts.quantities import plain, quantity_text
from knowledge.catalog.models import Product
from knowledge.errors import InvalidInput
from knowledge.work import Work

ProductId = Annotated[str, typer.Argument(help="Id of the product.")]
_UNTRACKED = "untracked"


def register(admin: typer.Typer) -> None:
    stock = typer.Typer(name="stock", help="Stock of products.", no_args_is_help=True)
    stock.command("list")(list_low)
    stock.command("set")(set_stock)
    stock.command("add")(add_stock)
    admin.add_typer(stock)


def list_low(
    context: typer.Context,
    *,
    at_most: Annotated[str, typer.Option(help="So many or fewer are left.")] = "5",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    as_json: AsJson = False,
) -> None:
    """List products that run low or are sold out, the scarcest first."""
    with open_desk(context) as desk, desk.read() as work:
        found = work.stock.low(_number(at_most), limit)
    if as_json:
        print_json({"items": [_summary(product) for product in found]})
        return
    table = Table(Column("Product", no_wrap=True), "Title", "Left")
    for product in found:
        table.add_row(product.id, escape(product.title), _left(product))
    output.print(table if found else "Nothing runs low.")


def set_stock(
    context: typer.Context,
    product_id: ProductId,
    quantity: Annotated[str, typer.Argument(help=f"How much there is, or {_UNTRACKED!r}.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say how much there is. The shop and its search know within a second."""
    wanted = None if quantity.strip().lower() == _UNTRACKED else _number(quantity)

    def use_case(work: Work) -> Product:
        before = work.catalog.get(product_id)
        product = work.stock.set(product_id, wanted)
        work.audit.note("stock.set", product.id, before=_left(before), stock=_left(product))
        return product

    with open_desk(context) as desk:
        product = desk.change(use_case)
    _tell(product, as_json=as_json)


def add_stock(
    context: typer.Context,
    product_id: ProductId,
    quantity: Annotated[
        str, typer.Argument(help="How much came in; after `--`, a negative number went out.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Count what came in on top of what is there, whatever is sold meanwhile."""
    wanted = _number(quantity)

    def use_case(work: Work) -> Product:
        product = work.stock.add(product_id, wanted)
        work.audit.note("stock.add", product.id, added=plain(wanted), stock=_left(product))
        return product

    with open_desk(context) as desk:
        product = desk.change(use_case)
    _tell(product, as_json=as_json)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        raise InvalidInput(f"{text!r} is not a number.") from None


def _left(product: Product) -> str:
    return _UNTRACKED if product.stock is None else quantity_text(product.stock, product)


def _tell(product: Product, *, as_json: bool) -> None:
    if as_json:
        print_json(_summary(product))
    else:
        output.print(f"{escape(product.title)}: {_left(product)}.", soft_wrap=True)


def _summary(product: Product) -> dict[str, Any]:
    stock = None if product.stock is None else plain(product.stock)
    return {"id": product.id, "title": product.title, "stock": stock, "unit": product.unit}
