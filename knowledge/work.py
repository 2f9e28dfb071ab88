"""Everything of the shop within one transaction."""

from functools import cached_property

from sqlalchemy.orm import Session

from knowledge.audit_log import AuditLog
from knowledge.budgets.budgets import Budgets
from knowledge.carts.carts import Carts
from knowledge.carts.journal import Journal
from knowledge.catalog.repository import CatalogRepository
from knowledge.catalog.stock import Stock
from knowledge.conversations.commands import Commands
from knowledge.conversations.conversations import Conversations
from knowledge.conversations.handovers import Handovers
from knowledge.conversations.inbox import Inbox
from knowledge.conversations.outbox import Outbox
from knowledge.experiments.experiments import Experiments
from knowledge.fulfilment.addresses import Addresses
from knowledge.fulfilment.checkouts import Checkouts
from knowledge.fulfilment.contacts import Contacts
from knowledge.fulfilment.destinations import Destinations
from knowledge.fulfilment.slots import Slots
from knowledge.fulfilment.zones import Zones
from knowledge.jobs.jobs import Jobs
from knowledge.lists.lists import Lists
from knowledge.orders.confirmations import Confirmations
from knowledge.orders.orders import Orders
from knowledge.orders.returns import Returns
from knowledge.policies.policies import Policies
from knowledge.ports import Clock
from knowledge.pricing.coupons import Coupons
from knowledge.pricing.pricing import Pricing
from knowledge.pricing.promotion_store import Promotions
from knowledge.profile import ShopProfile
from knowledge.recipes.repository import Recipes
from knowledge.shoppers.household import Household
from knowledge.shoppers.preferences import Preferences
from knowledge.shoppers.shoppers import Shoppers
from knowledge.usage.model_calls import ModelCalls


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
    def stock(self) -> Stock:
        return Stock(self.session, self.clock, self.catalog)

    @cached_property
    def policies(self) -> Policies:
        return Policies(self.session, self.clock)

    @cached_property
    def recipes(self) -> Recipes:
        return Recipes(self.session)

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
    def household(self) -> Household:
        return Household(self.session, self.clock, self.journal)

    @cached_property
    def pricing(self) -> Pricing:
        return Pricing(self.session, self.catalog, self.profile, self.clock)

    @cached_property
    def promotions(self) -> Promotions:
        return Promotions(self.session, self.clock)

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
    def coupons(self) -> Coupons:
        return Coupons(self.session, self.clock, self.profile)

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(self.session, self.clock)

    @cached_property
    def contacts(self) -> Contacts:
        return Contacts(self.session)

    @cached_property
    def zones(self) -> Zones:
        return Zones(self.session, self.profile)

    @cached_property
    def slots(self) -> Slots:
        return Slots(self.session, self.clock, self.profile)

    @cached_property
    def destinations(self) -> Destinations:
        return Destinations(
            self.profile, addresses=self.addresses, zones=self.zones, slots=self.slots
        )

    @cached_property
    def checkouts(self) -> Checkouts:
        return Checkouts(self.session, self.clock)

    @cached_property
    def orders(self) -> Orders:
        return Orders(
            self.session,
            clock=self.clock,
            carts=self.carts,
            catalog=self.catalog,
            pricing=self.pricing,
            budgets=self.budgets,
            coupons=self.coupons,
            addresses=self.addresses,
            contacts=self.contacts,
            slots=self.slots,
            destinations=self.destinations,
            checkouts=self.checkouts,
        )

    @cached_property
    def lists(self) -> Lists:
        return Lists(
            self.session,
            self.clock,
            journal=self.journal,
            orders=self.orders,
            catalog=self.catalog,
        )

    @cached_property
    def confirmations(self) -> Confirmations:
        return Confirmations(self.session, self.clock)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.session, self.clock)

    @cached_property
    def handovers(self) -> Handovers:
        return Handovers(self.session, self.clock)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.session, self.clock)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.session, self.clock)

    @cached_property
    def commands(self) -> Commands:
        return Commands(self.session, self.clock)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self.session, self.clock)

    @cached_property
    def experiments(self) -> Experiments:
        return Experiments(self.session, self.clock)

    @cached_property
    def returns(self) -> Returns:
        return Returns(self.session, self.clock)

    @cached_property
    def model_calls(self) -> ModelCalls:
        return ModelCalls(self.session, self.clock, self.profile)

    @cached_property
    def audit(self) -> AuditLog:
        return AuditLog(self.session, self.clock)
