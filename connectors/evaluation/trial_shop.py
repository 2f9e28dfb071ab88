"""A temporary shop to run cases in: its shoppers, what they start with, what they leave behind."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.evaluation.cases import Setup
from connectors.evaluation.judging import Cart
from connectors.settings import Settings
from connectors.wiring import Application, open_application
from knowledge.conversations.models import Turn
from knowledge.errors import SmartCartError
from knowledge.ids import new_id
from knowledge.orders.cancelling import cancel_for_owner
from knowledge.shoppers.preferences import ShopperPreferences
from knowledge.shoppers.shoppers import Shopper
from knowledge.usage.models import ModelUse
from prompts.checking import CONTROL
from tools.runner import Caller

CHANNEL = "web"
_MOST_ORDERS = 1000
# Nothing of the operator's own shop is touched, nobody outside hears of orders that are none, and
# no limit quietly puts another model in the place of the one that is judged.
_APART: dict[str, Any] = {
    "database_url": None,
    "redis_url": None,
    "chroma_url": None,
    "mail_url": None,
    "order_webhook_url": None,
    "enrichment": "off",
    "daily_cost": None,
    "shopper_daily_turns": None,
    "shopper_daily_tokens": None,
}


@dataclass(frozen=True, slots=True)
class Left:
    """What is found of a shopper after a turn."""

    preferences: ShopperPreferences
    orders: int
    turn: Turn | None


class TrialShop:
    """Blocking; call it in threads. Every case gets a shopper of its own."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._shop = application.shop

    def use_variant(self, variant: str | None) -> None:
        """Give every shopper one variant of the prompts."""
        if variant in (None, CONTROL):
            return
        with self._shop.write() as work:
            work.experiments.create("trial", {CONTROL: 1, variant: 1})
            work.experiments.stop("trial", winner=variant)

    def set_up(self, setup: Setup) -> tuple[Shopper, Cart]:
        """Raises ``SmartCartError`` when the case cannot start like that."""
        with self._shop.write() as work:
            shopper = work.shoppers.create_anonymous(CHANNEL)
        if setup.preferences is not None:
            wanted = setup.preferences.model_dump(exclude_defaults=True)
            self._change(shopper, "set_preferences", wanted)
        if setup.budget is not None:
            budget = setup.budget.model_dump(mode="json", exclude_none=True)
            self._change(shopper, "set_budget", budget)
        cart: dict[str, Decimal] = {}
        if setup.cart:
            items = [item.model_dump(mode="json") for item in setup.cart]
            self._change(shopper, "add_to_cart", {"items": items})
        for item in setup.cart:
            cart[item.product] = cart.get(item.product, Decimal(0)) + item.quantity
        return shopper, cart

    def look(self, shopper: Shopper, conversation_id: str) -> Left:
        with self._shop.read() as work:
            orders = work.orders.of_shopper(shopper.id, limit=_MOST_ORDERS)
            newest = work.conversations.window(conversation_id, turns=1)
            return Left(work.preferences.of(shopper.id), len(orders), newest[0] if newest else None)

    def calls_of(self, turn_id: str) -> list[ModelUse]:
        with self._shop.read() as work:
            return work.model_calls.of_turn(turn_id)

    def clear_up(self, shopper: Shopper) -> None:
        """Give back what orders took, so that later cases find shelves and slots as full."""
        with self._shop.write() as work:
            for order in work.orders.of_shopper(shopper.id, limit=_MOST_ORDERS):
                if order.status != "cancelled":
                    cancel_for_owner(work, order, actor="owner")

    def _change(self, shopper: Shopper, name: str, arguments: dict[str, Any]) -> None:
        caller = Caller(shopper.id, shopper.cart_id, CHANNEL, new_id("setup"))
        outcome = self.application.runner.run(caller, name, arguments)
        if not outcome.ok:
            raise SmartCartError(outcome.plain)


@asynccontextmanager
async def open_trial_shop(settings: Settings) -> AsyncIterator[TrialShop]:
    with tempfile.TemporaryDirectory(prefix="smartcart-eval-") as folder:
        own = settings.model_copy(update={**_APART, "data_dir": Path(folder)})
        async with open_application(own, indexing="first") as application:
            yield TrialShop(application)
