"""Everything of the shop within one transaction."""

from functools import cached_property

from sqlalchemy.orm import Session

from knowledge.budgets.budgets import Budgets
from knowledge.carts.carts import Carts
from knowledge.carts.journal import Journal
from knowledge.catalog.repository import CatalogRepository
from knowledge.conversations.commands import Commands
from knowledge.conversations.conversations import Conversations
from knowledge.conversations.inbox import Inbox
from knowledge.conversations.outbox import Outbox
from knowledge.orders.confirmations import Confirmations
from knowledge.orders.orders import Orders
from knowledge.policies.policies import Policies
from knowledge.ports import Clock
from knowledge.pricing.pricing import Pricing
from knowledge.profile import ShopProfile
from knowledge.shoppers.preferences import Preferences
from knowledge.shoppers.shoppers import Shoppers


class Work:
    """The repositories of one unit of work; made by ``Shop.read`` and ``Shop.write``."""

    def __init__(self, session: Session, profile: ShopProfile, clock: Clock) -> None:
        self.session = session
        self.profile = profile
        self.clock = clock

    @cached_property
    def catalog(self) -> CatalogRepository:
        return CatalogRepository(self.session, self.clock)

    @cached_property
    def policies(self) -> Policies:
        return Policies(self.session, self.clock)

    @cached_property
    def shoppers(self) -> Shoppers:
        return Shoppers(self.session, self.clock)

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.session, self.clock)

    @cached_property
    def preferences(self) -> Preferences:
        return Preferences(self.session, self.clock, self.journal)

    @cached_property
    def pricing(self) -> Pricing:
        return Pricing(self.session, self.catalog, self.profile, self.clock)

    @cached_property
    def budgets(self) -> Budgets:
        return Budgets(self.session, self.clock, self.profile, self.journal)

    @cached_property
    def carts(self) -> Carts:
        return Carts(
            self.session,
            clock=self.clock,
            catalog=self.catalog,
            pricing=self.pricing,
            budgets=self.budgets,
            journal=self.journal,
        )

    @cached_property
    def orders(self) -> Orders:
        return Orders(
            self.session,
            clock=self.clock,
            carts=self.carts,
            catalog=self.catalog,
            pricing=self.pricing,
            budgets=self.budgets,
        )

    @cached_property
    def confirmations(self) -> Confirmations:
        return Confirmations(self.session, self.clock)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.session, self.clock)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.session, self.clock)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.session, self.clock)

    @cached_property
    def commands(self) -> Commands:
        return Commands(self.session, self.clock)
