"""empty_cart: asks whether everything should be taken out of the cart."""

from knowledge.orders.questions import ask_to_empty
from tools.blocks import ConfirmationBlock
from tools.cart_changes import actor_of, sentences
from tools.commerce_views import confirmation_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult


class EmptyCart(Arguments):
    pass


def empty_cart(context: ToolContext, arguments: EmptyCart) -> ToolResult:
    """Ask the shopper to confirm emptying the cart; it stays full until their yes."""
    del arguments
    confirmation = ask_to_empty(
        context.work,
        cart_id=context.cart_id,
        actor=actor_of(context),
        conversation_id=context.conversation_id,
    )
    view = confirmation_view(confirmation)
    return ToolResult(
        f"Nothing was changed yet; the shopper has to say yes. {sentences([view.text])}",
        (ConfirmationBlock(confirmation=view),),
    )


TOOL = Tool("empty_cart", EmptyCart, empty_cart, changes=True, example={})
