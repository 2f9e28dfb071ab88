import asyncio
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from connectors.jobs import Handler, JobRunner
from knowledge.jobs.models import MOST_ATTEMPTS, Job
from knowledge.shop import Shop
from tests.calls import Talk
from tests.fixed_clock import FixedClock


def add(shop: Shop, kind: str, **payload: Any) -> str:
    with shop.write() as work:
        job_id = work.jobs.add(kind, payload)
    assert job_id is not None
    return job_id


def read(shop: Shop, job_id: str) -> Job:
    with shop.read() as work:
        return work.jobs.get(job_id)


async def run_until_settled(shop: Shop, handlers: Mapping[str, Handler], *job_ids: str) -> None:
    """Run until each of the jobs has been tried once more."""
    before = [read(shop, one).attempts for one in job_ids]
    runner = JobRunner(shop, handlers, poll_seconds=0.01)
    runner.start()
    for _ in range(500):
        jobs = [read(shop, one) for one in job_ids]
        if all(
            job.attempts > tried and job.status != "running"
            for job, tried in zip(jobs, before, strict=True)
        ):
            break
        await asyncio.sleep(0.01)
    await runner.stop()


async def test_a_job_is_done_with_its_payload_and_id(talk: Talk) -> None:
    got: list[dict[str, Any]] = []
    job_id = add(talk.shop, "note", text="hello")
    other = add(talk.shop, "nobody does this")

    await run_until_settled(talk.shop, {"note": got.append}, job_id)

    assert got == [{"text": "hello", "job_id": job_id}]
    assert read(talk.shop, job_id).status == "done"
    assert read(talk.shop, other).status == "waiting"


async def test_a_failing_job_is_tried_again_later_and_given_up_at_last(
    talk: Talk, clock: FixedClock
) -> None:
    def refuse(payload: dict[str, Any]) -> None:
        raise ConnectionError("no answer from " + payload["place"])

    job_id = add(talk.shop, "call", place="home")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        await run_until_settled(talk.shop, {"call": refuse}, job_id)
        job = read(talk.shop, job_id)
        assert (job.attempts, job.last_error) == (attempt, "ConnectionError: no answer from home")
        assert (job.due_at > clock.now()) == (attempt < MOST_ATTEMPTS)
        clock.advance(days=1)

    assert read(talk.shop, job_id).status == "dead"


async def test_a_long_job_keeps_its_lease_and_a_stop_waits_for_it(
    talk: Talk, clock: FixedClock
) -> None:
    started, go_on = threading.Event(), threading.Event()

    def take_long(payload: dict[str, Any]) -> None:
        del payload
        started.set()
        go_on.wait(10)

    job_id = add(talk.shop, "long")
    runner = JobRunner(
        talk.shop, {"long": take_long}, lease=timedelta(seconds=0.3), poll_seconds=0.01
    )
    runner.start()
    await asyncio.to_thread(started.wait, 10)
    first = read(talk.shop, job_id).lease_until
    clock.advance(0.2)
    for _ in range(300):
        if read(talk.shop, job_id).lease_until != first:
            break
        await asyncio.sleep(0.01)
    assert read(talk.shop, job_id).lease_until != first

    stopping = asyncio.create_task(runner.stop())
    await asyncio.sleep(0.02)
    assert not stopping.done()
    go_on.set()
    await stopping
    assert read(talk.shop, job_id).status == "done"


async def test_a_job_at_hand_when_time_is_over_is_left_to_others(talk: Talk) -> None:
    started, go_on = threading.Event(), threading.Event()

    def take_long(payload: dict[str, Any]) -> None:
        del payload
        started.set()
        go_on.wait(10)

    job_id = add(talk.shop, "long")
    runner = JobRunner(talk.shop, {"long": take_long}, poll_seconds=0.01)
    runner.start()
    await asyncio.to_thread(started.wait, 10)

    await runner.stop(grace_seconds=0.05)
    go_on.set()

    assert read(talk.shop, job_id).status == "running"


async def test_a_job_that_ends_every_process_is_given_up(talk: Talk, clock: FixedClock) -> None:
    job_id = add(talk.shop, "bomb")
    for _ in range(MOST_ATTEMPTS):
        with talk.shop.write() as work:
            assert work.jobs.claim(["bomb"], lease=timedelta(seconds=1)) is not None
        clock.advance(60)
    begun: list[dict[str, Any]] = []

    await run_until_settled(talk.shop, {"bomb": begun.append}, job_id)

    assert begun == []
    assert read(talk.shop, job_id).status == "dead"


async def test_what_went_wrong_is_kept_without_mail_addresses(talk: Talk) -> None:
    def refuse(payload: dict[str, Any]) -> None:
        to = payload["to"]
        raise ConnectionError(f"{{'{to}': (550, b'no <{to}> here')}}")

    job_id = add(talk.shop, "mail", to="anna@example.com")

    await run_until_settled(talk.shop, {"mail": refuse}, job_id)

    assert "anna" not in (read(talk.shop, job_id).last_error or "")
