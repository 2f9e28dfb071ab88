"""check_budget: what was spent, what is in the cart, what is left; when over, what to drop."""

from knowledge.budgets.dropping import lines_to_drop
from knowledge.money import Money
from knowledge.pricing.models import QuoteLine
from tools.blocks import BudgetBlock
from tools.cart_changes import budget_text, line_said
from tools.commerce_views import budget_state_view, line_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult

_SHORT_TITLE = 60


class CheckBudget(Arguments):
    pass


def check_budget(context: ToolContext, arguments: CheckBudget) -> ToolResult:
    """Say how the budget stands: spent, in the cart, left; and what to drop when it is over."""
    del arguments
    quote = context.work.pricing.quote(context.work.carts.get(context.cart_id))
    states = context.work.budgets.states(context.shopper_id, quote)
    if not states:
        return ToolResult(
            f"No budget is set. The cart comes to {quote.total.display()}.",
            (BudgetBlock(budget=None),),
        )
    tightest = states[0]
    drop = lines_to_drop(quote.lines, tightest.over)
    said = [text for state in states for text in budget_text(state)]
    said.append(f"In the cart: {quote.total.display()}. Spent: {tightest.spent.display()}.")
    if drop:
        said.append(_drop_text(drop))
    return ToolResult(
        " ".join(said),
        (BudgetBlock(budget=budget_state_view(tightest), drop=[line_view(line) for line in drop]),),
    )


def _drop_text(drop: list[QuoteLine]) -> str:
    saved = Money.total((line.to_pay for line in drop), drop[0].total.currency)
    lines = "\n".join(line_said(line, _SHORT_TITLE) for line in drop)
    return f"Without these it would fit, saving {saved.display()}:\n{lines}"


TOOL = Tool("check_budget", CheckBudget, check_budget, example={})
