from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.conversations.conversations import Conversations
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import NotFound
from tests.fixed_clock import FixedClock
from tests.knowledge.conversations.conftest import Talk


def test_turns_are_numbered_and_the_window_holds_the_last_ones(
    units: UnitsOfWork, clock: FixedClock, talk: Talk
) -> None:
    for number in range(5):
        with units.write() as session:
            Conversations(session, clock).append(
                talk.conversation_id,
                turn_id=f"t{number}",
                parts=[{"type": "user", "text": str(number)}],
                schema_version=1,
                outcome="answered",
                started_at=clock.now(),
                title="bananas please " * 20,
            )

    with units.read() as session:
        conversations = Conversations(session, clock)
        window = conversations.window(talk.conversation_id, turns=3)
        assert [(one.seq, one.parts[0]["text"]) for one in window] == [
            (3, "2"),
            (4, "3"),
            (5, "4"),
        ]
        assert conversations.get(talk.conversation_id).last_seq == 5
        title = conversations.get(talk.conversation_id).title
        assert title is not None
        assert len(title) == 80


def test_turns_appended_at_once_each_get_a_number_of_their_own(
    units: UnitsOfWork, clock: FixedClock, talk: Talk
) -> None:
    def append(number: int) -> int:
        with units.write() as session:
            return (
                Conversations(session, clock)
                .append(
                    talk.conversation_id,
                    turn_id=f"t{number}",
                    parts=[],
                    schema_version=1,
                    outcome="answered",
                    started_at=clock.now(),
                )
                .seq
            )

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(append, range(8))) == list(range(1, 9))


def test_another_shoppers_conversation_is_as_good_as_none(
    units: UnitsOfWork, clock: FixedClock, talk: Talk
) -> None:
    with units.read() as session, pytest.raises(NotFound):
        Conversations(session, clock).get(talk.conversation_id, shopper_id="s_other")


def test_a_shoppers_conversations_come_newest_first(
    units: UnitsOfWork, clock: FixedClock, talk: Talk
) -> None:
    clock.advance(60)
    with units.write() as session:
        newer = Conversations(session, clock).open(
            shopper_id=talk.shopper_id, cart_id=talk.cart_id, channel="sms"
        )

    with units.read() as session:
        conversations = Conversations(session, clock)
        found = conversations.of_shopper(talk.shopper_id)
        assert [one.id for one in found] == [newer.id, talk.conversation_id]
        latest = conversations.latest(talk.shopper_id, "web")
        assert latest is not None
        assert latest.id == talk.conversation_id
        assert conversations.latest(talk.shopper_id, "voice") is None


def test_what_was_shown_is_remembered(units: UnitsOfWork, clock: FixedClock, talk: Talk) -> None:
    shown = [{"number": 1, "product_id": "P001", "title": "x", "kind": "search", "replaces": None}]
    with units.write() as session:
        Conversations(session, clock).set_shown(talk.conversation_id, shown)

    with units.read() as session:
        assert list(Conversations(session, clock).get(talk.conversation_id).shown) == shown
