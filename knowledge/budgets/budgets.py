"""Budgets and their ledger: what was spent, what the cart would take, what is left."""

from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from knowledge.budgets.models import Budget, BudgetPeriod, BudgetRule, BudgetState, describe
from knowledge.budgets.periods import period_start
from knowledge.carts.journal import Journal
from knowledge.db.rows.carts import BudgetEntryRow, BudgetRow, ConfirmationRow
from knowledge.db.rows.people import ShopperRow
from knowledge.errors import InvalidInput, NotFound
from knowledge.events.events import EventName, record_event
from knowledge.ids import new_id
from knowledge.money import Money, minor_units
from knowledge.ports import Clock
from knowledge.pricing.models import Quote
from knowledge.profile import ShopProfile

MOST = Decimal(1_000_000)
_BUDGETS = cast("Table", BudgetRow.__table__)
_LEDGER = cast("Table", BudgetEntryRow.__table__)
_ACTIVE = select(_BUDGETS).where(
    _BUDGETS.c.shopper_id == bindparam("shopper_id"),
    _BUDGETS.c.active,
    _BUDGETS.c.currency == bindparam("currency"),
)
_SPENT = select(func.sum(_LEDGER.c.amount)).where(
    _LEDGER.c.shopper_id == bindparam("shopper_id"),
    _LEDGER.c.at >= bindparam("since"),
    _LEDGER.c.currency == bindparam("currency"),
)


