"""Calls tools as a turn does: through the runner, on behalf of one shopper."""

from typing import Any, TypeVar

from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tools.runner import Caller, Outcome, ToolRunner
from tools.view import View

B = TypeVar("B", bound=View)


class Talk:
    """One turn of one shopper; ``caller.shown`` is the list in view."""

    def __init__(self, shop: Shop, shopper: Shopper) -> None:
        self.shop = shop
        self.caller = Caller(shopper.id, shopper.cart_id, "web", turn_id="t1", conversation_id="v1")
        self._runner = ToolRunner(shop)

    def call(self, name: str, /, **arguments: Any) -> Outcome:
        return self._runner.run(self.caller, name, arguments)

    def done(self, name: str, /, **arguments: Any) -> Outcome:
        """The outcome of a call that has to succeed."""
        outcome = self.call(name, **arguments)
        assert outcome.ok, outcome.text
        return outcome

    def show(self, *product_ids: str) -> None:
        """Put products into the list in view, as a search would."""
        with self.shop.read() as work:
            found = work.catalog.get_many(product_ids)
        self.caller.shown.show([(one.id, one.title) for one in found.values()], kind="search")


def block_of(outcome: Outcome, kind: type[B]) -> B:
    """The one block of a kind."""
    (block,) = [one for one in outcome.blocks if isinstance(one, kind)]
    return block
