"""Runs evaluation cases, each as a fresh shopper of a temporary shop, over the message path."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from assistant.messages import Answer, InboundMessage
from connectors.evaluation.block_words import block_line, budget_words, cart_lines
from connectors.evaluation.cases import Case, CaseTurn
from connectors.evaluation.judging import Cart, Seen, cart_of, judge
from connectors.evaluation.records import (
    CallRecord,
    CaseRecord,
    RunRecord,
    ToolRecord,
    TurnRecord,
)
from connectors.evaluation.trial_shop import CHANNEL, Left, TrialShop, open_trial_shop
from connectors.settings import Settings
from knowledge.clock import SystemClock
from knowledge.conversations.models import Turn
from knowledge.errors import SmartCartError
from knowledge.ids import new_id
from knowledge.shoppers.shoppers import Shopper

Told = Callable[[Case, bool], None]
_LONGEST_RESULT = 400
_WELL = ("answered", "decided")


async def run_cases(
    settings: Settings,
    cases: Sequence[Case],
    *,
    repeat: int = 1,
    parallel: int = 1,
    variant: str | None = None,
    told: Told | None = None,
) -> RunRecord:
    """Run every case ``repeat`` times, ``parallel`` ones at once.

    ``told`` hears of each case when its last repetition is over.
    """
    started_at, begun = SystemClock().now(), time.monotonic()
    async with open_trial_shop(settings) as shop:
        await asyncio.to_thread(shop.use_variant, variant)
        run = _Run(shop, cases, repeat, told)
        await asyncio.gather(*[run.work() for _ in range(parallel)])
        records = await asyncio.to_thread(run.records)
    return RunRecord(
        started_at=started_at,
        seconds=round(time.monotonic() - begun, 3),
        model=settings.model_spec,
        variant=variant,
        prompts=sorted(run.digests),
        repeat=repeat,
        parallel=parallel,
        cases=records,
    )


class _Run:
    """Hands out the repetitions of all cases to those who work on them."""

    def __init__(
        self, shop: TrialShop, cases: Sequence[Case], repeat: int, told: Told | None
    ) -> None:
        self._shop = shop
        self._told = told
        self._waiting = deque((case, number) for case in cases for number in range(1, repeat + 1))
        self._repeat = repeat
        self._done: dict[str, list[CaseRecord]] = {case.id: [] for case in cases}
        self.digests: set[str] = set()

    async def work(self) -> None:
        while self._waiting:
            case, number = self._waiting.popleft()
            done = self._done[case.id]
            done.append(await self._run(case, number))
            if self._told is not None and len(done) == self._repeat:
                self._told(case, all(one.passed for one in done))

    def records(self) -> list[CaseRecord]:
        """In the order of the cases, with what is known by now of the calls of models."""
        return [
            record.model_copy(update={"turns": [self._with_calls(turn) for turn in record.turns]})
            for done in self._done.values()
            for record in sorted(done, key=lambda one: one.repetition)
        ]

    def _with_calls(self, turn: TurnRecord) -> TurnRecord:
        names = CallRecord.model_fields
        calls = [
            CallRecord(**{name: getattr(use, name) for name in names})
            for use in self._shop.calls_of(turn.turn_id)
        ]
        return turn.model_copy(update={"calls": calls})

    async def _run(self, case: Case, repetition: int) -> CaseRecord:
        turns: list[TurnRecord] = []
        broken = None
        try:
            await self._as_somebody_new(case, turns)
        except SmartCartError as error:
            broken = f"{'no answer' if turns else 'setup'}: {error}"
        return CaseRecord(
            id=case.id,
            kind=case.kind,
            planned=len(case.turns),
            tags=case.tags,
            repetition=repetition,
            turns=turns,
            broken=broken,
        )

    async def _as_somebody_new(self, case: Case, turns: list[TurnRecord]) -> None:
        shopper, cart = await asyncio.to_thread(self._shop.set_up, case.setup)
        try:
            await self._talk(case, shopper, cart, turns)
        finally:
            await asyncio.to_thread(self._shop.clear_up, shopper)

    async def _talk(
        self, case: Case, shopper: Shopper, cart: Cart, turns: list[TurnRecord]
    ) -> None:
        conversation: str | None = None
        orders = 0
        for turn in case.turns:
            message = InboundMessage(
                channel=CHANNEL,
                peer=shopper.id,
                message_id=new_id("m"),
                text=turn.user,
                conversation_id=conversation,
            )
            begun = time.monotonic()
            answer = await self._shop.application.assistant.answer(message, shopper.id)
            seconds = time.monotonic() - begun
            conversation = answer.conversation_id
            left = await asyncio.to_thread(self._shop.look, shopper, conversation)
            seen = Seen(answer, cart, left.preferences, orders, left.orders)
            why = [*_apology(left.turn), *judge(turn.expect, seen)]
            turns.append(_record(turn, answer, left, seconds, why))
            if left.turn is not None and left.turn.prompt_digest is not None:
                self.digests.add(left.turn.prompt_digest)
            cart, orders = cart_of(answer), left.orders


def _apology(turn: Turn | None) -> Iterator[str]:
    """An apology is never what was expected, even where it breaks no expectation."""
    if turn is not None and turn.outcome not in _WELL:
        yield f"apology: the turn ended as {turn.outcome}"


def _record(
    turn: CaseTurn, answer: Answer, left: Left, seconds: float, why: list[str]
) -> TurnRecord:
    stored = left.turn
    return TurnRecord(
        turn_id=answer.turn_id,
        said=turn.user,
        text=answer.text,
        outcome=stored.outcome if stored else "unknown",
        model=stored.model if stored else None,
        seconds=round(seconds, 4),
        tools=_tools(stored) if stored else [],
        blocks=[block_line(block) for block in answer.blocks],
        cart=cart_lines(answer.cart),
        total=f"{answer.cart.totals.total} {answer.cart.currency}",
        budget=budget_words(answer.budget) if answer.budget else None,
        confirmation=answer.confirmation.text if answer.confirmation else None,
        why=why,
    )


def _tools(turn: Turn) -> list[ToolRecord]:
    """The calls of a turn in order, each with what came of it."""
    results = {part["call_id"]: part for part in turn.parts if part["type"] == "tool"}
    return [
        ToolRecord(
            name=call["name"],
            arguments=call["arguments"],
            result=_shortened(results[call["id"]]["text"]),
            ok=results[call["id"]]["ok"],
        )
        for part in turn.parts
        if part["type"] == "calls"
        for call in part["calls"]
        if call["id"] in results
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_RESULT else text[: _LONGEST_RESULT - 1] + "…"
