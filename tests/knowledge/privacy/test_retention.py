from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.carts.edits import Add
from knowledge.carts.models import Actor
from knowledge.db.base import Row
from knowledge.db.rows.orders import OrderRow
from knowledge.db.rows.people import AuditRow, PreferenceRow, ShopperRow
from knowledge.db.rows.talk import CommandRow, ConversationRow, InboxRow, OutboxRow, TurnRow
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import CommitGuard
from knowledge.privacy.retention import Cleared, Retention
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.fixed_clock import FixedClock
from tests.orders import place_order

YEAR = timedelta(days=365)


def count(shop: Shop, *rows: type[Row]) -> list[int]:
    with shop.read() as work:
        return [work.session.scalar(select(func.count()).select_from(one)) or 0 for one in rows]


def talk(shop: Shop, shopper: Shopper, name: str, turns: int = 1) -> str:
    """A finished talk, with everything a turn leaves behind."""
    with shop.write() as work:
        talked = work.conversations.open(
            shopper_id=shopper.id, cart_id=shopper.cart_id, channel="sms"
        )
    for number in range(turns):
        say(shop, shopper, talked.id, f"{name}{number}")
    return talked.id


def say(shop: Shop, shopper: Shopper, conversation_id: str, name: str) -> None:
    with shop.write() as work:
        entry = work.inbox.receive_claimed(
            channel="sms",
            shopper_id=shopper.id,
            message_id=name,
            conversation_id=conversation_id,
            cart_id=shopper.cart_id,
            payload={"text": name, "peer": "p"},
            start={},
            lease=timedelta(seconds=6),
        ).entry
        work.commands.store(
            entry.turn_id, 0, tool="add_to_cart", call_id=None, arguments={}, result={}
        )
        work.inbox.finish(entry.id, 1, {"text": "yes"})
        work.conversations.append(
            conversation_id,
            turn_id=entry.turn_id,
            parts=[{"type": "user", "text": name}],
            schema_version=1,
            outcome="answered",
            started_at=work.clock.now(),
        )
        reply = work.outbox.add(channel="sms", peer="p", payload={}, turn_id=entry.turn_id)
        work.outbox.mark_sent(reply)


def test_what_is_older_than_the_period_goes_and_the_rest_stays(
    market: Shop, clock: FixedClock
) -> None:
    with market.write() as work:
        gone = work.shoppers.create_anonymous("sms")
        work.preferences.set(gone.id, diets=["vegan"])
        stays = work.shoppers.create_anonymous("sms")
    talk(market, gone, "old", turns=3)
    lasting = talk(market, stays, "lasting")
    clock.advance(days=366)
    say(market, stays, lasting, "new")
    before = clock.now() - YEAR
    retention = Retention(market.units, clock, batch=2)
    expected = Cleared(conversations=1, turns=1, shoppers=1)

    counted = retention.count(before)
    cleared = retention.clear(before)

    assert counted.conversations == cleared.conversations == 1
    assert cleared == expected
    assert count(market, ConversationRow, TurnRow, InboxRow, CommandRow, OutboxRow) == [1] * 5
    assert count(market, ShopperRow, PreferenceRow) == [1, 0]
    assert retention.clear(before) == Cleared()
    with market.read() as work:
        (noted,) = work.session.scalars(select(AuditRow)).all()
        assert noted.action == "privacy.retention"
        assert noted.details["conversations"] == 1


def test_a_shopper_who_ordered_stays_with_the_order(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    with market.write() as work:
        work.carts.apply(
            customer.cart_id,
            [Add(product_id="milk", quantity=Decimal(1))],
            actor=Actor(customer.id, "web"),
        )
    place_order(market, customer)
    talk(market, customer, "old")
    clock.advance(days=800)

    cleared = Retention(market.units, clock).clear(clock.now() - YEAR)

    assert (cleared.conversations, cleared.shoppers) == (1, 0)
    assert count(market, OrderRow) == [1]


class DiesSoon(UnitsOfWork):
    """A process that is killed within its third transaction."""

    begun = 0

    @contextmanager
    def write(self, guard: CommitGuard | None = None) -> Iterator[Session]:
        self.begun += 1
        with super().write(guard) as session:
            yield session
            if self.begun == 3:
                raise KeyboardInterrupt


def test_a_run_that_is_killed_goes_on_where_it_was(
    market: Shop, customer: Shopper, clock: FixedClock
) -> None:
    for number in range(4):
        talk(market, customer, f"old{number}")
    clock.advance(days=400)
    before = clock.now() - YEAR

    with pytest.raises(KeyboardInterrupt):
        Retention(DiesSoon(market.units.engine), clock, batch=1).clear(before)
    left = count(market, ConversationRow, TurnRow, InboxRow)
    Retention(market.units, clock, batch=1).clear(before)

    assert left == [2, 2, 2]
    assert count(market, ConversationRow, TurnRow, InboxRow) == [0, 0, 0]
