"""A shopper with a conversation, straight in the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from knowledge.conversations.conversations import Conversations
from knowledge.conversations.inbox import Inbox
from knowledge.conversations.models import InboxEntry
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.shoppers.shoppers import Shoppers
from tests.fixed_clock import FixedClock

LEASE = timedelta(seconds=6)


@dataclass(frozen=True)
class Talk:
    shopper_id: str
    cart_id: str
    conversation_id: str


@pytest.fixture
def talk(units: UnitsOfWork, clock: FixedClock) -> Talk:
    with units.write() as session:
        shopper = Shoppers(session, clock).create_anonymous("web")
        conversation = Conversations(session, clock).open(
            shopper_id=shopper.id, cart_id=shopper.cart_id, channel="web"
        )
    return Talk(shopper.id, shopper.cart_id, conversation.id)


@pytest.fixture
def receive(units: UnitsOfWork, clock: FixedClock, talk: Talk) -> Callable[..., InboxEntry]:
    """Receive a message; a second later each."""

    def come_in(message_id: str) -> InboxEntry:
        clock.advance(1)
        with units.write() as session:
            return (
                Inbox(session, clock)
                .receive(
                    channel="web",
                    shopper_id=talk.shopper_id,
                    message_id=message_id,
                    conversation_id=talk.conversation_id,
                    cart_id=talk.cart_id,
                    payload={"text": "hi", "peer": "p"},
                )
                .entry
            )

    return come_in


@pytest.fixture
def claim(units: UnitsOfWork, clock: FixedClock) -> Callable[[InboxEntry], InboxEntry | None]:
    def take(entry: InboxEntry) -> InboxEntry | None:
        with units.write() as session:
            return Inbox(session, clock).claim(entry.id, LEASE)

    return take
