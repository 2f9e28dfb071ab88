"""Writes notes of turns that will leave the window: after the answer, never on its clock."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from assistant.memory.checking import checked, record_of
from assistant.memory.noting import noted
from assistant.memory.summary import Summary, read_summary, summary_of
from assistant.memory.transcript import for_notes, transcript
from assistant.messages import Answer
from assistant.model_calls import CallOutcome, ModelCall
from assistant.providers.failures import failure_of
from assistant.providers.minds import Mind, Minds
from assistant.window import Part
from knowledge.conversations.models import Conversation, Turn
from knowledge.errors import NotFound
from knowledge.shop import Shop
from prompts import load

logger = logging.getLogger(__name__)
NoteCall = Callable[[ModelCall, str, str, str], None]
"""Told of each call with turn, shopper and channel. Called in a thread."""
MayAsk = Callable[[str], bool]
"""Whether a vendor's model may still be asked for this shopper today. Called in a thread."""

KEEP = 6
"""The last turns are left to the window."""
EVERY = 6
"""So many turns at a time are worth a call."""
_MOST_TURNS = 60
_SECONDS = 30.0
_AT_ONCE = 2
_WAITING = 32


@dataclass(frozen=True, slots=True)
class _Job:
    conversation: Conversation
    turns: list[list[Part]]
    until: int
    may_ask: bool


class Summariser:
    """For one event loop. Whatever goes wrong here, the shopper's talk goes on without notice."""

    def __init__(
        self,
        shop: Shop,
        minds: Minds,
        *,
        note: NoteCall | None = None,
        may_ask: MayAsk | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        self._shop = shop
        self._minds = minds
        self._note = note
        self._may_ask = may_ask
        self._seconds = seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()
        self._line = asyncio.Semaphore(_AT_ONCE)

    def after(self, answer: Answer, turn: Turn) -> None:
        """Begin to note what will leave the window, when it is worth it."""
        del answer
        due = turn.seq >= KEEP + EVERY and turn.seq % EVERY == 0
        if not due or turn.conversation_id in self._busy or len(self._tasks) >= _WAITING:
            return
        self._busy.add(turn.conversation_id)
        task = asyncio.get_running_loop().create_task(self._summarise(turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait for what was begun."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Give up what was begun; it is made up for when the talk goes on."""
        for task in self._tasks:
            task.cancel()
        await self.finish()

    async def _summarise(self, turn: Turn) -> None:
        try:
            async with self._line:
                job = await asyncio.to_thread(self._read, turn)
                if job is not None:
                    summary = await self._write(job, turn)
                    await asyncio.to_thread(self._keep, job, summary)
        except NotFound:
            logger.info("conversation %s is gone; nothing is noted", turn.conversation_id)
        except Exception:
            logger.exception("conversation %s could not be noted", turn.conversation_id)
        finally:
            self._busy.discard(turn.conversation_id)

    def _read(self, turn: Turn) -> _Job | None:
        with self._shop.read() as work:
            talk = work.conversations.get(turn.conversation_id)
            until = min(turn.seq - KEEP, talk.summary_until + _MOST_TURNS)
            if until <= talk.summary_until:
                return None
            turns = work.conversations.turns(talk.id, after=talk.summary_until, until=until)
        allowed = self._may_ask is None or self._may_ask(talk.shopper_id)
        return _Job(talk, for_notes([one.parts for one in turns]), until, allowed)

    def _keep(self, job: _Job, summary: Summary) -> None:
        with self._shop.write() as work:
            kept = work.conversations.keep_summary(
                job.conversation.id,
                summary.written(),
                until=job.until,
                known_until=job.conversation.summary_until,
            )
        if not kept:
            logger.info("conversation %s was noted elsewhere", job.conversation.id)

    async def _write(self, job: _Job, turn: Turn) -> Summary:
        """By a model where one may be asked and answers well; else by code."""
        before = read_summary(job.conversation.summary)
        mind = self._mind() if job.may_ask else None
        if mind is not None:
            written = await self._ask(mind, job, before, turn)
            if written is not None:
                return checked(written, record_of(before, job.turns))
        return noted(before, job.turns)

    def _mind(self) -> Mind | None:
        """The last vendor's model of the chain that works: those behind the first cost less."""
        working = [
            one
            for one in self._minds
            if one.spec is not None and not one.is_offline and not one.breaker.is_open
        ]
        return working[-1] if working else None

    async def _ask(self, mind: Mind, job: _Job, before: Summary, turn: Turn) -> Summary | None:
        text = transcript(before, job.turns, first=job.conversation.summary_until + 1)
        asked = [SystemMessage(load("summary").text), HumanMessage(text)]
        began, at = time.monotonic(), self._shop.clock.now()
        outcome: CallOutcome = "ok"
        usage: dict[str, Any] = {}
        written: Summary | None = None
        try:
            async with asyncio.timeout(self._seconds):
                message = await mind.model.ainvoke(asked)
            if isinstance(message, AIMessage):
                usage = dict(message.usage_metadata or {})
            written = summary_of(message.text)
            if written is None:
                outcome = "broken" if message.text.strip() else "empty"
        except Exception as error:  # noqa: BLE001 - whatever a vendor's client raises
            failure = failure_of(error)
            outcome = failure.outcome
            logger.warning("%s could not note a talk: %s", mind.title, failure.told)
        call = ModelCall(
            purpose="summary",
            provider=mind.provider,
            model=mind.name,
            outcome=outcome,
            at=at,
            seconds=time.monotonic() - began,
            input_tokens=int(usage.get("input_tokens", 0)),
            cached_tokens=int((usage.get("input_token_details") or {}).get("cache_read", 0)),
            output_tokens=int(usage.get("output_tokens", 0)),
        )
        if self._note is not None:
            who = job.conversation
            await asyncio.to_thread(self._note, call, turn.id, who.shopper_id, who.channel)
        return written
