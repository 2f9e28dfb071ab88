from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from knowledge.conversations.inbox import Inbox
from knowledge.conversations.models import InboxEntry, InboxStatus, Receipt
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import NotFound
from tests.fixed_clock import FixedClock
from tests.knowledge.conversations.conftest import LEASE, Talk

Receive = Callable[[str], InboxEntry]
Claim = Callable[[InboxEntry], InboxEntry | None]


def test_the_same_message_id_gives_the_earlier_row(receive: Receive) -> None:
    assert receive("m1").id == receive("m1").id
    assert receive("m1").id != receive("m2").id


def test_a_message_delivered_many_times_at_once_is_kept_once(
    units: UnitsOfWork, clock: FixedClock, talk: Talk
) -> None:
    start = Barrier(6)

    def come_in(_: int) -> Receipt:
        start.wait()
        with units.write() as session:
            return Inbox(session, clock).receive(
                channel="web",
                shopper_id=talk.shopper_id,
                message_id="same",
                conversation_id=talk.conversation_id,
                cart_id=talk.cart_id,
                payload={},
            )

    with ThreadPoolExecutor(6) as threads:
        receipts = list(threads.map(come_in, range(6)))

    assert len({receipt.entry.turn_id for receipt in receipts}) == 1
    assert sum(receipt.fresh for receipt in receipts) == 1


def test_one_worker_gets_a_message(units: UnitsOfWork, clock: FixedClock, receive: Receive) -> None:
    entry = receive("m1")
    start = Barrier(5)

    def take(_: int) -> InboxEntry | None:
        start.wait()
        with units.write() as session:
            return Inbox(session, clock).claim(entry.id, LEASE)

    with ThreadPoolExecutor(5) as threads:
        taken = [one for one in threads.map(take, range(5)) if one is not None]

    assert [one.attempt for one in taken] == [1]


def test_a_message_waits_for_earlier_ones_of_its_cart(
    units: UnitsOfWork, clock: FixedClock, receive: Receive, claim: Claim
) -> None:
    first, second = receive("m1"), receive("m2")
    assert claim(second) is None
    held = claim(first)
    assert held is not None
    assert claim(second) is None
    with units.write() as session:
        assert Inbox(session, clock).finish(first.id, held.attempt, {"text": "done"})

    assert claim(second) is not None


def test_a_lapsed_lease_lets_another_worker_take_over_and_fences_the_first(
    units: UnitsOfWork, clock: FixedClock, receive: Receive, claim: Claim
) -> None:
    first = claim(receive("m1"))
    assert first is not None
    assert claim(first) is None
    clock.advance(6)

    second = claim(first)

    assert second is not None
    assert second.attempt == 2
    with units.write() as session:
        inbox = Inbox(session, clock)
        assert not inbox.heartbeat(first.id, first.attempt, LEASE)
        assert not inbox.keep_start(first.id, first.attempt, {})
        assert inbox.fence(first.id, first.attempt) is None
        assert not inbox.finish(first.id, first.attempt, {"text": "late"})
        assert inbox.finish(first.id, second.attempt, {"text": "mine"})
        assert inbox.get(first.id).answer == {"text": "mine"}


def test_a_heartbeat_keeps_the_lease(
    units: UnitsOfWork, clock: FixedClock, receive: Receive, claim: Claim
) -> None:
    held = claim(receive("m1"))
    assert held is not None
    clock.advance(4)
    with units.write() as session:
        assert Inbox(session, clock).heartbeat(held.id, held.attempt, LEASE)
    clock.advance(4)

    assert claim(held) is None


def test_the_sweeper_finds_what_nobody_works_on(
    units: UnitsOfWork, clock: FixedClock, receive: Receive, claim: Claim
) -> None:
    running, finished = claim(receive("m1")), None
    assert running is not None
    with units.write() as session:
        Inbox(session, clock).finish(running.id, running.attempt, {})
    finished = running
    working = claim(receive("m2"))
    waiting = receive("m3")
    assert working is not None

    with units.read() as session:
        inbox = Inbox(session, clock)
        assert [one.id for one in inbox.unfinished(clock.now())] == [waiting.id]
        clock.advance(10)
        assert [one.id for one in inbox.unfinished(clock.now())] == [working.id, waiting.id]
    assert finished.id not in (working.id, waiting.id)


def test_a_finished_message_can_neither_be_claimed_nor_taken(
    units: UnitsOfWork, clock: FixedClock, receive: Receive, claim: Claim
) -> None:
    held = claim(receive("m1"))
    assert held is not None
    with units.write() as session:
        Inbox(session, clock).finish(held.id, held.attempt, {}, InboxStatus.FAILED)

    assert claim(held) is None
    with units.write() as session:
        assert Inbox(session, clock).take(held.id, LEASE) is None
        assert Inbox(session, clock).get(held.id).status.finished


def test_an_unfinished_message_can_be_taken_away(
    units: UnitsOfWork, clock: FixedClock, receive: Receive, claim: Claim
) -> None:
    held = claim(receive("m1"))
    assert held is not None
    with units.write() as session:
        taken = Inbox(session, clock).take(held.id, LEASE)

    assert taken is not None
    assert taken.attempt == held.attempt + 1


def test_what_is_not_there_is_not_found(units: UnitsOfWork, clock: FixedClock) -> None:
    with units.read() as session:
        inbox = Inbox(session, clock)
        with pytest.raises(NotFound):
            inbox.get("in_none")
        with pytest.raises(NotFound):
            inbox.of_turn("t_none")


def test_a_message_claimed_on_receipt_holds_its_cart_like_any_other(
    units: UnitsOfWork, clock: FixedClock, talk: Talk, receive: Receive, claim: Claim
) -> None:
    with units.write() as session:
        inbox = Inbox(session, clock)
        assert inbox.is_free(talk.cart_id)
        first = inbox.receive_claimed(
            channel="web",
            shopper_id=talk.shopper_id,
            message_id="m1",
            conversation_id=talk.conversation_id,
            cart_id=talk.cart_id,
            payload={},
            start={"state": {}},
            lease=LEASE,
        ).entry
    second = receive("m2")
    with units.write() as session:
        assert Inbox(session, clock).get(first.id) == first
        assert not Inbox(session, clock).is_free(talk.cart_id)
    assert (first.status, first.attempt) == (InboxStatus.RUNNING, 1)
    assert claim(first) is None
    assert claim(second) is None

    clock.advance(6)

    again = claim(first)
    assert again is not None
    assert (again.attempt, again.start) == (2, {"state": {}})


def test_of_rivals_for_a_free_cart_one_claims_its_message_on_receipt(
    units: UnitsOfWork, clock: FixedClock, talk: Talk
) -> None:
    start = Barrier(4)

    def come_in(number: int) -> bool:
        start.wait()
        with units.write() as session:
            inbox = Inbox(session, clock)
            free = inbox.is_free(talk.cart_id)
            columns = {
                "channel": "web",
                "shopper_id": talk.shopper_id,
                "message_id": f"m{number}",
                "conversation_id": talk.conversation_id,
                "cart_id": talk.cart_id,
            }
            if free:
                inbox.receive_claimed(**columns, payload={}, start={}, lease=LEASE)
            else:
                inbox.receive(**columns, payload={})
            return free

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(come_in, range(4))) == 1
