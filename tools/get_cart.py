"""get_cart: what is in the cart, what it costs, how the budget stands."""

from knowledge.carts.quantities import plain
from knowledge.pricing.models import Quote
from knowledge.scoring.cart_footprint import cart_footprint
from tools.blocks import Block, CartBlock, ScoreBlock
from tools.cart_changes import budget_text, line_said, sentences, stock_warnings, summary
from tools.commerce_views import budget_state_view, quoted_cart_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.marking import TITLE_LENGTH

_MANY, _SHORT_TITLE = 15, 28


class GetCart(Arguments):
    pass


def get_cart(context: ToolContext, arguments: GetCart) -> ToolResult:
    """Show the cart: lines, totals, and how the budget stands. Call it before speaking of them."""
    del arguments
    cart = context.work.carts.get(context.cart_id)
    quote = context.work.pricing.quote(cart)
    state = context.work.budgets.state(context.shopper_id, quote)
    warnings = stock_warnings(quote.lines)
    room = TITLE_LENGTH if len(quote.lines) <= _MANY else _SHORT_TITLE
    head = [" ".join([summary(quote), *budget_text(state)])]
    head += [sentences(warnings)] if warnings else []
    lines = [line_said(line, room) for line in quote.lines]
    block = CartBlock(
        cart=quoted_cart_view(cart, quote),
        budget=None if state is None else budget_state_view(state),
        warnings=warnings,
    )
    scored = _footprint(quote)
    blocks: list[Block] = [block]
    if scored is not None:
        blocks.append(scored)
        head.append(f"About {scored.total_kg_co2e} kg CO2e, eco grade {scored.grade or 'unknown'}.")
    return ToolResult("\n".join([*head, *lines]), blocks)


def _footprint(quote: Quote) -> ScoreBlock | None:
    """In one figure; score_sustainability says what it is made of."""
    found = cart_footprint((line.product, line.line.quantity) for line in quote.lines)
    if found.kg_co2e is None:
        return None
    return ScoreBlock(
        kind="sustainability",
        subject="cart",
        total_kg_co2e=plain(found.kg_co2e),
        grade=found.grade,
        note=f"{found.unknown} of {len(quote.lines)} not counted." if found.unknown else None,
    )


TOOL = Tool(
    "get_cart",
    GetCart,
    get_cart,
    example={},
    rest="call check_diet, find_swaps or get_product for a line",
)
