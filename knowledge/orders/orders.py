"""Places orders: frozen lines, stock taken in the same transaction."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from knowledge.budgets.budgets import Budgets
from knowledge.budgets.models import BudgetExceeded, minding
from knowledge.carts.carts import Carts
from knowledge.carts.models import Actor
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.orders import OrderEventRow, OrderLineRow, OrderRow
from knowledge.errors import Conflict, InvalidInput
from knowledge.events.events import EventName, record_event
from knowledge.fulfilment.addresses import Addresses
from knowledge.fulfilment.checkouts import Checkouts
from knowledge.fulfilment.contacts import Contacts
from knowledge.fulfilment.destinations import Destinations
from knowledge.fulfilment.slots import SlotGone, Slots
from knowledge.ids import new_id
from knowledge.orders.announcing import announce
from knowledge.orders.confirmations import Confirmation, hash_shown
from knowledge.orders.models import Order, OrderLine
from knowledge.orders.offers import Offer, make_offer
from knowledge.orders.order_book import OrderBook
from knowledge.ports import Clock
from knowledge.pricing.coupons import Coupons
from knowledge.pricing.models import Fulfilment
from knowledge.pricing.pricing import Pricing

_NUMBER = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misread or misheard at a counter


class OfferChanged(Conflict):
    """What the shopper said yes to is no longer what there is. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("The cart, a price or the stock has changed since you were asked.")


