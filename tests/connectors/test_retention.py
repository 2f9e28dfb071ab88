from dataclasses import replace
from datetime import UTC, datetime

from connectors.retention import RETENTION_JOB, NightlyRetention, schedule
from knowledge.jobs.models import Job
from knowledge.shop import Shop
from tests.calls import Talk
from tests.connectors.test_jobs import run_until_settled
from tests.fixed_clock import FixedClock


def jobs(shop: Shop) -> list[Job]:
    with shop.read() as work:
        return [one for one in work.jobs.list(None, limit=10) if one.kind == RETENTION_JOB]


def night_of(shop: Shop, clock: FixedClock) -> None:
    schedule(shop.units, clock, shop.profile)


def test_each_night_is_queued_once_whoever_starts(talk: Talk, clock: FixedClock) -> None:
    night_of(talk.shop, clock)
    night_of(talk.shop, clock)

    (job,) = jobs(talk.shop)
    assert job.due_at == datetime(2026, 11, 24, 3, 15, tzinfo=UTC)


def test_where_everything_is_kept_nothing_is_queued(talk: Talk, clock: FixedClock) -> None:
    profile = replace(talk.shop.profile, retention_days=0)

    schedule(talk.shop.units, clock, profile)
    NightlyRetention(talk.shop.units, clock, profile).run({})

    assert jobs(talk.shop) == []


async def test_a_night_deletes_old_talks_and_queues_the_next(talk: Talk, clock: FixedClock) -> None:
    shop, caller = talk.shop, talk.caller
    with shop.write() as work:
        work.conversations.open(shopper_id=caller.shopper_id, cart_id=caller.cart_id, channel="web")
    clock.advance(days=400)
    night_of(shop, clock)
    (job,) = jobs(shop)
    clock.advance(days=1)
    handler = NightlyRetention(shop.units, clock, shop.profile).run

    await run_until_settled(shop, {RETENTION_JOB: handler}, job.id)

    with shop.read() as work:
        assert work.conversations.of_shopper(caller.shopper_id) == []
    assert [job.status for job in jobs(shop)].count("waiting") == 1
