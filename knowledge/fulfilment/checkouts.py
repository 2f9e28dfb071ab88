"""What a shopper has said of an order's way to them, kept per cart until it is placed."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from knowledge.db.rows.carts import CheckoutRow
from knowledge.fulfilment.models import Contact
from knowledge.ports import Clock
from knowledge.profile import Fulfilment

FRESH = timedelta(days=1)
"""What was said longer ago is asked again."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A checkout so far; ``shown`` are the slots offered last, ``partial`` an address so far."""

    fulfilment: Fulfilment = "pickup"
    address_id: str | None = None
    slot_id: str | None = None
    contact: Contact = field(default_factory=Contact)
    shown: tuple[str, ...] = ()
    partial: str | None = None


class Checkouts:
    """The drafts of carts. In a shared cart everybody has to say their own address."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def get(self, cart_id: str, *, shopper_id: str) -> Draft | None:
        row = self._session.execute(
            select(CheckoutRow.__table__).where(
                CheckoutRow.cart_id == cart_id,
                CheckoutRow.shopper_id == shopper_id,
                CheckoutRow.updated_at > self._clock.now() - FRESH,
            )
        ).one_or_none()
        if row is None:
            return None
        notes: dict[str, Any] = row.notes or {}
        return Draft(
            fulfilment=row.fulfilment,
            address_id=row.address_id,
            slot_id=row.slot_id,
            contact=Contact.from_json(row.contact),
            shown=tuple(notes.get("shown", ())),
            partial=notes.get("partial"),
        )

    def save(self, cart_id: str, draft: Draft, *, shopper_id: str) -> None:
        """Call it with the cart locked; its slot must have a row."""
        self.clear(cart_id)
        self._session.execute(
            insert(CheckoutRow).values(
                cart_id=cart_id,
                shopper_id=shopper_id,
                fulfilment=draft.fulfilment,
                address_id=draft.address_id,
                slot_id=draft.slot_id,
                contact=draft.contact.to_json(),
                notes={"shown": list(draft.shown), "partial": draft.partial},
                updated_at=self._clock.now(),
            )
        )

    def clear(self, cart_id: str) -> None:
        self._session.execute(delete(CheckoutRow).where(CheckoutRow.cart_id == cart_id))