class Orders(OrderBook):
    """Orders of shoppers. Only the yes to a confirmation places one."""

    def __init__(
        self,
        session: Session,
        *,
        clock: Clock,
        carts: Carts,
        catalog: CatalogRepository,
        pricing: Pricing,
        budgets: Budgets,
        coupons: Coupons,
        addresses: Addresses,
        contacts: Contacts,
        slots: Slots,
        destinations: Destinations,
        checkouts: Checkouts,
    ) -> None:
        super().__init__(session, clock)
        self._coupons = coupons
        self._addresses = addresses
        self._contacts = contacts
        self._slots = slots
        self._destinations = destinations
        self._checkouts = checkouts
        self._carts = carts
        self._catalog = catalog
        self._pricing = pricing
        self._budgets = budgets

    def offer(
        self,
        cart_id: str,
        fulfilment: Fulfilment,
        *,
        shopper_id: str,
        reference: Mapping[str, Any] | None = None,
    ) -> Offer:
        """What could be ordered now; ``reference`` is that of a ``Destination``.

        Raises ``Conflict`` when that is nothing, when delivery is not to be had for so little or
        there, when the slot is gone, and ``BudgetExceeded`` when the shopper's own rule refuses.
        """
        cart = self._carts.get(cart_id)
        if not cart.lines:
            raise InvalidInput("The cart is empty, so there is nothing to order.")
        destination = self._destinations.look_up(fulfilment, reference or {}, shopper_id=shopper_id)
        cart = replace(cart, coupons=self._coupons.usable(cart.coupons, shopper_id=shopper_id))
        quote = self._pricing.quote(cart, fulfilment, charges=destination.charges)
        offer = make_offer(cart, self._pricing, quote, destination)
        if not offer.cart.lines:
            reasons = "; ".join(one.text for one in offer.shortages)
            raise Conflict(f"Nothing in the cart can be ordered now: {reasons}.")
        self._pricing.check_fulfilment(offer.quote)
        refusing = minding(self._budgets.states(shopper_id, offer.quote), rules=("refuse",))
        if refusing is not None:
            raise BudgetExceeded(refusing)
        return offer

    def place(self, confirmation: Confirmation, *, actor: Actor) -> Order:
        """Do what was shown, or raise and do nothing; call it within a savepoint.

        Raises ``OfferChanged`` when cart, prices or stock are not what was shown, ``SlotGone``
        when somebody else took the last place, and what ``offer`` raises.
        """
        payload = confirmation.payload
        cart = self._carts.get(confirmation.cart_id)
        if cart.version != confirmation.cart_version:
            raise OfferChanged
        self._coupons.lock(cart.coupons)
        offer = self.offer(
            confirmation.cart_id,
            payload["fulfilment"],
            shopper_id=actor.shopper_id,
            reference=payload.get("destination"),
        )
        if hash_shown(offer.shown()) != confirmation.shown_hash:
            raise OfferChanged
        self._carts.close_as_ordered(
            confirmation.cart_id, actor=actor, expected_version=confirmation.cart_version
        )
        # Always in the order of ids, so that two orders never wait for each other in a circle.
        for line in sorted(offer.cart.lines, key=lambda one: one.product_id):
            if not self._catalog.take_stock(line.product_id, line.quantity):
                raise OfferChanged
        destination = offer.destination
        if destination.slot is not None and not self._slots.take(destination.slot):
            raise SlotGone(destination.slot_label or destination.slot.id)
        # Nobody else writes the catalog from here on; what was priced before may be older.
        quote = self._pricing.quote(offer.cart, destination.fulfilment, charges=destination.charges)
        if hash_shown(replace(offer, quote=quote).shown()) != confirmation.shown_hash:
            raise OfferChanged
        return self._write(confirmation, offer, actor)

    def _write(self, confirmation: Confirmation, offer: Offer, actor: Actor) -> Order:
        now = self._clock.now()
        quote, destination = offer.quote, offer.destination
        contact = destination.contact or self._contacts.known(actor.shopper_id)
        order = Order(
            id=new_id("o"),
            number=self._new_number(),
            shopper_id=actor.shopper_id,
            status="placed",
            placed_at=now,
            fulfilment=quote.fulfilment,
            lines=tuple(
                OrderLine(
                    number=line.line.number,
                    product_id=line.product.id,
                    title=line.product.title,
                    quantity=line.line.quantity,
                    unit_price=line.unit_price,
                    total=line.total,
                    adjustments=line.adjustments,
                    age_limit=line.product.age_limit,
                    substitution=line.line.substitution,
                    unit=line.product.unit if line.product.sell_by != "each" else None,
                )
                for line in quote.lines
            ),
            totals=quote.totals,
            total=quote.total,
            slot_id=destination.slot.id if destination.slot else None,
            details=destination.details(),
            contact=contact,
        )
        self._insert(order, confirmation, offer, actor)
        self._coupons.record_uses(quote, order_id=order.id, shopper_id=actor.shopper_id)
        self._checkouts.clear(confirmation.cart_id)
        if destination.address is not None:
            self._addresses.note_use(destination.address.id)
        self._budgets.record_order(actor.shopper_id, order.id, order.total, now)
        record_event(
            self._session,
            self._clock,
            EventName.ORDER_PLACED,
            shopper_id=actor.shopper_id,
            channel=actor.channel,
            order_id=order.id,
            total=str(order.total),
            currency=order.currency,
            products=[line.product_id for line in order.lines],
        )
        announce(self._session, self._clock, "order.placed", order.id)
        return order

    def _insert(self, order: Order, confirmation: Confirmation, offer: Offer, actor: Actor) -> None:
        now = order.placed_at
        self._session.execute(
            insert(OrderRow).values(
                id=order.id,
                number=order.number,
                shopper_id=order.shopper_id,
                cart_id=confirmation.cart_id,
                confirmation_id=confirmation.id,
                status=order.status,
                currency=order.currency,
                total=order.total.amount,
                totals=[total.to_json() for total in order.totals],
                fulfilment=order.fulfilment,
                fulfilment_details=dict(order.details),
                address_id=offer.destination.address.id if offer.destination.address else None,
                contact=order.contact.to_json(),
                slot_id=order.slot_id,
                placed_at=now,
                updated_at=now,
            )
        )
        self._session.execute(
            insert(OrderLineRow),
            [
                {
                    "order_id": order.id,
                    "number": line.number,
                    "product_id": line.product_id,
                    "title": line.title,
                    "quantity": line.quantity,
                    "unit_price": line.unit_price.amount,
                    "total": line.total.amount,
                    "adjustments": [
                        {
                            "promotion_id": one.promotion_id,
                            "title": one.title,
                            "amount": str(one.amount),
                        }
                        for one in line.adjustments
                    ],
                    "substitution": line.substitution,
                    "age_limit": line.age_limit,
                    "unit": line.unit,
                }
                for line in order.lines
            ],
        )
        self._session.execute(
            insert(OrderEventRow).values(
                order_id=order.id,
                status=order.status,
                note=None,
                actor=actor.shopper_id,
                at=now,
            )
        )

    def _new_number(self) -> str:
        while True:
            letters = "".join(secrets.choice(_NUMBER) for _ in range(8))
            number = f"{letters[:4]}-{letters[4:]}"
            taken = select(OrderRow.id).where(OrderRow.number == number)
            if self._session.scalar(taken) is None:
                return number
