"""How much a day may cost, and what a turn may still use of vendors' models."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from knowledge.usage.days import day_start, today
from knowledge.work import Work

Reached = Literal["shop", "shopper"]
"""Whose limit it is: the shop's for all, or that of one shopper."""

OWNER_MAIL = "owner_mail"
_MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class SpendingLimits:
    """Limits of a day by the shop's calendar; None is no limit. Without any, nothing is read."""

    daily_cost: Decimal | None = None
    """US dollars. Calls whose price is not known count as nothing."""
    shopper_daily_turns: int | None = None
    shopper_daily_tokens: int | None = None

    def __bool__(self) -> bool:
        return any(
            limit is not None
            for limit in (self.daily_cost, self.shopper_daily_turns, self.shopper_daily_tokens)
        )

    def reached(self, work: Work, shopper_id: str, now: datetime) -> Reached | None:
        """Whose limit of today is used up, if any. One statement."""
        per_shopper = self.shopper_daily_turns is not None or self.shopper_daily_tokens is not None
        spent = work.model_calls.spent(
            day_start(today(now, work.profile), work.profile),
            shopper_id=shopper_id if per_shopper else None,
            shop=self.daily_cost is not None,
        )
        if self.daily_cost is not None and spent.cost_micros >= self.daily_cost * _MICROS:
            return "shop"
        turns, tokens = self.shopper_daily_turns, self.shopper_daily_tokens
        if turns is not None and spent.shopper_turns >= turns:
            return "shopper"
        if tokens is not None and spent.shopper_tokens >= tokens:
            return "shopper"
        return None

    def announce(self, work: Work, now: datetime) -> bool:
        """Note once a day that the shop's limit is reached, and tell the owner by mail."""
        assert self.daily_cost is not None
        day = today(now, work.profile)
        if work.model_calls.limit_announced(day):
            return False
        limit = f"${self.daily_cost:.2f}"
        queued = work.jobs.add(
            OWNER_MAIL,
            {
                "subject": f"{work.profile.name}: today's limit for models is reached",
                "text": f"Models have cost {limit} today ({day.isoformat()}), which is the limit "
                "set with SMARTCART_DAILY_COST.\nUntil midnight the offline model answers: "
                "everything in the shop still works, conversations are plainer.\n"
                "See what it was spent on: smartcart admin usage --days 1",
            },
            key=f"daily-cost:{day.isoformat()}",
        )
        if queued is None:  # somebody else is about to say the same
            return False
        spent = work.model_calls.spent(day_start(day, work.profile), shopper_id=None, shop=True)
        work.model_calls.announce_limit(spent.cost_micros, int(self.daily_cost * _MICROS))
        return True
