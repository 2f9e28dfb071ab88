from datetime import timedelta

from knowledge.conversations.outbox import Outbox
from knowledge.db.unit_of_work import UnitsOfWork
from tests.fixed_clock import FixedClock

LEASE = timedelta(seconds=30)


def test_a_reply_is_taken_by_one_worker_until_its_lease_is_over(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    with units.write() as session:
        entry_id = Outbox(session, clock).add(channel="sms", peer="+1", payload={"text": "hi"})
    with units.write() as session:
        (taken,) = Outbox(session, clock).take_due(limit=5, lease=LEASE)
    with units.write() as session:
        assert Outbox(session, clock).take_due(limit=5, lease=LEASE) == []
    clock.advance(31)
    with units.write() as session:
        (again,) = Outbox(session, clock).take_due(limit=5, lease=LEASE)

    assert (taken.id, taken.attempts, again.attempts) == (entry_id, 1, 2)


def test_a_reply_that_was_sent_or_given_up_is_not_taken_again(
    units: UnitsOfWork, clock: FixedClock
) -> None:
    with units.write() as session:
        outbox = Outbox(session, clock)
        sent, failed, later = [
            outbox.add(channel="sms", peer="+1", payload={}, turn_id="t1", seq=seq)
            for seq in range(3)
        ]
        outbox.mark_sent(sent, vendor_id="SM1")
        outbox.mark_failed(failed, "no such number", retry_at=None)
        outbox.mark_failed(later, "busy", retry_at=clock.now() + timedelta(minutes=1))

    with units.write() as session:
        assert Outbox(session, clock).take_due(limit=5, lease=LEASE) == []
        clock.advance(61)
        due = Outbox(session, clock).take_due(limit=5, lease=LEASE)
        assert [one.id for one in due] == [later]
