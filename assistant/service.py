"""The assistant: takes messages in, works on each once, answers, and tells what happens."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

from langchain_core.language_models import BaseChatModel

from assistant.agent import ShoppingAgent
from assistant.insight import Insight
from assistant.limits import Limits
from assistant.memory.summariser import Summariser
from assistant.messages import Answer, InboundMessage
from assistant.providers.minds import Minds
from assistant.reception import Reception
from assistant.replay import apologise, replay
from assistant.runs import Run, RunLog
from assistant.toolset import build_toolset, tools_for
from assistant.watched_runner import WatchedRunner
from assistant.worker import TurnWorker
from knowledge.conversations.models import InboxEntry
from knowledge.errors import InvalidInput, NotFound
from knowledge.shop import Shop
from knowledge.state.connection import SharedState
from knowledge.state.streams import RunEvent, RunStreams
from prompts import load_all

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

_KEPT_RUNS = 256
_FOLLOW_SECONDS = 0.1
_PATIENCE = 5
_SWEEP_LIMIT = 20


class Assistant:
    """One shop's assistant in this process. Used on one event loop; ``close`` it at the end."""

    def __init__(
        self,
        *,
        shop: Shop,
        state: SharedState,
        minds: Minds | None = None,
        model: BaseChatModel | None = None,
        limits: Limits | None = None,
        insight: Insight | None = None,
    ) -> None:
        load_all()
        self.insight = insight or Insight()
        self.shop = shop
        self.limits = limits or Limits()
        self.minds = minds if minds is not None else Minds.one(_given(model))
        self._streams = RunStreams(state)
        self._reception = Reception(shop, self.limits)
        self._summariser = Summariser(
            shop, self.minds, note=self.insight.note, may_ask=self._may_ask
        )
        runner = WatchedRunner(shop, self.insight)
        agent = ShoppingAgent(
            self.minds,
            build_toolset(runner),
            now=shop.clock.now,
            tools_for=lambda tokens: build_toolset(runner, tools_for(tokens)),
        )
        self._worker = TurnWorker(
            shop=shop,
            agent=agent,
            minds=self.minds,
            state=state,
            limits=self.limits,
            insight=self.insight,
            after=self._summariser.after,
        )
        self._logs: dict[str, RunLog] = {}
        self._runs: dict[str, Run] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def submit(self, message: InboundMessage, shopper_id: str) -> Run:
        """Keep the message, then begin to work on it; it goes on whoever listens.

        A message id that came before joins its run, or gets its answer. Raises ``NotFound`` for
        a conversation the shopper does not have.
        """
        # Whoever gives up waiting must not take a message along that is claimed already.
        return await asyncio.shield(self._keep(self._receive(message, shopper_id)))

    async def answer(self, message: InboundMessage, shopper_id: str) -> Answer:
        run = await self.submit(message, shopper_id)
        return await run.answer()

    async def events(self, run_id: str, after: str | None = None) -> AsyncIterator[RunEvent]:
        """The AG-UI events of a run behind ``after``, until its end. Raises ``NotFound``."""
        log = self._logs.get(run_id)
        if log is not None:
            async for event in log.follow(after):
                yield event
            return
        async for event in self._events_elsewhere(run_id, after):
            yield event

    async def cancel(self, run_id: str) -> bool:
        """Stop a run; what it has done stays done. False when it was over already."""
        if run_id in self._runs and not self._logs[run_id].closed:
            return await self._worker.cancel_here(run_id)
        return await asyncio.to_thread(self._worker.cancel_elsewhere, run_id)

    async def sweep(self) -> int:
        """Take over messages that nobody works on any more; returns how many."""
        now = self.shop.clock.now()

        def find() -> list[InboxEntry]:
            with self.shop.read() as work:
                return work.inbox.unfinished(now, limit=_SWEEP_LIMIT)

        entries = await asyncio.to_thread(find)
        orphans = [entry for entry in entries if not self._is_live(entry.turn_id)]
        for entry in orphans:
            logger.info("taking over turn %s (attempt %d)", entry.turn_id, entry.attempt + 1)
            self._run_of(entry)
        return len(orphans)

    async def sweep_forever(self) -> None:
        """Sweep now and then; run it as a task for as long as the process serves."""
        while True:
            try:
                await self.sweep()
            except Exception:
                logger.exception("the sweep failed; trying again")
            await asyncio.sleep(self.limits.sweep_seconds)

    async def close(self) -> None:
        """Stop working; unfinished messages are taken over by whoever sweeps next."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._summariser.close()
        await self.minds.close()

    async def _receive(self, message: InboundMessage, shopper_id: str) -> Run:
        def receive() -> InboxEntry:
            receipt = self._reception.receive(message, shopper_id)
            try:
                self._worker.go_on(receipt)
            except Exception:  # it is begun anew
                logger.exception("turn %s could not be begun", receipt.entry.turn_id)
            return receipt.entry

        return self._run_of(await asyncio.to_thread(receive))

    def _may_ask(self, shopper_id: str) -> bool:
        limits = self.insight.limits
        if not limits:
            return True
        with self.shop.read() as work:
            return limits.reached(work, shopper_id, self.shop.clock.now()) is None

    async def notes_written(self) -> None:
        """Wait until the notes of long talks that were begun are kept."""
        await self._summariser.finish()

    def run_id_known(self, run_id: str) -> bool:
        return run_id in self._logs

    def _is_live(self, run_id: str) -> bool:
        log = self._logs.get(run_id)
        return log is not None and not log.closed

    def _run_of(self, entry: InboxEntry) -> Run:
        if self._is_live(entry.turn_id):
            return self._runs[entry.turn_id]
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        run = Run(entry.turn_id, entry.conversation_id, entry.message_id, answered)
        if entry.status.finished and entry.answer is not None:
            answered.set_result(Answer.model_validate(entry.answer))
            return run
        log = RunLog(entry.turn_id)
        self._logs[entry.turn_id], self._runs[entry.turn_id] = log, run
        self._keep(self._work(entry, log, run))
        return run

    async def _work(self, entry: InboxEntry, log: RunLog, run: Run) -> None:
        publishing = asyncio.create_task(log.publish(self._streams))
        try:
            answer = await self._worker.work(entry, log)
            if not run.answered.done():
                run.answered.set_result(answer)
        except BaseException as error:
            if not run.answered.done():
                run.answered.set_exception(error)
                run.answered.exception()  # nobody has to ask for it
            if not isinstance(error, Exception):
                raise
            logger.exception("turn %s could not be finished", entry.turn_id)
            apologise(entry, log)
        finally:
            log.close()
            await publishing
            self._forget_old()

    def _keep(self, work: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _forget_old(self) -> None:
        closed = [run_id for run_id, log in self._logs.items() if log.closed]
        for run_id in closed[: max(0, len(closed) - _KEPT_RUNS)]:
            del self._logs[run_id], self._runs[run_id]

    async def _events_elsewhere(self, run_id: str, after: str | None) -> AsyncIterator[RunEvent]:
        """Follow a run of another process through Redis; without Redis, from its stored answer."""
        last = after
        patience = 0
        while True:
            events = await asyncio.to_thread(self._streams.read, run_id, last)
            for event in events:
                yield event
                last = event.id
                patience = _PATIENCE  # Redis has this run: its last events are on their way
            if events and _is_last(events[-1]):
                return
            if not events:
                entry = await asyncio.to_thread(self._entry, run_id)
                if entry.status.finished and patience <= 0:
                    for event in replay(entry, last):
                        yield event
                    return
                patience -= entry.status.finished
                await asyncio.sleep(_FOLLOW_SECONDS)

    def _entry(self, run_id: str) -> InboxEntry:
        with self.shop.read() as work:
            return work.inbox.of_turn(run_id)


def _given(model: BaseChatModel | None) -> BaseChatModel:
    if model is None:
        raise InvalidInput("An assistant needs minds or a model.")
    return model


def _is_last(event: RunEvent) -> bool:
    return '"RUN_FINISHED"' in event.data or '"RUN_ERROR"' in event.data


__all__ = ["Assistant", "NotFound", "Run"]
