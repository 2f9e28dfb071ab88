"""Runs commands in process, in a folder without settings of the person who runs the tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from connectors.cli.main import app
from connectors.settings import Settings
from knowledge.db.rows.people import ShopperRow
from knowledge.orders.models import Order
from knowledge.shop import Shop
from tests.databases import SqliteTemplate
from tests.market import SHELVES, fill_cart, stock_shelves
from tests.orders import place_order

Run = Callable[..., Result]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for names in Settings.names().values():
        for name in names:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def stocked(folder: Path, sample_template: SqliteTemplate) -> Path:
    """The data folder of a shop that has the sample catalog."""
    data = folder / ".smartcart"
    data.mkdir()
    sample_template.copy_to(data)
    (data / "shop.db").rename(data / "smartcart.db")
    return data


@pytest.fixture
def run(folder: Path) -> Run:
    del folder
    runner = CliRunner()

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        return runner.invoke(app, list(arguments), input=stdin)

    return invoke


def printed(result: Result) -> Any:
    """The JSON a command printed."""
    return json.loads(result.stdout.strip().splitlines()[-1])


@pytest.fixture
def small_shop(
    folder: Path, sqlite_template: SqliteTemplate, make_shop: Callable[[str], Shop]
) -> Shop:
    """The small shop of ``tests.market``, where the commands look for theirs."""
    data = folder / ".smartcart"
    data.mkdir()
    sqlite_template.copy_to(data)
    (data / "shop.db").rename(data / "smartcart.db")
    shop = make_shop(f"sqlite:///{data / 'smartcart.db'}")
    stock_shelves(shop, *SHELVES)
    return shop


@pytest.fixture
def order(small_shop: Shop) -> Order:
    """2 x oats, 1 x tea, by somebody with a mail address."""
    with small_shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
        work.session.execute(
            update(ShopperRow).where(ShopperRow.id == shopper.id).values(email="anna@example.com")
        )
    fill_cart(small_shop, shopper, oats="2", tea="1")
    return place_order(small_shop, shopper)
