"""Runs evaluation cases, each as a fresh shopper in a shop of its own, over the message path."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.messages import InboundMessage
from connectors.evaluation.cases import Case, Setup
from connectors.evaluation.judging import Cart, Seen, cart_of, judge
from connectors.settings import Settings
from connectors.wiring import Application, open_application
from knowledge.errors import SmartCartError
from knowledge.ids import new_id
from knowledge.shoppers.preferences import ShopperPreferences
from knowledge.shoppers.shoppers import Shopper
from tools.runner import Caller

CHANNEL = "web"
_MOST_ORDERS = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """``turn`` counts from 1; 0 is the setup of the case."""

    id: str
    turn: int
    why: str

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "turn": self.turn, "why": self.why}


@dataclass(slots=True)
class Scores:
    """A case that is repeated passes when every repetition does."""

    cases: int = 0
    passed: int = 0
    turns: int = 0
    turns_passed: int = 0
    by_kind: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def count(self, case: Case, failures: Sequence[Failure], *, repeat: int) -> None:
        turns = len(case.turns) * repeat
        failed = {failure.turn for failure in failures}
        passed = not failures
        kind = self.by_kind.setdefault(case.kind, {"cases": 0, "passed": 0})
        kind["cases"] += 1
        kind["passed"] += passed
        self.cases += 1
        self.passed += passed
        self.turns += turns
        self.turns_passed += 0 if 0 in failed else turns - len(failures)
        self.failures += failures

    def as_json(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "passed": self.passed,
            "by_kind": self.by_kind,
            "turns": self.turns,
            "turns_passed": self.turns_passed,
            "failures": [failure.as_json() for failure in self.failures],
        }


async def run_cases(
    settings: Settings,
    cases: Sequence[Case],
    *,
    repeat: int = 1,
    told: Callable[[Case, bool], None] | None = None,
) -> Scores:
    """Judge all cases in one temporary shop; nothing of the operator's own shop is touched."""
    scores = Scores()
    async with _temporary_shop(settings) as application:
        for case in cases:
            failures: list[Failure] = []
            for _ in range(repeat):
                failures += await _run(application, case)
            scores.count(case, failures, repeat=repeat)
            if told is not None:
                told(case, not failures)
    return scores


@asynccontextmanager
async def _temporary_shop(settings: Settings) -> AsyncIterator[Application]:
    with tempfile.TemporaryDirectory(prefix="smartcart-eval-") as folder:
        own = settings.model_copy(
            update={
                "data_dir": Path(folder),
                "database_url": None,
                "redis_url": None,
                "chroma_url": None,
            }
        )
        async with open_application(own, indexing="first") as application:
            yield application


async def _run(application: Application, case: Case) -> list[Failure]:
    try:
        shopper, cart = await asyncio.to_thread(_set_up, application, case.setup)
    except SmartCartError as error:
        return [Failure(case.id, 0, f"setup: {error}")]
    failures: list[Failure] = []
    conversation: str | None = None
    orders = 0
    for number, turn in enumerate(case.turns, 1):
        message = InboundMessage(
            channel=CHANNEL,
            peer=shopper.id,
            message_id=new_id("m"),
            text=turn.user,
            conversation_id=conversation,
        )
        try:
            answer = await application.assistant.answer(message, shopper.id)
        except SmartCartError as error:
            failures.append(Failure(case.id, number, f"no answer: {error}"))
            continue
        conversation = answer.conversation_id
        preferences, placed = await asyncio.to_thread(_look, application, shopper)
        seen = Seen(answer, cart, preferences, orders, placed)
        why = judge(turn.expect, seen)
        if why:
            failures.append(Failure(case.id, number, "; ".join(why)))
        cart, orders = cart_of(answer), placed
    if orders:
        await asyncio.to_thread(_restock, application, shopper)
    return failures


def _set_up(application: Application, setup: Setup) -> tuple[Shopper, Cart]:
    with application.shop.write() as work:
        shopper = work.shoppers.create_anonymous(CHANNEL)
    if setup.preferences is not None:
        wanted = setup.preferences
        _change(application, shopper, "set_preferences", wanted.model_dump(exclude_defaults=True))
    if setup.budget is not None:
        budget = setup.budget.model_dump(mode="json", exclude_none=True)
        _change(application, shopper, "set_budget", budget)
    if setup.cart:
        items = [item.model_dump(mode="json") for item in setup.cart]
        _change(application, shopper, "add_to_cart", {"items": items})
    return shopper, {item.product: item.quantity for item in setup.cart}


def _change(
    application: Application, shopper: Shopper, name: str, arguments: dict[str, Any]
) -> None:
    caller = Caller(shopper.id, shopper.cart_id, CHANNEL, new_id("setup"))
    outcome = application.runner.run(caller, name, arguments)
    if not outcome.ok:
        raise SmartCartError(outcome.text)


def _look(application: Application, shopper: Shopper) -> tuple[ShopperPreferences, int]:
    with application.shop.read() as work:
        orders = work.orders.of_shopper(shopper.id, limit=_MOST_ORDERS)
        return work.preferences.of(shopper.id), len(orders)


def _restock(application: Application, shopper: Shopper) -> None:
    """Later cases find the shelves as full as the first one did."""
    with application.shop.write() as work:
        for order in work.orders.of_shopper(shopper.id, limit=_MOST_ORDERS):
            for line in order.lines:
                work.catalog.put_back(line.product_id, line.quantity)
