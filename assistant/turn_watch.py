"""Looks on while one turn is worked on: its daily limit, the calls it made, its span."""

import asyncio
import dataclasses
import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from opentelemetry.trace import INVALID_SPAN, Span

from assistant.confirmations import Chosen
from assistant.insight import Insight, TurnReport
from assistant.recording import Outcome
from assistant.spending import Reached
from assistant.turn import TurnAttempt
from assistant.window import TURNS
from knowledge.conversations.models import InboxEntry
from knowledge.shop import Shop
from knowledge.usage.days import day_start, today
from knowledge.usage.models import ModelUse

logger = logging.getLogger(__name__)
LIMITED = "limited"
"""Where ``turns.usage`` says whose daily limit kept vendors' models out of a turn."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A daily limit that is reached. ``told`` when the shopper has read of it in this talk."""

    by: Reached
    told: bool


class TurnWatches:
    """Makes the watch of each turn."""

    def __init__(self, shop: Shop, insight: Insight) -> None:
        self._shop = shop
        self.insight = insight
        self._announced: object = None

    @contextmanager
    def turn(self, entry: InboxEntry) -> Iterator["TurnWatch"]:
        """Open the turn's span; a turn that is not recorded has its calls noted at least."""
        with self.insight.span(
            "invoke_agent smartcart",
            gen_ai__operation__name="invoke_agent",
            gen_ai__agent__name="smartcart",
            gen_ai__conversation__id=entry.conversation_id,
            smartcart__turn__id=entry.turn_id,
            smartcart__channel=entry.channel,
            smartcart__attempt=entry.attempt,
        ) as span:
            watch = TurnWatch(entry, self.insight, span)
            try:
                yield watch
            finally:
                watch.note_lost()

    async def limit(self, entry: InboxEntry) -> Limit | None:
        """The limit that is reached, if any; without limits nothing is waited for."""
        if not self.insight.limits:
            return None
        return await asyncio.to_thread(self._limit, entry)

    def decision(self, chosen: Chosen | None) -> AbstractContextManager[object]:
        """The span of a turn that answers a confirmation."""
        if chosen is None:
            return nullcontext()
        return self.insight.span("confirmation", smartcart__confirmation__id=chosen.confirmation_id)

    def _limit(self, entry: InboxEntry) -> Limit | None:
        now = self._shop.clock.now()
        try:
            with self._shop.read() as work:
                by = self.insight.limits.reached(work, entry.shopper_id, now)
                if by is None:
                    return None
                start = day_start(today(now, work.profile), work.profile)
                turns = work.conversations.window(entry.conversation_id, turns=TURNS)
                told = any(turn.usage.get(LIMITED) and turn.finished_at >= start for turn in turns)
            if by == "shop" and self._announced != start:
                self._shop.change(lambda work: self.insight.limits.announce(work, now))
                self._announced = start
        except Exception:  # a shopper must not wait for the counting of money
            logger.exception("turn %s: its daily limit could not be read", entry.turn_id)
            return None
        return Limit(by, told)


class TurnWatch:
    """What is known of one turn beside what it says."""

    def __init__(self, entry: InboxEntry, insight: Insight, span: Span = INVALID_SPAN) -> None:
        self._entry = entry
        self._insight = insight
        self._span = span
        self._begun = time.monotonic()
        self._recorded = False
        self.limit: Limit | None = None
        self.attempt: TurnAttempt | None = None

    def uses(self, outcome: Outcome) -> list[ModelUse]:
        """The calls of a turn with what they cost, to be kept with it."""
        entry = self._entry
        return [
            self._insight.use_of(call, entry.turn_id, entry.shopper_id, entry.channel)
            for call in outcome.model_log
        ]

    def marked(self, outcome: Outcome) -> Outcome:
        """The outcome with the limit it was reached under, if it was."""
        if self.limit is None:
            return outcome
        usage: dict[str, Any] = {**(outcome.usage or {}), LIMITED: self.limit.by}
        return dataclasses.replace(outcome, usage=usage)

    def ended(self, outcome: Outcome, uses: Sequence[ModelUse]) -> None:
        """Count and trace a turn that is recorded."""
        self._recorded = True
        try:
            for use in uses:
                self._insight.observer.model_called(use)
            self._insight.observer.turn_ended(
                TurnReport(
                    channel=self._entry.channel,
                    outcome=outcome.kind,
                    model=outcome.model,
                    seconds=time.monotonic() - self._begun,
                    uses=uses,
                    stopped=0 if self.attempt is None else self.attempt.speaker.stops,
                    limited=None if self.limit is None else self.limit.by,
                )
            )
            if self._span.is_recording():
                self._trace(outcome, uses)
        except Exception:
            logger.exception("turn %s could not be counted", self._entry.turn_id)

    def note_lost(self) -> None:
        """Somebody else records this turn, or it is taken up again later; this was used anyway."""
        if self._recorded or self.attempt is None:
            return
        entry = self._entry
        for call in self.attempt.context.model_log:
            self._insight.note(call, entry.turn_id, entry.shopper_id, entry.channel)

    def _trace(self, outcome: Outcome, uses: Sequence[ModelUse]) -> None:
        for use in uses:
            self._insight.trace_call(use)
        span = self._span
        span.set_attribute("smartcart.outcome", outcome.kind)
        if outcome.model is not None:
            span.set_attribute("gen_ai.response.model", outcome.model)
        if outcome.prompt_digest is not None:
            span.set_attribute("smartcart.prompt.digest", outcome.prompt_digest)
        if self.limit is not None:
            span.set_attribute("smartcart.limited", self.limit.by)
        write = self._insight.write_text
        if write is not None:
            asked = write(str(self._entry.payload.get("text", "")))
            span.set_attribute("gen_ai.input.messages", _message("user", asked))
            span.set_attribute("gen_ai.output.messages", _message("assistant", write(outcome.text)))


def _message(role: str, text: str) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": text}]}])
