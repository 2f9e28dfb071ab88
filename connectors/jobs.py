"""Runs jobs of the queue: beside the shop, or in a process of their own."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from knowledge.jobs.models import MOST_ATTEMPTS, Job, pause_after
from knowledge.shop import Shop
from knowledge.work import Work

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]
"""Does one job, in a thread. It gets the payload and, as "job_id", the job's id.

A job is done at least once: a handler whose process was killed is run again with the same id.
"""

LEASE = timedelta(seconds=60)
GRACE_SECONDS = 10.0
_POLL_SECONDS = 1.0
_LANES = 2
_KEEP_DONE = timedelta(days=14)
_TIDY_SECONDS = 3600.0
_MAIL = re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+")


class JobRunner:
    """Takes due jobs and has their handlers do them, a few at a time. Any number may share a queue.

    A handler that raises is tried again after a growing pause and given up after eight attempts.
    """

    def __init__(
        self,
        shop: Shop,
        handlers: Mapping[str, Handler],
        *,
        lease: timedelta = LEASE,
        poll_seconds: float = _POLL_SECONDS,
    ) -> None:
        self._shop = shop
        self._handlers = handlers
        self._lease = lease
        self._poll_seconds = poll_seconds
        self._stopping = asyncio.Event()
        self._tidy_at = time.monotonic() + _TIDY_SECONDS
        self._lanes: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._lanes = [asyncio.create_task(self._run_lane()) for _ in range(_LANES)]

    async def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take no more jobs and wait for those at hand; what is left is taken up again later."""
        self._stopping.set()
        if not self._lanes:
            return
        _, late = await asyncio.wait(self._lanes, timeout=grace_seconds)
        for lane in late:
            lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)

    async def _run_lane(self) -> None:
        while not self._stopping.is_set():
            try:
                job = await asyncio.to_thread(self._take)
                if job is not None:
                    await self._do(job)
                    continue
            except Exception:
                logger.exception("The job queue cannot be reached; trying on")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._poll_seconds)

    def _take(self) -> Job | None:
        # Looking first keeps an idle runner from taking SQLite's only write lock each second.
        with self._shop.read() as work:
            due = work.jobs.has_due(self._handlers.keys())
        job = self._claim() if due else None
        if time.monotonic() >= self._tidy_at:
            self._tidy_at = time.monotonic() + _TIDY_SECONDS
            self._shop.change(lambda work: work.jobs.forget_done(work.clock.now() - _KEEP_DONE))
        return job

    def _claim(self) -> Job | None:
        return self._shop.change(
            lambda work: work.jobs.claim(self._handlers.keys(), lease=self._lease)
        )

    async def _do(self, job: Job) -> None:
        if job.attempts > MOST_ATTEMPTS:
            # Whoever had it did not live to say why: it must not take down the next one for ever.
            error = RuntimeError("every process that began it ended before it was done")
            await asyncio.to_thread(self._failed, job, error)
            return
        handler = self._handlers[job.kind]
        holding = asyncio.create_task(self._hold(job))
        try:
            await asyncio.to_thread(handler, {**job.payload, "job_id": job.id})
        except Exception as error:  # noqa: BLE001 - whatever it is, the job did not get done
            await asyncio.to_thread(self._failed, job, error)
        else:
            await asyncio.to_thread(
                self._shop.change, lambda work: work.jobs.done(job.id, attempt=job.attempts)
            )
        finally:
            holding.cancel()

    async def _hold(self, job: Job) -> None:
        """Keep the lease of a job that takes long."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            with suppress(Exception):  # the next one may succeed
                await asyncio.to_thread(
                    self._shop.change,
                    lambda work: work.jobs.extend(job.id, job.attempts, lease=self._lease),
                )

    def _failed(self, job: Job, error: Exception) -> None:
        # A mail server's answer names people; the log and the list of jobs need not.
        reason = _MAIL.sub("<mail address>", f"{type(error).__name__}: {error}")

        def write(work: Work) -> None:
            if job.attempts >= MOST_ATTEMPTS:
                work.jobs.fail(job.id, reason, attempt=job.attempts)
            else:
                due_at = work.clock.now() + pause_after(job.attempts)
                work.jobs.retry(job.id, reason, due_at, attempt=job.attempts)

        self._shop.change(write)
        tried = f"attempt {job.attempts} of {MOST_ATTEMPTS}"
        logger.warning("Job %s (%s) failed, %s: %s", job.id, job.kind, tried, reason)