class Budgets:
    """The budgets of shoppers. Several may be active; the tightest decides."""

    def __init__(
        self, session: Session, clock: Clock, profile: ShopProfile, journal: Journal
    ) -> None:
        self._session = session
        self._clock = clock
        self._profile = profile
        self._journal = journal

    def active(self, shopper_id: str) -> list[Budget]:
        """Those that hold now, in the shop's currency, shortest period first."""
        rows = self._session.execute(
            _ACTIVE, {"shopper_id": shopper_id, "currency": self._profile.currency}
        )
        order = ("trip", "week", "month")
        return sorted(
            (_to_budget(row) for row in rows), key=lambda one: (order.index(one.period), one.id)
        )

    def states(self, shopper_id: str, quote: Quote) -> list[BudgetState]:
        """How each active budget stands with this cart, tightest first."""
        states = [
            BudgetState(budget, self._spent(shopper_id, budget), quote.total)
            for budget in self.active(shopper_id)
        ]
        return sorted(states, key=lambda state: state.left.amount)

    def state(self, shopper_id: str, quote: Quote) -> BudgetState | None:
        """How the tightest active budget stands; None when none is set."""
        states = self.states(shopper_id, quote)
        return states[0] if states else None

    def consented(self, consent: str, *, shopper_id: str, cart_id: str) -> bool:
        """Whether the shopper said yes to going over; a confirmation without result is one in use.

        The row is asked because ids can be guessed at, and consents must not be used again.
        """
        found = self._session.scalar(
            select(ConfirmationRow.id).where(
                ConfirmationRow.id == consent,
                ConfirmationRow.shopper_id == shopper_id,
                ConfirmationRow.cart_id == cart_id,
                ConfirmationRow.action.in_(("over_budget", "change_cart")),
                ConfirmationRow.status == "accepted",
                ConfirmationRow.result.is_(None),
            )
        )
        return found is not None

    def _spent(self, shopper_id: str, budget: Budget) -> Money:
        since = period_start(
            budget.period,
            now=self._clock.now(),
            since=budget.starts_at,
            profile=self._profile,
        )
        spent = self._session.scalar(
            _SPENT,
            {"shopper_id": shopper_id, "since": since, "currency": budget.amount.currency},
        )
        return Money(spent or Decimal(0), budget.amount.currency)

    def set(
        self,
        shopper_id: str,
        amount: Decimal | str,
        period: BudgetPeriod = "trip",
        rule: BudgetRule | None = None,
        *,
        channel: str | None = None,
    ) -> Budget:
        """Replace the budget of this period; a rule that is not given stays as it was."""
        money = self._checked(amount)
        self._wait_for(shopper_id)
        before = self.active(shopper_id)
        replaced = [budget for budget in before if budget.period == period]
        now = self._clock.now()
        budget = Budget(
            id=new_id("b"),
            amount=money,
            period=period,
            rule=rule or (replaced[0].rule if replaced else "tell"),
            starts_at=now,
        )
        self._end([one.id for one in replaced], now)
        self._session.execute(
            insert(BudgetRow).values(
                id=budget.id,
                shopper_id=shopper_id,
                amount=money.amount,
                currency=money.currency,
                period=period,
                rule=budget.rule,
                active=True,
                starts_at=now,
                ended_at=None,
            )
        )
        self._note(shopper_id, before, f"set a budget of {describe(budget)}")
        record_event(
            self._session,
            self._clock,
            EventName.BUDGET_SET,
            shopper_id=shopper_id,
            channel=channel,
            amount=str(money),
            period=period,
            rule=budget.rule,
        )
        return budget

    def clear(
        self, shopper_id: str, period: BudgetPeriod | None = None, *, channel: str | None = None
    ) -> list[Budget]:
        """End the budget of a period, or all. Returns what was ended; raises ``NotFound``."""
        self._wait_for(shopper_id)
        before = self.active(shopper_id)
        ended = [one for one in before if period in (None, one.period)]
        if not ended:
            others = " and ".join(describe(one) for one in before)
            raise NotFound(
                f"There is no budget for the {period}; there is one of {others}."
                if others
                else "No budget is set."
            )
        self._end([one.id for one in ended], self._clock.now())
        words = " and ".join(describe(one) for one in ended)
        self._note(shopper_id, before, f"cleared the budget of {words}")
        record_event(
            self._session,
            self._clock,
            EventName.BUDGET_CLEARED,
            shopper_id=shopper_id,
            channel=channel,
            periods=[one.period for one in ended],
        )
        return ended

    def restore(self, shopper_id: str, before: dict[str, Any]) -> None:
        """Undo: exactly the budgets that were active are active again."""
        self._wait_for(shopper_id)
        now = self._clock.now()
        self._end([one.id for one in self.active(shopper_id)], now)
        self._session.execute(
            update(BudgetRow)
            .where(BudgetRow.shopper_id == shopper_id, BudgetRow.id.in_(before["active"]))
            .values(active=True, ended_at=None)
            .execution_options(synchronize_session=False)
        )

    def record_order(self, shopper_id: str, order_id: str, total: Money, at: datetime) -> None:
        """Enter what an order took, and end the trip that it was."""
        self._session.execute(
            insert(BudgetEntryRow).values(
                shopper_id=shopper_id,
                order_id=order_id,
                kind="order",
                amount=total.amount,
                currency=total.currency,
                at=at,
            )
        )
        self._end([one.id for one in self.active(shopper_id) if one.period == "trip"], at)

    def _end(self, budget_ids: list[str], now: datetime) -> None:
        if budget_ids:
            self._session.execute(
                update(BudgetRow)
                .where(BudgetRow.id.in_(budget_ids))
                .values(active=False, ended_at=now)
                .execution_options(synchronize_session=False)
            )

    def _note(self, shopper_id: str, before: list[Budget], summary: str) -> None:
        state = {"active": [one.id for one in before]}
        self._journal.note("budget", shopper_id, summary=summary, before=state)

    def _wait_for(self, shopper_id: str) -> None:
        """Two at once would both see nothing to replace; the second waits here for the first."""
        self._session.execute(
            select(ShopperRow.id).where(ShopperRow.id == shopper_id).with_for_update(key_share=True)
        )

    def _checked(self, amount: Decimal | str) -> Money:
        money = Money.parse(amount, self._profile.currency)
        if money.amount <= 0:
            raise InvalidInput("A budget must be more than zero; say none to clear it.")
        if money.amount > MOST:
            raise InvalidInput(f"A budget of {amount} is more than anybody can spend here.")
        if money.rounded().amount != money.amount:
            digits = minor_units(money.currency)
            raise InvalidInput(f"{amount} has more than {digits} digits after the point.")
        return money.rounded()


def _to_budget(row: Row[Any]) -> Budget:
    return Budget(
        id=row.id,
        amount=Money(row.amount, row.currency),
        period=row.period,
        rule=row.rule,
        starts_at=row.starts_at,
    )
