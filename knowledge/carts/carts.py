"""Changes carts: rules, budget and fence on the way in, events and lines on the way out."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knowledge.budgets.budgets import Budgets
from knowledge.budgets.models import BudgetConsentRequired, BudgetExceeded, BudgetState, minding
from knowledge.carts.cart_rows import CartRows
from knowledge.carts.cart_writer import CartWriter
from knowledge.carts.edits import Add, Edit, Restore, SetQuantity, SwapLine
from knowledge.carts.journal import Journal, JournalEntry
from knowledge.carts.models import Actor, Cart, LineChanged
from knowledge.carts.planning import Plan, describe_changes, plan_edits, products_needed
from knowledge.carts.projection import CartEvent
from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.people import ShopperRow
from knowledge.errors import Contended, Forbidden, NotFound
from knowledge.ports import Clock
from knowledge.pricing.models import Quote
from knowledge.pricing.pricing import Pricing


@dataclass(frozen=True, slots=True)
class CartChange:
    """A change that was made, and how cart and budget stand after it."""

    cart: Cart
    changes: tuple[LineChanged, ...]
    quote: Quote
    budget: BudgetState | None
    products: Mapping[str, Product]


class Carts:
    """Carts of shoppers. A change that a moment's rival made first raises ``Contended``."""

    def __init__(
        self,
        session: Session,
        *,
        clock: Clock,
        catalog: CatalogRepository,
        pricing: Pricing,
        budgets: Budgets,
        journal: Journal,
    ) -> None:
        self._session = session
        self._clock = clock
        self._catalog = catalog
        self._pricing = pricing
        self._budgets = budgets
        self._journal = journal
        self._rows = CartRows(session)
        self._writer = CartWriter(session, clock, journal)

    def get(self, cart_id: str) -> Cart:
        """Raises ``NotFound``."""
        return self._rows.load(cart_id)

    def open_for(self, shopper_id: str) -> Cart:
        """The cart a shopper fills now; makes one when there is none."""
        found = self._session.execute(
            select(ShopperRow.cart_id).where(ShopperRow.id == shopper_id)
        ).one_or_none()
        if found is None:
            raise NotFound("There is no such shopper.")
        if found.cart_id is not None:
            return self.get(found.cart_id)
        now = self._clock.now()
        cart_id = self._rows.create(now=now)
        self._rows.add_member(cart_id, shopper_id, role="owner", now=now)
        self._session.execute(
            update(ShopperRow)
            .where(ShopperRow.id == shopper_id)
            .values(cart_id=cart_id)
            .execution_options(synchronize_session=False)
        )
        return self.get(cart_id)

    def lock(self, cart_id: str) -> None:
        """Wait for whoever changes the cart now. Locks go cart, confirmation, products."""
        self._rows.lock(cart_id)

    def history(self, cart_id: str) -> list[CartEvent]:
        return self._rows.history(cart_id)

    def add(
        self,
        cart_id: str,
        product_id: str,
        quantity: Decimal,
        *,
        actor: Actor,
        consent: str | None = None,
    ) -> CartChange:
        """Put in more of a product; a line that has it grows."""
        edit = Add(product_id=product_id, quantity=quantity)
        return self.apply(cart_id, [edit], actor=actor, consent=consent)

    def set_quantity(
        self,
        cart_id: str,
        line: str,
        quantity: Decimal,
        *,
        actor: Actor,
        consent: str | None = None,
    ) -> CartChange:
        """A line's new quantity; 0 removes it."""
        edit = SetQuantity(line=line, quantity=quantity)
        return self.apply(cart_id, [edit], actor=actor, consent=consent)

    def swap(
        self,
        cart_id: str,
        line: str,
        product_id: str,
        quantity: Decimal,
        *,
        actor: Actor,
        consent: str | None = None,
    ) -> CartChange:
        """Another product in a line's place; the line keeps its id."""
        edit = SwapLine(line=line, product_id=product_id, quantity=quantity)
        return self.apply(cart_id, [edit], actor=actor, consent=consent)

    def remove(self, cart_id: str, line: str, *, actor: Actor) -> CartChange:
        return self.apply(cart_id, [SetQuantity(line=line, quantity=Decimal(0))], actor=actor)

    def undo(
        self, cart_id: str, entry: JournalEntry, *, actor: Actor, consent: str | None = None
    ) -> CartChange:
        """Put the lines and coupons of a journal entry back as they were."""
        lines, coupons = entry.before["lines"], entry.before.get("coupons")
        edit = Restore(entry=entry.id, lines=lines, coupons=coupons)
        return self.apply(cart_id, [edit], actor=actor, consent=consent)

    def apply(
        self,
        cart_id: str,
        edits: Sequence[Edit],
        *,
        actor: Actor,
        consent: str | None = None,
    ) -> CartChange:
        """Make edits together or not at all.

        Raises what the quantity rules raise, ``BudgetExceeded``, ``BudgetConsentRequired`` unless
        the shopper consented, and ``Contended``. Nothing was written when it raises one of the
        others.
        """
        self.lock(cart_id)
        cart, plan, products, quote = self._prepare(cart_id, edits, actor)
        states = self._budgets.states(actor.shopper_id, quote)
        self._ask_budget(cart, plan, states, products, edits, actor=actor, consent=consent)
        budget = states[0] if states else None
        if not plan.events and not any(isinstance(edit, Restore) for edit in edits):
            return CartChange(cart, (), quote, budget, products)
        version = self._writer.write(cart, plan, products, edits, actor)
        after = replace(plan.cart, version=version)
        return CartChange(after, plan.changes, quote, budget, products)

    def check(self, cart_id: str, edits: Sequence[Edit], *, actor: Actor) -> Quote:
        """What the cart would cost then. Raises what ``apply`` would; writes nothing."""
        cart, plan, products, quote = self._prepare(cart_id, edits, actor)
        states = self._budgets.states(actor.shopper_id, quote)
        self._ask_budget(cart, plan, states, products, edits, actor=actor, consent=None)
        return quote

    def preview(self, cart_id: str, edits: Sequence[Edit], *, actor: Actor) -> CartChange:
        """What ``apply`` would do once the shopper said yes to it; writes nothing.

        Raises what ``apply`` would, but for ``BudgetConsentRequired``.
        """
        cart, plan, products, quote = self._prepare(cart_id, edits, actor)
        states = self._budgets.states(actor.shopper_id, quote)
        with suppress(BudgetConsentRequired):
            self._ask_budget(cart, plan, states, products, edits, actor=actor, consent=None)
        return CartChange(cart, plan.changes, quote, states[0] if states else None, products)

    def _prepare(
        self, cart_id: str, edits: Sequence[Edit], actor: Actor
    ) -> tuple[Cart, Plan, Mapping[str, Product], Quote]:
        cart = self._open_cart(cart_id, actor)
        needed = products_needed(cart, edits)
        products = self._catalog.get_many(sorted(needed), include_delisted=True)
        plan = plan_edits(cart, edits, products, shopper_id=actor.shopper_id, now=self._clock.now())
        return cart, plan, products, self._pricing.quote(plan.cart, products=products)

    def empty(self, cart_id: str, *, actor: Actor) -> CartChange:
        """Take everything out. Only a confirmation's yes leads here."""
        self.lock(cart_id)
        cart = self._open_cart(cart_id, actor)
        plan = _cleared(cart, "emptied")
        version = self._writer.write_emptied(cart, plan, actor)
        after = replace(plan.cart, version=version)
        held = [line.product_id for line in cart.lines]
        products = self._catalog.get_many(held, include_delisted=True)
        quote = self._pricing.quote(after)
        budget = self._budgets.state(actor.shopper_id, quote)
        return CartChange(after, plan.changes, quote, budget, products)

    def set_coupons(
        self, cart_id: str, coupons: Sequence[str], *, actor: Actor, summary: str
    ) -> CartChange:
        """Enter or take out coupons; undo takes it back. Whether they may be is asked before."""
        self.lock(cart_id)
        cart = self._open_cart(cart_id, actor)
        plan = Plan(replace(cart, coupons=tuple(coupons)), (), ())
        version = cart.version
        if plan.cart.coupons != cart.coupons:
            version = self._writer.write_coupons(cart, plan, summary, actor)
        quote = self._pricing.quote(plan.cart)
        budget = self._budgets.state(actor.shopper_id, quote)
        products = {line.product.id: line.product for line in quote.lines}
        return CartChange(replace(plan.cart, version=version), (), quote, budget, products)

    def close_as_ordered(self, cart_id: str, *, actor: Actor, expected_version: int) -> None:
        """Empty the cart into an order; what was done before can no longer be undone."""
        cart = self._open_cart(cart_id, actor)
        if cart.version != expected_version:
            raise Contended("The cart was changed at the same moment.")
        self._writer.write_events(cart, _cleared(cart, "ordered"), actor)
        self._journal.settle(actor.shopper_id, cart_id)

    def _open_cart(self, cart_id: str, actor: Actor) -> Cart:
        if not self._rows.is_member(cart_id, actor.shopper_id):
            raise Forbidden("This is not your cart.")
        return self._rows.load(cart_id)

    def _ask_budget(
        self,
        cart: Cart,
        plan: Plan,
        states: Sequence[BudgetState],
        products: Mapping[str, Product],
        edits: Sequence[Edit],
        *,
        actor: Actor,
        consent: str | None,
    ) -> None:
        """Every way into the cart leads through here, so that no door passes the rule."""
        state = minding(states)
        if state is None:
            return
        if state.in_cart <= self._pricing.quote(cart, products=products).total:
            return
        if state.budget.rule == "refuse":
            raise BudgetExceeded(state)
        if consent is None or not self._budgets.consented(
            consent, shopper_id=actor.shopper_id, cart_id=cart.id
        ):
            raise BudgetConsentRequired(
                state,
                tuple(edits),
                cart_version=cart.version,
                summary=describe_changes(plan.changes, products),
            )


def _cleared(cart: Cart, kind: Literal["emptied", "ordered"]) -> Plan:
    changes = tuple(
        LineChanged("removed", line.id, line.product_id, line.quantity, None) for line in cart.lines
    )
    coupons = () if kind == "ordered" else cart.coupons
    return Plan(replace(cart, lines=(), coupons=coupons), (CartEvent(kind),), changes)
