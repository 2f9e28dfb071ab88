"""Fitting the cart over REST: what is asked, and the proposal that waits for a yes."""

from typing import Annotated

from pydantic import Field

from connectors.http.schemas import Amount, Identifier, Request, Response
from tools.blocks import (
    ChoicesBlock,
    ConfirmationBlock,
    ConfirmationView,
    NoticeBlock,
    Option,
    PlanBlock,
    SwapsBlock,
)
from tools.runner import Outcome


class FitRequest(Request):
    """``amount`` left out: what the tightest budget leaves. ``keep`` has to stay as it is."""

    amount: Amount | None = None
    keep: Annotated[list[Identifier], Field(max_length=40, default_factory=list)]


class CartFit(Response):
    """Nothing has changed yet: answer ``confirmation``. It is null when there is nothing to do.

    ``choices`` are amounts to try when neither an amount nor a budget says the limit.
    """

    text: str
    plan: PlanBlock | None = None
    swaps: SwapsBlock | None = None
    choices: Annotated[list[Option], Field(default_factory=list)]
    confirmation: ConfirmationView | None = None


def cart_fit(outcome: Outcome) -> CartFit:
    """What the tool answered, block by block."""
    found = CartFit(text=outcome.plain, choices=[])
    for block in outcome.blocks:
        match block:
            case PlanBlock():
                found.plan, found.text = block, block.note or block.title
            case SwapsBlock():
                found.swaps = block
            case ChoicesBlock():
                found.choices, found.text = block.options, block.question
            case NoticeBlock():
                found.text = block.text
            case ConfirmationBlock():
                found.confirmation = block.confirmation
            case _:  # pragma: no cover - the tool has no others
                continue
    return found
