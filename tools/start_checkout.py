"""start_checkout: freezes the order and asks the shopper to confirm it; it never pays."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.orders.questions import ask_to_order
from tools.blocks import ConfirmationBlock
from tools.cart_changes import actor_of
from tools.commerce_views import confirmation_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult


class StartCheckout(Arguments):
    fulfilment: Annotated[
        Literal["pickup", "delivery"], Field(description="Pickup unless they ask for delivery.")
    ] = "pickup"


def start_checkout(context: ToolContext, arguments: StartCheckout) -> ToolResult:
    """Ask the shopper to confirm the order of what is in the cart. Call it when they check out.

    Nothing is ordered until they say yes to exactly what it shows; never say that it is.
    """
    confirmation = ask_to_order(
        context.work,
        cart_id=context.cart_id,
        actor=actor_of(context),
        conversation_id=context.conversation_id,
        fulfilment=arguments.fulfilment,
    )
    view = confirmation_view(confirmation)
    return ToolResult(
        f"Nothing is ordered yet; the shopper has to say yes. {view.text}",
        (ConfirmationBlock(confirmation=view),),
    )


TOOL = Tool("start_checkout", StartCheckout, start_checkout, changes=True)
