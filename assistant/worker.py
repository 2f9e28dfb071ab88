"""Works on messages: one turn at a time per cart, each with a lease, a deadline and a record."""

import asyncio
import dataclasses
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from weakref import WeakValueDictionary

from assistant.agent import ShoppingAgent
from assistant.grounding.earlier_facts import EarlierFacts
from assistant.insight import Insight
from assistant.limits import Limits
from assistant.messages import Answer
from assistant.providers.failures import ModelFailed
from assistant.providers.minds import Minds
from assistant.reception import load_message
from assistant.recording import Outcome, record
from assistant.replay import tell
from assistant.runs import RunLog
from assistant.streaming import EventWriter
from assistant.turn import TurnAttempt, what_is_done, why_failed
from assistant.turn_start import Begun, TurnStarts, turn_in_window
from assistant.turn_watch import TurnWatch, TurnWatches
from assistant.window import TURNS, turn_parts
from knowledge.conversations.guard import TurnGuard
from knowledge.conversations.models import InboxEntry, InboxStatus, Receipt, Turn
from knowledge.errors import NotFound, TurnExpired
from knowledge.shop import Shop
from knowledge.state.connection import SharedState
from knowledge.state.locks import CartLock, CartLocks
from knowledge.state.windows import ConversationWindows
from knowledge.usage.models import ModelUse
from prompts import load_wording

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

_WAIT_SECONDS = 0.02
_LONGEST_WAIT = 0.5
_TRIES = 4
_WRITE_SECONDS = 5.0
"""What a turn whose time is over still gets to be written down, before the shopper is told."""


@dataclass(slots=True)
class _Active:
    """A turn this process is in the middle of."""

    guard: TurnGuard
    task: "asyncio.Task[object]"
    stopped_by: str | None = None
    closing: bool = False
    recorded: bool = False


