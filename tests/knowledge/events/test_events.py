import re
from pathlib import Path

from sqlalchemy import select

from knowledge.db.rows.learning import EventRow
from knowledge.events.events import EventName
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.market import fill_cart

DOCUMENT = Path(__file__).parents[3] / "docs" / "events.md"


def test_every_event_is_documented_once() -> None:
    named = re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)

    assert named == [name.value for name in EventName]


def test_events_say_who_and_where(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")

    with market.read() as work:
        rows = work.session.execute(select(EventRow).order_by(EventRow.id)).scalars().all()

    assert [row.name for row in rows] == ["shopper_created", "cart_changed"]
    assert {row.shopper_id for row in rows} == {customer.id}
    assert rows[1].payload == {"cart_id": customer.cart_id, "changes": [["added", "oats"]]}
