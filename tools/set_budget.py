"""set_budget: sets, changes or clears what the shopper wants to spend at most."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from knowledge.budgets.models import BudgetPeriod, BudgetRule, describe
from knowledge.errors import InvalidInput
from tools.argument_kinds import Reads
from tools.blocks import BudgetBlock
from tools.cart_changes import budget_text
from tools.commerce_views import budget_state_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult

_RULES = {
    "tell": "I will say when the cart goes over it.",
    "ask": "I will ask before anything goes over it.",
    "refuse": "Nothing that goes over it will be added.",
}


class SetBudget(Arguments):
    amount: Annotated[
        Decimal | None,
        Reads("money", also=("budget", "limit", "max", "value", "total")),
        Field(description="40; left out: clears it"),
    ] = None
    period: Annotated[BudgetPeriod | None, Field(description="trip: this one purchase")] = None
    rule: Annotated[
        BudgetRule | None,
        Reads(rare=True),
        Field(description="When exceeded; only if they said"),
    ] = None


def set_budget(context: ToolContext, arguments: SetBudget) -> ToolResult:
    """Set what they want to spend at most ("40 dollars for this week"), or clear it."""
    budgets = context.work.budgets
    active = budgets.active(context.shopper_id)
    amount = None if arguments.amount is None else f"{arguments.amount:f}"
    period = arguments.period
    if period is None and len(active) == 1:
        period = active[0].period
    if amount is None and arguments.rule is None:
        ended = budgets.clear(context.shopper_id, arguments.period, channel=context.channel)
        said = ["Cleared the budget of", f"{' and '.join(describe(one) for one in ended)}."]
    else:
        if amount is None:
            standing = [one for one in active if one.period == period]
            if not standing:
                raise InvalidInput("Say the amount of the budget that the rule is for.")
            amount = str(standing[0].amount)
        budget = budgets.set(
            context.shopper_id,
            amount,
            period or "trip",
            arguments.rule,
            channel=context.channel,
        )
        said = [f"The budget is {describe(budget)}.", _RULES[budget.rule]]
    quote = context.work.pricing.quote(context.work.carts.get(context.cart_id))
    states = budgets.states(context.shopper_id, quote)
    now = [text for state in states for text in budget_text(state)]
    view = budget_state_view(states[0]) if states else None
    return ToolResult(" ".join([*said, *now]), (BudgetBlock(budget=view),))


TOOL = Tool(
    "set_budget",
    SetBudget,
    set_budget,
    changes=True,
    example={"amount": 40, "period": "week"},
)
