"""undo: takes back the last change to cart, budget, preferences, household or lists."""

from knowledge.budgets.models import BudgetConsentRequired
from knowledge.carts.undoing import undo_last
from tools.blocks import BudgetBlock, NoticeBlock
from tools.cart_changes import actor_of, ask_first, budget_text, report_change, sentences
from tools.commerce_views import budget_state_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult


class Undo(Arguments):
    pass


def undo(context: ToolContext, arguments: Undo) -> ToolResult:
    """Take back the last change to cart, budget, preferences, household or lists; no orders.

    Called again, the change before it.
    """
    del arguments
    try:
        undone = undo_last(
            context.work, context.cart_id, actor=actor_of(context), consent=context.consent
        )
    except BudgetConsentRequired as required:
        return ask_first(context, required)
    said = f"Taken back: {undone.summary}."
    if undone.change is not None:
        return report_change(undone.change, said=[said])
    if undone.kind == "budget":
        quote = context.work.pricing.quote(context.work.carts.get(context.cart_id))
        state = context.work.budgets.state(context.shopper_id, quote)
        now = list(budget_text(state)) or ["No budget is set now."]
        view = None if state is None else budget_state_view(state)
        return ToolResult(" ".join([sentences([said]), *now]), (BudgetBlock(budget=view),))
    return ToolResult(sentences([said]), (NoticeBlock(text=said),))


TOOL = Tool("undo", Undo, undo, changes=True, example={})
