"""Places orders and finds them again: frozen lines, stock taken in the same transaction."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from knowledge.budgets.budgets import Budgets
from knowledge.budgets.models import BudgetExceeded, minding
from knowledge.carts.carts import Carts
from knowledge.carts.models import Actor
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.orders import OrderEventRow, OrderLineRow, OrderRow
from knowledge.errors import Conflict, InvalidInput, NotFound
from knowledge.events.events import EventName, record_event
from knowledge.ids import new_id
from knowledge.money import Money
from knowledge.orders.confirmations import Confirmation, hash_shown
from knowledge.orders.models import Order, OrderLine
from knowledge.orders.offers import Offer, make_offer
from knowledge.ports import Clock
from knowledge.pricing.models import Adjustment, Fulfilment, Total
from knowledge.pricing.pricing import Pricing

_NUMBER = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misread or misheard at a counter


class OfferChanged(Conflict):
    """What the shopper said yes to is no longer what there is. Nothing was done."""

    def __init__(self) -> None:
        super().__init__("The cart, a price or the stock has changed since you were asked.")


class Orders:
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
    ) -> None:
        self._session = session
        self._clock = clock
        self._carts = carts
        self._catalog = catalog
        self._pricing = pricing
        self._budgets = budgets

    def offer(self, cart_id: str, fulfilment: Fulfilment, *, shopper_id: str) -> Offer:
        """What could be ordered now.

        Raises ``Conflict`` when that is nothing, when delivery is not to be had for so little,
        and ``BudgetExceeded`` when the shopper's own rule refuses the total.
        """
        cart = self._carts.get(cart_id)
        if not cart.lines:
            raise InvalidInput("The cart is empty, so there is nothing to order.")
        offer = make_offer(cart, self._pricing, self._pricing.quote(cart, fulfilment))
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

        Raises ``OfferChanged`` when cart, prices or stock are not what was shown.
        """
        fulfilment: Fulfilment = confirmation.payload["fulfilment"]
        if self._carts.get(confirmation.cart_id).version != confirmation.cart_version:
            raise OfferChanged
        offer = self.offer(confirmation.cart_id, fulfilment, shopper_id=actor.shopper_id)
        if hash_shown(offer.shown()) != confirmation.shown_hash:
            raise OfferChanged
        self._carts.close_as_ordered(
            confirmation.cart_id, actor=actor, expected_version=confirmation.cart_version
        )
        # Always in the order of ids, so that two orders never wait for each other in a circle.
        for line in sorted(offer.cart.lines, key=lambda one: one.product_id):
            if not self._catalog.take_stock(line.product_id, line.quantity):
                raise OfferChanged
        # Nobody else writes the catalog from here on; what was priced before may be older.
        priced = Offer(offer.cart, self._pricing.quote(offer.cart, fulfilment), offer.shortages)
        if hash_shown(priced.shown()) != confirmation.shown_hash:
            raise OfferChanged
        return self._write(confirmation, offer, actor)

    def _write(self, confirmation: Confirmation, offer: Offer, actor: Actor) -> Order:
        now = self._clock.now()
        quote = offer.quote
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
                )
                for line in quote.lines
            ),
            totals=quote.totals,
            total=quote.total,
        )
        self._insert(order, confirmation, offer, actor)
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
                fulfilment_details={},
                address_id=None,
                contact={},
                placed_at=now,
                updated_at=now,
            )
        )
        substitutions = {line.number: line.substitution for line in offer.cart.lines}
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
                    "substitution": substitutions[line.number],
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

    def get(self, reference: str, *, shopper_id: str) -> Order:
        """An order by id or number. Raises ``NotFound``, also for somebody else's."""
        row = self._session.execute(
            select(OrderRow.__table__).where(
                OrderRow.shopper_id == shopper_id,
                (OrderRow.id == reference.strip())
                | (OrderRow.number == reference.strip().lstrip("#").upper()),
            )
        ).one_or_none()
        if row is None:
            raise NotFound(f"You have no order {reference}.")
        return self._read([row])[0]

    def of_shopper(self, shopper_id: str, *, limit: int = 10) -> list[Order]:
        """The newest orders first."""
        rows = self._session.execute(
            select(OrderRow.__table__)
            .where(OrderRow.shopper_id == shopper_id)
            .order_by(OrderRow.placed_at.desc(), OrderRow.id.desc())
            .limit(limit)
        ).all()
        return self._read(list(rows))

    def _read(self, rows: list[Row[Any]]) -> list[Order]:
        currencies = {row.id: row.currency for row in rows}
        lines: dict[str, list[OrderLine]] = {row.id: [] for row in rows}
        found = self._session.execute(
            select(OrderLineRow.__table__)
            .where(OrderLineRow.order_id.in_(lines))
            .order_by(OrderLineRow.order_id, OrderLineRow.number)
        )
        for line in found:
            lines[line.order_id].append(_to_line(line, currencies[line.order_id]))
        return [_to_order(row, tuple(lines[row.id])) for row in rows]


def _to_line(row: Row[Any], currency: str) -> OrderLine:
    return OrderLine(
        number=row.number,
        product_id=row.product_id,
        title=row.title,
        quantity=row.quantity,
        unit_price=Money(row.unit_price, currency),
        total=Money(row.total, currency),
        adjustments=tuple(
            Adjustment(one["promotion_id"], one["title"], Money(Decimal(one["amount"]), currency))
            for one in row.adjustments
        ),
    )


def _to_order(row: Row[Any], lines: tuple[OrderLine, ...]) -> Order:
    placed_at: datetime = row.placed_at
    return Order(
        id=row.id,
        number=row.number,
        shopper_id=row.shopper_id,
        status=row.status,
        placed_at=placed_at,
        fulfilment=row.fulfilment,
        lines=lines,
        totals=tuple(
            Total(one["kind"], one["title"], Money(Decimal(one["amount"]), row.currency))
            for one in row.totals
        ),
        total=Money(row.total, row.currency),
    )
