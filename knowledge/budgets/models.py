"""What a budget is, how it stands, and what it says about a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from knowledge.carts.edits import Edit
from knowledge.errors import Conflict, Limited
from knowledge.money import Money

BudgetPeriod = Literal["trip", "week", "month"]
BudgetRule = Literal["tell", "ask", "refuse"]
Standing = Literal["under", "close", "over"]
PERIODS: tuple[BudgetPeriod, ...] = ("trip", "week", "month")
RULES: tuple[BudgetRule, ...] = ("tell", "ask", "refuse")
CLOSE = Decimal("0.9")


@dataclass(frozen=True, slots=True)
class Budget:
    """An amount a shopper wants to keep to in a period."""

    id: str
    amount: Money
    period: BudgetPeriod
    rule: BudgetRule
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class BudgetState:
    """How a budget stands: what orders took, what the cart would take, what is left."""

    budget: Budget
    spent: Money
    in_cart: Money

    @property
    def left(self) -> Money:
        """Negative when over."""
        return self.budget.amount - self.spent - self.in_cart

    @property
    def over(self) -> Money:
        """By how much, or zero."""
        left = self.left
        return -left if left.amount < 0 else Money.zero(left.currency)

    @property
    def state(self) -> Standing:
        used = self.spent + self.in_cart
        if used > self.budget.amount:
            return "over"
        return "close" if used.amount >= self.budget.amount.amount * CLOSE else "under"


def minding(
    states: Sequence[BudgetState], rules: tuple[BudgetRule, ...] = ("refuse", "ask")
) -> BudgetState | None:
    """The budget that is exceeded and minds: refusing before asking, then as they come."""
    for rule in rules:
        for state in states:
            if state.state == "over" and state.budget.rule == rule:
                return state
    return None


def describe(budget: Budget) -> str:
    """Amount and period: "$40.00 for this week"."""
    words = {"trip": "for this trip", "week": "for this week", "month": "for this month"}
    return f"{budget.amount.display()} {words[budget.period]}"


class BudgetExceeded(Limited):
    """A budget whose rule is to refuse stands in the way; nothing was changed."""

    def __init__(self, state: BudgetState) -> None:
        super().__init__(
            f"That would go over your budget of {describe(state.budget)} by "
            f"{state.over.display()}, and your rule is to refuse that."
        )
        self.state = state


class BudgetConsentRequired(Conflict):
    """A budget whose rule is to ask: ``edits`` may be made once the shopper has said yes.

    ``summary`` says in few words what they do.
    """

    def __init__(
        self, state: BudgetState, edits: tuple[Edit, ...], *, cart_version: int, summary: str
    ) -> None:
        super().__init__(
            f"That would go over your budget of {describe(state.budget)} by "
            f"{state.over.display()}. It needs your yes first."
        )
        self.state = state
        self.edits = edits
        self.cart_version = cart_version
        self.summary = summary