class TurnWorker:
    """Stateless but for what it is in the middle of."""

    def __init__(
        self,
        *,
        shop: Shop,
        agent: ShoppingAgent,
        minds: Minds,
        state: SharedState,
        limits: Limits,
        insight: Insight | None = None,
        after: Callable[[Answer, Turn], None] | None = None,
    ) -> None:
        """``after`` is called with each turn once it is recorded, on the loop; it must not wait."""
        self._shop = shop
        self._watches = TurnWatches(shop, insight or Insight())
        self._after = after
        self._agent = agent
        self._minds = minds
        self._limits = limits
        self._windows = ConversationWindows(state, turns=TURNS)
        self._locks = CartLocks(state, ttl_seconds=limits.lease.total_seconds())
        self._starts = TurnStarts(
            shop=shop, windows=self._windows, locks=self._locks, limits=limits
        )
        self._carts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._active: dict[str, _Active] = {}
        self._ready: dict[str, Begun] = {}
        self._earlier = EarlierFacts()

    def go_on(self, receipt: Receipt) -> None:
        """Have ``work`` go on with a message that was claimed when it was received."""
        begun = self._starts.go_on(receipt)
        if begun is not None:
            self._ready[receipt.entry.turn_id] = begun

    async def work(self, entry: InboxEntry, log: RunLog) -> Answer:
        """Answer a message, or wait for whoever is answering it."""
        wait = _WAIT_SECONDS
        # Those of this process stand in line here; another process is asked through Redis and SQL.
        line = self._carts.setdefault(entry.cart_id, asyncio.Lock())
        while True:
            async with line:
                begun: Begun | InboxEntry | None = self._ready.pop(entry.turn_id, None)
                if begun is None:
                    begun = await _insist(lambda: self._starts.begin(entry), entry, "begun")
                if isinstance(begun, Begun):
                    try:
                        with self._watches.turn(begun.entry) as watch:
                            return await self._attempt(begun, log, watch)
                    except TurnExpired:
                        logger.warning("turn %s was taken over elsewhere", entry.turn_id)
            if isinstance(begun, InboxEntry):
                return self._answered_elsewhere(begun, log)
            await asyncio.sleep(wait)
            wait = min(wait * 1.5, _LONGEST_WAIT)

    async def cancel_here(self, run_id: str) -> bool:
        active = self._active.get(run_id)
        if active is None:  # it still waits its turn
            return await asyncio.to_thread(self.cancel_elsewhere, run_id)
        if active.closing:
            return False
        active.stopped_by = "cancelled"
        active.guard.cancel()
        active.task.cancel()
        return True

    def cancel_elsewhere(self, run_id: str) -> bool:
        """Take the message away from whoever has it; what they still do cannot commit."""
        with self._shop.write() as work:
            entry = work.inbox.of_turn(run_id)
            taken = work.inbox.take(entry.id, self._limits.lease)
        if taken is None:
            return False
        outcome = self._short(taken, "cancelled", InboxStatus.CANCELLED)
        record(self._shop, taken, outcome, started_at=taken.received_at)
        return True

    async def _attempt(self, begun: Begun, log: RunLog, watch: TurnWatch) -> Answer:
        entry = begun.entry
        log.begin(entry.attempt)
        writer = EventWriter(run_id=entry.turn_id, thread_id=entry.conversation_id, emit=log.emit)
        if not log.events:
            writer.started()
        guard = TurnGuard(
            entry_id=entry.id,
            attempt=entry.attempt,
            deadline=time.monotonic() + self._limits.of(entry.channel),
        )
        task = asyncio.current_task()
        assert task is not None
        active = _Active(guard, task)
        self._active[entry.turn_id] = active
        heart = asyncio.create_task(self._beat(entry, begun.lock, active))
        started_at = self._shop.clock.now()
        try:
            outcome, failure = await self._run(begun, writer, active, watch)
            outcome = watch.marked(outcome)
            active.closing = True
            uses = watch.uses(outcome)
            async with asyncio.timeout(max(guard.seconds_left, _WRITE_SECONDS)):
                if failure is not None:
                    entry = await self._fence(entry, guard)
                answer, turn = await self._record(entry, outcome, started_at, begun.lock, uses)
            active.recorded = True
            if failure is None or failure == "cancelled":
                writer.finished(answer, cancelled=failure is not None)
            else:
                writer.state(answer.cart, answer.budget)
                writer.failed(answer.text, failure)
            watch.ended(outcome, uses)
            self._go_on_after(answer, turn)
            return answer
        finally:
            if not writer.ended:
                writer.end_text()
            heart.cancel()
            if not active.recorded:
                # Released in a thread nobody waits for: this may be the process's end.
                asyncio.get_running_loop().run_in_executor(None, self._locks.release, begun.lock)
            del self._active[entry.turn_id]
            guard.cancel()

    async def _run(
        self, begun: Begun, writer: EventWriter, active: _Active, watch: TurnWatch
    ) -> tuple[Outcome, str | None]:
        entry, guard = begun.entry, active.guard
        if entry.attempt > self._limits.attempts:
            return self._short(entry, "gave_up", InboxStatus.FAILED), "gave_up"
        if not self._minds[0].is_offline and begun.start.chosen is None:
            watch.limit = await self._watches.limit(entry)
        if watch.limit is not None and self._minds.offline is None:
            outcome = self._short(entry, "limit_over", InboxStatus.DONE)
            writer.state(begun.start.state.cart, begun.start.state.budget)
            writer.text(outcome.text)
            return outcome, None
        attempt = TurnAttempt(
            shop=self._shop,
            agent=self._agent,
            minds=self._minds,
            entry=entry,
            message=load_message(entry),
            start=begun.start,
            guard=guard,
            writer=writer,
            earlier=self._earlier,
            offline_only=watch.limit is not None,
        )
        watch.attempt = attempt
        if watch.limit is not None and not watch.limit.told:
            attempt.speaker.say_trusted(load_wording("apologies")["limit_reached"])
        try:
            async with asyncio.timeout(guard.seconds_left):
                with self._watches.decision(begun.start.chosen):
                    return await attempt.run(), None
        except asyncio.CancelledError:
            if active.stopped_by is None:
                raise  # the process ends; somebody takes the turn over when the lease lapses
            active.task.uncancel()
            if active.stopped_by == "taken_over":
                raise TurnExpired("This turn is answered elsewhere.") from None
            failure = active.stopped_by
        except TimeoutError as error:
            failure = why_failed(error)
        except Exception as error:  # a bug, a lost database, a model that is down
            # What each model said has been told already; where it was asked tells nothing more.
            unknown = not isinstance(error, ModelFailed)
            logger.log(
                logging.ERROR if unknown else logging.WARNING,
                "turn %s failed: %s", entry.turn_id, error, exc_info=unknown,
            )  # fmt: skip
            failure = why_failed(error)
        guard.cancel()
        return self._unfinished(attempt, entry, failure), failure

    def _unfinished(self, attempt: TurnAttempt, entry: InboxEntry, failure: str) -> Outcome:
        """What is said of a turn that was cut off: the apology, and what is done already."""
        apology = load_wording("apologies")[failure]
        done = what_is_done(attempt.context)
        text = "\n\n".join(part for part in (attempt.speaker.whole, apology, done) if part)
        cancelled = failure == "cancelled"
        return dataclasses.replace(
            attempt.outcome(),
            text=text,
            parts=turn_parts(str(entry.payload["text"]), attempt.context.messages, text),
            status=InboxStatus.CANCELLED if cancelled else InboxStatus.FAILED,
            kind=failure,
        )

    def _short(self, entry: InboxEntry, why: str, status: InboxStatus) -> Outcome:
        text = load_wording("apologies")[why]
        parts = turn_parts(str(entry.payload["text"]), [], text)
        return Outcome(text=text, parts=parts, status=status, kind=why)

    async def _fence(self, entry: InboxEntry, guard: TurnGuard) -> InboxEntry:
        """Make sure that nothing left running commits after the apology."""
        guard.cancel()

        def advance() -> int | None:
            with self._shop.write() as work:
                return work.inbox.fence(entry.id, entry.attempt)

        attempt = await _insist(advance, entry, "fenced")
        if attempt is None:
            raise TurnExpired("This turn is answered elsewhere.")
        return dataclasses.replace(entry, attempt=attempt)

    async def _record(
        self,
        entry: InboxEntry,
        outcome: Outcome,
        started_at: datetime,
        lock: CartLock,
        uses: Sequence[ModelUse],
    ) -> tuple[Answer, Turn]:
        def write() -> tuple[Answer, Turn]:
            answer, turn = record(self._shop, entry, outcome, started_at=started_at, uses=uses)
            self._windows.append(entry.conversation_id, turn_in_window(turn))
            self._locks.release(lock)
            return answer, turn

        return await _insist(write, entry, "recorded")

    def _go_on_after(self, answer: Answer, turn: Turn) -> None:
        if self._after is not None:
            try:
                self._after(answer, turn)
            except Exception:
                logger.exception("turn %s: what comes after it failed", turn.id)

    async def _beat(self, entry: InboxEntry, lock: CartLock, active: _Active) -> None:
        """Hold the message while we work on it; stop when somebody else has it."""

        def beat() -> bool:
            self._locks.extend(lock)
            with self._shop.write() as work:
                return work.inbox.heartbeat(entry.id, entry.attempt, self._limits.lease)

        while True:
            await asyncio.sleep(self._limits.heartbeat_seconds)
            try:
                ours = await asyncio.to_thread(beat)
            except Exception:
                logger.exception("turn %s: the heartbeat failed", entry.turn_id)
                continue
            if not ours and not active.closing:
                active.stopped_by = "taken_over"
                active.guard.cancel()
                active.task.cancel()
                return

    def _answered_elsewhere(self, entry: InboxEntry, log: RunLog) -> Answer:
        answer = Answer.model_validate(entry.answer)
        writer = EventWriter(run_id=entry.turn_id, thread_id=entry.conversation_id, emit=log.emit)
        if log.events:  # what this process had begun to tell is told to its end
            writer.finished(answer, cancelled=entry.status is InboxStatus.CANCELLED)
        else:
            log.begin(entry.attempt)
            tell(writer, answer, entry.status)
        return answer


async def _insist(work: Callable[[], Result], entry: InboxEntry, done: str) -> Result:
    """Do it in a thread, and again where the database fails for a moment. Raises the last error."""
    for tries in range(1, _TRIES):
        try:
            return await asyncio.to_thread(work)
        except (TurnExpired, NotFound):
            raise
        except Exception:
            logger.exception("turn %s: could not be %s, try %d", entry.turn_id, done, tries)
            await asyncio.sleep(0.1 * tries)
    return await asyncio.to_thread(work)
