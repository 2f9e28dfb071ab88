"""start_checkout: asks what an order still needs, then to confirm it as frozen; never pays."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.fulfilment.checkout import Said, Step, go_on
from knowledge.orders.questions import ask_to_order
from tools.argument_kinds import Reads
from tools.blocks import Block, ChoicesBlock, ConfirmationBlock, NoticeBlock, Option
from tools.cart_changes import actor_of, sentences
from tools.commerce_views import confirmation_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult


class StartCheckout(Arguments):
    fulfilment: Annotated[
        Literal["pickup", "delivery"] | None,
        Reads(also=("fulfillment", "method", "delivery_method", "type")),
        Field(description="Only if they said"),
    ] = None
    address: Annotated[
        str | None,
        Reads("whole", also=("delivery_address",)),
        Field(max_length=300, description="As typed, or saved: home"),
    ] = None
    slot: Annotated[
        str | None,
        Reads("whole", also=("time", "when", "delivery_time", "delivery_slot")),
        Field(max_length=120, description="In their words: tomorrow evening"),
    ] = None
    contact: Annotated[
        str | None,
        Reads("whole", also=("phone", "email", "mail")),
        Field(max_length=254, description="Phone or mail, as typed"),
    ] = None


def start_checkout(context: ToolContext, arguments: StartCheckout) -> ToolResult:
    """Ask the shopper to confirm the order of what is in the cart; it orders nothing itself.

    Ask them what it asks for and call it again with their answer; it remembers the rest.
    """
    work = context.work
    if not work.carts.get(context.cart_id).lines:
        # Says why nothing can be ordered, before anybody is asked where to.
        work.orders.offer(context.cart_id, "pickup", shopper_id=context.shopper_id)
    step = go_on(
        work,
        cart_id=context.cart_id,
        shopper_id=context.shopper_id,
        said=Said(
            fulfilment=arguments.fulfilment,
            address=arguments.address,
            slot=arguments.slot,
            contact=arguments.contact,
        ),
    )
    if step.question is not None:
        return ask_for_more(step)
    confirmation = ask_to_order(
        work,
        cart_id=context.cart_id,
        actor=actor_of(context),
        conversation_id=context.conversation_id,
        fulfilment=step.fulfilment,
        reference=step.reference(),
        lead=step.note,
    )
    view = confirmation_view(confirmation)
    return ToolResult(
        f"Nothing is ordered yet; the shopper has to say yes. {sentences([view.text])}",
        (ConfirmationBlock(confirmation=view),),
    )


def ask_for_more(step: Step) -> ToolResult:
    """Put the next question; choices are told to the model, too."""
    question = step.question
    assert question is not None
    said = f"{step.note} {question.text}".strip()
    options = [Option(label=one.label, value=one.value) for one in question.choices]
    block: Block = NoticeBlock(text=said)
    if options:
        block = ChoicesBlock(question=said, options=options)
    listed = "; ".join(f'"{one.value}": {one.label}' for one in options)
    needed = f"{question.missing} is needed. Ask the shopper:"
    if question.missing == "minimum":
        needed = "delivery is not to be had for so little. Tell the shopper:"
    return ToolResult(
        f"Nothing is ordered yet; {needed} "
        + sentences([said, *([f"They can say {listed}."] if listed else [])]),
        (block,),
    )


TOOL = Tool(
    "start_checkout",
    StartCheckout,
    start_checkout,
    changes=True,
    example={"fulfilment": "delivery", "address": "home", "slot": "tomorrow evening"},
)
