"""`smartcart admin`: what an owner does with a shop, one module per noun."""

import typer

from connectors.cli.admin import (
    experiments,
    handovers,
    jobs,
    orders,
    policies,
    privacy,
    promotions,
    returns,
    stock,
    usage,
)


def register(app: typer.Typer) -> None:
    admin = typer.Typer(name="admin", help="What the owner of the shop does.", no_args_is_help=True)
    nouns = (
        orders, returns, handovers, promotions, policies, stock, jobs, experiments, usage, privacy,
    )  # fmt: skip
    for module in nouns:
        module.register(admin)
    app.add_typer(admin)
