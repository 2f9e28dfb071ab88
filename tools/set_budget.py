"""set_budget: sets, changes or clears what the shopper wants to spend at most."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from knowledge.budgets.models import BudgetPeriod, BudgetRule, describe
from knowledge.errors import InvalidInput
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


def as_amount(value: object) -> object:
    """An amount as people write it: "$40", "1,250.50", 12.5; None for "none"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        bare = re.sub(r"^[^\d.,+-]{1,3}\s*(?=\d)|(?<=\d),(?=\d{3}\b)", "", value.strip())
        return None if bare.lower() in {"", "none", "null"} else bare
    return value


class SetBudget(Arguments):
    amount: Annotated[
        str | None,
        BeforeValidator(as_amount),
        Field(description='In the shop\'s currency, such as "40.00"; leave out to clear it.'),
    ] = None
    period: Annotated[
        BudgetPeriod | None, Field(description="This shopping trip, the week, or the month.")
    ] = None
    rule: Annotated[
        BudgetRule | None,
        Field(description="What to do when it would be exceeded; tell unless they say otherwise."),
    ] = None


def set_budget(context: ToolContext, arguments: SetBudget) -> ToolResult:
    """Set what the shopper wants to spend at most, or clear it when no amount is given.

    Call it when they name a budget: "I have 40 dollars for this week", "no budget any more".
    """
    budgets = context.work.budgets
    active = budgets.active(context.shopper_id)
    amount, period = arguments.amount, arguments.period
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


TOOL = Tool("set_budget", SetBudget, set_budget, changes=True)
