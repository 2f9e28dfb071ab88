"""get_cart: what is in the cart, what it costs, how the budget stands."""

from tools.blocks import CartBlock
from tools.cart_changes import budget_text, line_said, stock_warnings, summary
from tools.commerce_views import budget_state_view, quoted_cart_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult


class GetCart(Arguments):
    pass


def get_cart(context: ToolContext, arguments: GetCart) -> ToolResult:
    """Show the cart: lines, totals, and how the budget stands. Call it before speaking of them."""
    del arguments
    cart = context.work.carts.get(context.cart_id)
    quote = context.work.pricing.quote(cart)
    state = context.work.budgets.state(context.shopper_id, quote)
    warnings = stock_warnings(quote.lines)
    lines = [line_said(line) for line in quote.lines]
    block = CartBlock(
        cart=quoted_cart_view(cart, quote),
        budget=None if state is None else budget_state_view(state),
        warnings=warnings,
    )
    text = "\n".join([*lines, " ".join([summary(quote), *warnings, *budget_text(state)])])
    return ToolResult(text, (block,))


TOOL = Tool("get_cart", GetCart, get_cart)
