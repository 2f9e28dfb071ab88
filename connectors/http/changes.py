"""Changes over REST: the same tools as in a conversation, with the identity of the session."""

import hashlib
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Header

from connectors.wiring import Application
from knowledge.errors import ErrorKind, SmartCartError
from knowledge.ids import new_id
from knowledge.shoppers.shoppers import Shopper
from tools.blocks import ConfirmationBlock
from tools.runner import Caller, Outcome

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="A repeat with the same key changes nothing again.",
    ),
]


class Refused(SmartCartError):
    """A tool said no; carries its reason and its kind."""

    def __init__(self, text: str, kind: ErrorKind) -> None:
        super().__init__(text)
        self.kind = kind  # type: ignore[misc]  # of this one failure, not of the class


class NeedsConfirmation(SmartCartError):
    """The shop asks back before it changes anything; the question waits under its id."""

    kind = ErrorKind.CONFLICT

    def __init__(self, block: ConfirmationBlock) -> None:
        asked = block.confirmation
        super().__init__(f"{asked.text} Answer at /api/v1/confirmations/{asked.id}.")
        self.confirmation = asked


def run_tool(
    application: Application,
    shopper: Shopper,
    name: str,
    arguments: dict[str, Any],
    key: str | None = None,
    *,
    asks: bool = False,
) -> Outcome:
    """Run one tool for a shopper. Raises ``Refused``, and ``NeedsConfirmation`` unless it asks."""
    caller = Caller(
        shopper_id=shopper.id,
        cart_id=shopper.cart_id,
        channel="web",
        turn_id=_turn_of(shopper, key),
        locale=shopper.locale or application.shop.profile.locale,
    )
    outcome = application.runner.run(caller, name, arguments)
    if outcome.kind is not None:
        raise Refused(outcome.plain, outcome.kind)
    for block in outcome.blocks:
        if isinstance(block, ConfirmationBlock) and not asks:
            raise NeedsConfirmation(block)
    return outcome


def decimal_text(number: Decimal) -> str:
    """Write 20 as "20", never as "2E+1"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _turn_of(shopper: Shopper, key: str | None) -> str:
    if key is None:
        return new_id("rest")
    digest = hashlib.sha256(f"{shopper.id}\0{key}".encode()).hexdigest()
    return f"rest_{digest[:40]}"
