"""Writes a planned change: fence first, then events, lines, journal and the event log."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from knowledge.carts.cart_rows import CartRows
from knowledge.carts.edits import Edit, Restore
from knowledge.carts.journal import Journal
from knowledge.carts.models import Actor, Cart
from knowledge.carts.planning import Plan, describe_changes
from knowledge.catalog.models import Product
from knowledge.errors import Contended
from knowledge.events.events import EventName, record_event
from knowledge.ports import Clock


class CartWriter:
    """The way of every cart change into the database."""

    def __init__(self, session: Session, clock: Clock, journal: Journal) -> None:
        self._session = session
        self._clock = clock
        self._journal = journal
        self._rows = CartRows(session)

    def write(
        self,
        cart: Cart,
        plan: Plan,
        products: Mapping[str, Product],
        edits: Sequence[Edit],
        actor: Actor,
    ) -> int:
        """The new version. Raises ``Contended``; then nothing of it may be committed."""
        version = self.write_events(cart, plan, actor)
        undone = [edit.entry for edit in edits if isinstance(edit, Restore)]
        for entry in undone:
            if not self._journal.take_back(entry):
                raise Contended("That was undone already.")
        if not undone:
            self._note(cart, plan, describe_changes(plan.changes, products), actor)
        record_event(
            self._session,
            self._clock,
            EventName.CHANGE_UNDONE if undone else EventName.CART_CHANGED,
            shopper_id=actor.shopper_id,
            channel=actor.channel,
            cart_id=cart.id,
            changes=[[change.kind, change.product_id] for change in plan.changes],
        )
        return version

    def write_events(self, cart: Cart, plan: Plan, actor: Actor) -> int:
        now = self._clock.now()
        version = self._rows.advance(cart, next_line=plan.cart.next_line, now=now)
        if plan.cart.coupons != cart.coupons:
            self._rows.set_coupons(cart.id, plan.cart.coupons)
        self._rows.append(cart.id, plan.events, actor=actor, now=now)
        self._rows.project(cart.id, cart.lines, plan.cart.lines)
        return version

    def write_emptied(self, cart: Cart, plan: Plan, actor: Actor) -> int:
        version = self.write_events(cart, plan, actor)
        if cart.lines:
            self._note(cart, plan, f"emptied the cart ({len(cart.lines)} lines)", actor)
        return version

    def write_coupons(self, cart: Cart, plan: Plan, summary: str, actor: Actor) -> int:
        version = self.write_events(cart, plan, actor)
        self._journal.note(
            "cart",
            actor.shopper_id,
            summary=summary,
            before={"lines": {}, "coupons": list(cart.coupons)},
            cart_id=cart.id,
        )
        return version

    def _note(self, cart: Cart, plan: Plan, summary: str, actor: Actor) -> None:
        before = {line.number: line.to_json() for line in cart.lines}
        touched: set[int] = set()
        for event in plan.events:
            touched |= set(before) if event.line is None else {event.line}
        self._journal.note(
            "cart",
            actor.shopper_id,
            summary=summary,
            before={"lines": {str(number): before.get(number) for number in sorted(touched)}},
            cart_id=cart.id,
        )
