"""The machine-readable state message a turn starts with, the same for every model."""

from pydantic import BaseModel, ConfigDict

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


class TurnState(StatePart):
    """Built from SQL when a turn begins; prices are as of ``now``."""

    now: str
    shop: str
    channel: str
    locale: str
    currency: str
    cart: CartView
    budget: BudgetView | None = None
    preferences: PreferencesInState = PreferencesInState()
    shown: list[ShownInState] = []
    pending: ConfirmationView | None = None


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
