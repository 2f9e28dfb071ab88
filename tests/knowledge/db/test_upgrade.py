"""A shop that shoppers used before an upgrade goes on as if nothing had happened.

``shop_of_schema_0001.zip`` is a cafe that was run with the first released schema: a shopper with
a weekly budget of $60 ordered two cappuccinos and then put a croissant into the cart.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from knowledge.backup.restoring import restore
from knowledge.carts.models import Actor
from knowledge.db.migrate import current_revision, head_revision, upgrade
from knowledge.db.rows.people import ShopperRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.orders.decisions import carry_out
from knowledge.orders.questions import ask_to_order
from knowledge.search.requests import SearchRequest

if TYPE_CHECKING:
    from knowledge.shop import Shop

OLD_SHOP = Path(__file__).parent.parent.parent / "data" / "shop_of_schema_0001.zip"


@pytest.fixture
def upgraded(units: UnitsOfWork, database_url: str, make_shop: Callable[[str], "Shop"]) -> "Shop":
    manifest = restore(OLD_SHOP, units, upgrade=False)
    assert current_revision(units.engine) == manifest.schema_revision == "0001"
    upgrade(units.engine)
    assert current_revision(units.engine) == head_revision()
    return make_shop(database_url)


def test_nothing_is_lost_and_the_shopper_can_order_what_was_in_the_cart(upgraded: "Shop") -> None:
    shopper_id = _only_shopper(upgraded)
    with upgraded.write() as work:
        shopper = work.shoppers.get(shopper_id)
        (first,) = work.orders.of_shopper(shopper_id)
        assert [(line.title, line.quantity) for line in first.lines] == [
            ("Cappuccino 200 ml", Decimal(2))
        ]
        assert work.preferences.of(shopper_id).allergens
        (line,) = work.carts.get(shopper.cart_id).lines
        actor = Actor(shopper_id, "web")
        asked = ask_to_order(work, cart_id=shopper.cart_id, actor=actor, conversation_id=None)
        decision = carry_out(work, asked, "yes", "web")
        assert decision.outcome == "done"

    with upgraded.read() as work:
        newest, oldest = work.orders.of_shopper(shopper_id)
        assert newest.lines[0].product_id == line.product_id
        assert oldest == first
        quote = work.pricing.quote(work.carts.get(shopper.cart_id))
        state = work.budgets.state(shopper_id, quote)
        assert state is not None
        assert state.spent == first.total + newest.total


def test_the_old_catalog_is_found(upgraded: "Shop") -> None:
    found = upgraded.search.find(SearchRequest("croissant"))

    assert found.total > 0


def _only_shopper(shop: "Shop") -> str:
    with shop.read() as work:
        return str(work.session.scalars(select(ShopperRow.id)).one())
