"""`smartcart admin`: what an owner does with a shop, one module per noun."""

import typer

from connectors.cli.admin import handovers, jobs, orders, policies, promotions, returns, stock


def register(app: typer.Typer) -> None:
    admin = typer.Typer(name="admin", help="What the owner of the shop does.", no_args_is_help=True)
    for module in (orders, returns, handovers, promotions, policies, stock, jobs):
        module.register(admin)
    app.add_typer(admin)
