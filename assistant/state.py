"""The machine-readable state message a turn starts with, the same for every model."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tools.blocks import BudgetView, CartView, ConfirmationView

STATE_OPEN = "<state>"
STATE_CLOSE = "</state>"


class StatePart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShownInState(StatePart):
    """One numbered product the shopper has in front of them."""

    n: int
    id: str
    title: str
    price: str
    brand: str | None = None
    size: str | None = None
    category: str | None = None
    unit_price: str | None = None
    rating: str | None = None
    in_stock: bool = True
    kind: str
    """What showed it: search, recommend, swap, compare, product."""
    replaces: str | None = None
    """For a swap: the cart line (``cN``) or product id it would take out."""


class PreferencesInState(StatePart):
    diets: list[str] = []
    allergens: list[str] = []
    dislikes: list[str] = []
    brands: list[str] = []
    sustainability: str | None = None


class MemberInState(StatePart):
    """Someone of the household: one person or a group such as kids."""

    name: str
    diets: list[str] = []
    allergens: list[str] = []


class CheckoutInState(StatePart):
    """An order that is being prepared: what is known of it, and what it still needs."""

    fulfilment: str
    address: str | None = None
    """In short, without the house number."""
    slot: str | None = None
    contact: str | None = None
    """Masked."""
    missing: str | None = None
    """address, minimum, slot or contact; None when it can be confirmed."""


class TurnState(StatePart):
    """Built from SQL when a turn begins; prices are as of ``now``.

    What differs least stands first: vendors keep what begins like a request before it.
    """

    shop: str
    currency: str
    channel: str
    locale: str
    now: str
    cart: CartView
    budget: BudgetView | None = None
    preferences: PreferencesInState = PreferencesInState()
    household: Annotated[list[MemberInState], Field(exclude_if=lambda one: not one)] = []
    """Whom they buy for; ``for`` names them."""
    human_called_at: str | None = None
    """Since when a person of the shop has been asked to get back to them; None when none has."""
    checkout: Annotated[CheckoutInState | None, Field(exclude_if=lambda one: one is None)] = None
    """What was said of delivery or pickup so far; None before anything was."""
    shown: list[ShownInState] = []
    pending: ConfirmationView | None = None
    caution: Annotated[str | None, Field(exclude_if=lambda one: one is None)] = None
    """Said when the message has signs of an attack; None when it has none."""


def write_state(state: TurnState) -> str:
    """The state as it stands in the system message, after the prompt."""
    body = state.model_dump_json(exclude_none=True)
    # Product text may say anything; it must not be able to close the frame.
    return f"{STATE_OPEN}{body.replace('<', chr(92) + 'u003c')}{STATE_CLOSE}"


def read_state(system_text: str) -> TurnState | None:
    """The state within a system message, or None when it holds none."""
    start = system_text.rfind(STATE_OPEN)
    end = system_text.rfind(STATE_CLOSE)
    if start < 0 or end < start:
        return None
    return TurnState.model_validate_json(system_text[start + len(STATE_OPEN) : end])
