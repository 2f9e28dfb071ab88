"""start_checkout: asks what an order still needs, then to confirm it as frozen; never pays."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.fulfilment.checkout import Said, Step, go_on
from knowledge.orders.questions import ask_to_order
from tools.blocks import Block, ChoicesBlock, ConfirmationBlock, NoticeBlock, Option
from tools.cart_changes import actor_of, sentences
from tools.commerce_views import confirmation_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult


class StartCheckout(Arguments):
    fulfilment: Annotated[
        Literal["pickup", "delivery"] | None,
        Field(description="Leave out unless they said; then it is as before, at first pickup."),
    ] = None
    address: Annotated[
        str | None,
        Field(
            max_length=300,
            description='For delivery: the address as typed, or the name of a saved one ("home").',
        ),
    ] = None
    slot: Annotated[
        str | None,
        Field(max_length=120, description='When, in their words: "tomorrow evening", "slot 2".'),
    ] = None
    contact: Annotated[
        str | None, Field(max_length=254, description="Phone number or mail address, as typed.")
    ] = None


def start_checkout(context: ToolContext, arguments: StartCheckout) -> ToolResult:
    """Ask the shopper to confirm the order of what is in the cart. Call it when they check out.

    For delivery it asks for address, slot and contact, one at a time: put its question to the
    shopper and call it again with their answer; it remembers the rest. Nothing is ordered until
    they say yes to exactly what it shows; never say that it is.
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
        f"Nothing is ordered yet; the shopper has to say yes. {view.text}",
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
        sentences(
            [
                f"Nothing is ordered yet; {needed} {said}",
                *([f"They can say {listed}."] if listed else []),
            ]
        ),
        (block,),
    )


TOOL = Tool("start_checkout", StartCheckout, start_checkout, changes=True)
