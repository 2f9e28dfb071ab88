"""Asks a chain of minds for one answer: tries again, falls back, and leaves out who is down."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable

from assistant.model_calls import ModelCall, Purpose
from assistant.providers.failures import Failure, ModelFailed
from assistant.providers.minds import CallLimits, Mind
from assistant.providers.noting import call_of
from assistant.providers.one_try import Try, try_once
from assistant.providers.time_shares import Behind, may_wait, pause_before, share_of

logger = logging.getLogger(__name__)
_LATE = 0.02
"""Seconds that the turn's clock may have left when it has just cut a call off."""


class Asker(Protocol):
    """Who wants an answer: knows what to ask each mind, and hears what it says."""

    @property
    def purpose(self) -> Purpose: ...

    @property
    def seconds_left(self) -> float:
        """Of the turn; negative when its time is over."""
        ...

    @property
    def hear(self) -> Callable[[str], None] | None:
        """Takes pieces of the answer as they come; None has it whole."""
        ...

    @property
    def tool_names(self) -> Collection[str]: ...

    def model(self, mind: Mind) -> Runnable[Any, Any]: ...

    def messages(self, mind: Mind) -> Sequence[BaseMessage] | None:
        """What to ask this mind; None when it had better say nothing."""
        ...

    def broke_off(self) -> str:
        """Forget what was heard of an answer that does not go on; returns what was read of it."""
        ...

    def go_on_from(self, read: str) -> None:
        """Whoever is asked next is told that this was read already."""
        ...

    def note(self, call: ModelCall) -> None: ...


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and who gave it. One that is not ``usable`` has nothing in it."""

    mind: Mind
    message: AIMessage
    usable: bool = True


class Caller:
    """Stateless; one for all turns."""

    def __init__(
        self,
        limits: CallLimits,
        now: Callable[[], datetime],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._limits = limits
        self._now = now
        self._jitter = jitter

    async def ask(self, minds: Sequence[Mind], asker: Asker) -> Said:
        """The first usable answer, else an empty one. Raises ``ModelFailed``."""
        empty: Said | None = None
        all_rest = True
        for place, mind in enumerate(minds):
            if not mind.is_offline and not mind.breaker.enter():
                continue
            all_rest = False
            said = await self._ask_one(mind, asker, _behind(minds[place + 1 :]))
            if said is not None and said.usable:
                return said
            empty = empty or said
        if all_rest and minds:
            # Each of them is being left alone; one try beats an apology.
            empty = await self._ask_one(minds[0], asker, Behind(), retries=0)
        if empty is None:
            raise ModelFailed("No model answered.")
        return empty

    async def _ask_one(
        self, mind: Mind, asker: Asker, behind: Behind, retries: int | None = None
    ) -> Said | None:
        failures: list[Failure] = []
        most = self._limits.retries if retries is None else retries
        try:
            while asker.seconds_left > 0:
                messages = asker.messages(mind)
                if messages is None:
                    return Said(mind, AIMessage(""))
                done = await self._try(mind, asker, messages, behind)
                failure = done.failure
                read = asker.broke_off() if failure is not None or done.cut_short else ""
                if failure is None and done.cut_short and not (read or _calls(done)):
                    failure = Failure("broken", "The answer was too long to be told.")
                if failure is None and done.message is not None:
                    failures.clear()
                    _well(mind)
                    return Said(mind, done.message)
                assert failure is not None
                _tell(mind, failure)
                failures.append(failure)
                if read:
                    asker.go_on_from(read)
                again = len(failures) <= most and not (read and behind.vendors)
                if not again or not await self._pause(failures, asker.seconds_left, behind):
                    if failure.outcome != "empty" or done.message is None:
                        return None
                    return Said(mind, done.message, usable=False)
        except asyncio.CancelledError:
            if asker.seconds_left <= _LATE:
                failures.append(Failure("timeout", "The turn's time was over."))
            raise
        finally:
            _settle(mind, failures)
        return None

    async def _try(
        self, mind: Mind, asker: Asker, messages: Sequence[BaseMessage], behind: Behind
    ) -> Try:
        share = share_of(asker.seconds_left, self._limits, behind)
        at, begun = self._now(), time.monotonic()
        done = Try()
        try:
            await try_once(
                mind,
                asker.model(mind),
                messages,
                share,
                done,
                hear=asker.hear,
                forget=asker.broke_off,
                tool_names=asker.tool_names,
            )
        except asyncio.CancelledError:
            late = asker.seconds_left <= _LATE
            done.failure = Failure("timeout" if late else "cancelled", "The turn was ended.")
            raise
        finally:
            if not mind.is_offline:
                asker.note(call_of(mind, asker.purpose, done, at, time.monotonic() - begun))
        return done

    async def _pause(self, failures: Sequence[Failure], left: float, behind: Behind) -> bool:
        """Wait until the same mind can be asked again; False when another had better be."""
        last = failures[-1]
        silent = last.outcome == "timeout" and (behind.vendors or behind.offline)
        if silent or not last.worth_a_retry:
            return False
        # Not before it said, and not together with everybody else it said so to.
        seconds = (last.retry_after or 0) + pause_before(len(failures), self._jitter())
        if not may_wait(seconds, left, behind):
            return False
        await asyncio.sleep(seconds)
        return True


def line_up(minds: Sequence[Mind], speaking: Mind | None) -> Sequence[Mind]:
    """Who is asked in which order: whoever is speaking in this turn goes on, if possible."""
    if speaking is None or speaking is minds[0]:
        return minds
    others = [mind for mind in minds if mind is not speaking]
    return [speaking] if speaking.is_offline else [speaking, *others]


def _behind(minds: Sequence[Mind]) -> Behind:
    vendors = sum(not mind.is_offline and not mind.breaker.is_open for mind in minds)
    return Behind(vendors, any(mind.is_offline for mind in minds))


def _tell(mind: Mind, failure: Failure) -> None:
    """What lasts is said loudly once, with what to do; then quietly each time it is tried again."""
    if not failure.lasting:
        told = f"{failure.told} {failure.advice}".rstrip()
        logger.warning("%s: %s: %s", mind.title, failure.outcome, told)
    elif mind.breaker.why == _why(failure):
        logger.info("%s still refuses: %s", mind.title, failure.told)
    else:
        logger.error(
            "%s refuses and is left out until it is mended. %s It said: %s",
            mind.title,
            failure.advice or "Check its key, its name and its address.",
            failure.told,
        )


def _well(mind: Mind) -> None:
    if not mind.breaker.is_well:
        logger.info("%s answers again", mind.title)
    mind.breaker.well()


def _settle(mind: Mind, failures: Sequence[Failure]) -> None:
    """Tell the breaker how it went; what the request itself was to blame for does not count."""
    counted = [one for one in failures if not one.of_request]
    if mind.is_offline or not counted:
        mind.breaker.left()
        return
    mind.breaker.failed(
        tries=len(counted),
        lasting=any(one.lasting for one in counted),
        retry_after=counted[-1].retry_after,
        why=_why(counted[-1]),
    )


def _why(failure: Failure) -> str:
    return f"{failure.outcome}: {failure.told}"


def _calls(done: Try) -> bool:
    return done.message is not None and bool(done.message.tool_calls)
