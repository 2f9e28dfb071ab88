"""Brings a checkout on: takes in what was said, and asks for the first thing that is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from knowledge.errors import Conflict, InvalidInput
from knowledge.fulfilment.address_text import (
    AddressIncomplete,
    ReadAddress,
    looks_like_address,
    read_address,
    split_name,
)
from knowledge.fulfilment.checkouts import Draft
from knowledge.fulfilment.contacts import read_contact
from knowledge.fulfilment.models import Address, Contact, Slot, Zone
from knowledge.fulfilment.slot_words import find_slots
from knowledge.fulfilment.when import slot_label
from knowledge.fulfilment.zones import NoDelivery, OutsideZones
from knowledge.money import Money
from knowledge.profile import Fulfilment
from knowledge.work import Work

MOST_SHOWN = 6
Missing = Literal["address", "minimum", "slot", "contact"]
_WHERE = "Where should it be delivered? Say street and number, postal code and city."


@dataclass(frozen=True, slots=True)
class Said:
    """What a shopper said just now; None is nothing."""

    fulfilment: Fulfilment | None = None
    address: str | None = None
    slot: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """``value`` is what a shopper would type to choose it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """The one thing to say next."""

    missing: Missing
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """How far a checkout is. Without a question everything is known that an order needs."""

    fulfilment: Fulfilment
    address: Address | None
    zone: Zone | None
    slot: Slot | None
    contact: Contact
    question: Question | None
    note: str = ""

    def reference(self) -> dict[str, Any]:
        """What the order is asked for with."""
        return {
            "address_id": self.address.id if self.address else None,
            "slot_id": self.slot.id if self.slot else None,
            "contact": self.contact.to_json(),
        }


PICKUP = Choice("Pickup instead", "pickup")


def go_on(
    work: Work,
    *,
    cart_id: str,
    shopper_id: str,
    said: Said | None = None,
    lost_slot: str | None = None,
) -> Step:
    """Take in what was said and keep it. ``lost_slot`` names one that was just taken by others.

    Raises ``NoDelivery``. What cannot be understood is asked again, not raised.
    """
    work.carts.lock(cart_id)
    checkout = _Checkout(work, cart_id, shopper_id, said or Said(), lost_slot)
    step = checkout.go_on()
    work.checkouts.save(cart_id, checkout.draft, shopper_id=shopper_id)
    return step


def look_at(work: Work, *, cart_id: str, shopper_id: str) -> Step:
    """How far it is. Writes nothing."""
    return _Checkout(work, cart_id, shopper_id, Said(), None).go_on()


class _Checkout:
    def __init__(
        self, work: Work, cart_id: str, shopper_id: str, said: Said, lost_slot: str | None
    ) -> None:
        self._work = work
        self._cart_id = cart_id
        self._shopper_id = shopper_id
        self._said = said
        self._lost_slot = lost_slot
        self._notes: list[str] = []
        self.draft = self._begin()

    def _begin(self) -> Draft:
        draft = self._work.checkouts.get(self._cart_id, shopper_id=self._shopper_id) or Draft()
        wanted = self._said.fulfilment or draft.fulfilment
        delivering = self._said.address or (self._said.slot or "").startswith("delivery-")
        if self._said.fulfilment is None and delivering:
            wanted = "delivery"
        if wanted != draft.fulfilment:
            draft = replace(draft, fulfilment=wanted, slot_id=None, shown=())
        return draft

    @property
    def _delivery(self) -> bool:
        return self.draft.fulfilment == "delivery"

    def go_on(self) -> Step:
        """Everything said is taken in, also when an earlier question is still open."""
        address, zone, about_address = self._address() if self._delivery else (None, None, None)
        slot, about_slot = self._slot(zone)
        contact, about_contact = self._contact(address)
        question = about_address
        if question is None and self._delivery:
            question = self._minimum(zone)
        return Step(
            fulfilment=self.draft.fulfilment,
            address=address,
            zone=zone,
            slot=slot,
            contact=contact,
            question=question or about_slot or about_contact,
            note=" ".join(self._notes),
        )

    def _address(self) -> tuple[Address | None, Zone | None, Question | None]:
        work = self._work
        if not work.zones.all and work.profile.delivery is None:
            raise NoDelivery
        try:
            address = self._said_address() or self._kept_address()
            zone = None
            if address is not None:
                place = address.place
                zone = work.zones.zone_for(place.postal_code, place.country)
        except AddressIncomplete as error:
            return None, None, Question("address", str(error))
        except OutsideZones as error:
            self.draft = replace(self.draft, address_id=None, partial=None)
            return None, None, Question("address", str(error), (PICKUP,))
        except Conflict as error:
            return None, None, Question("address", str(error))
        if address is not None:
            self.draft = replace(self.draft, address_id=address.id, partial=None)
            return address, zone, None
        saved = work.addresses.of(self._shopper_id)
        choices = tuple(Choice(one.short, one.name) for one in saved[:MOST_SHOWN])
        text = "Which address should it be delivered to?" if saved else _WHERE
        return None, None, Question("address", text, choices)

    def _said_address(self) -> Address | None:
        said = self._said.address
        if not said:
            return None
        saved = self._work.addresses.find(said, shopper_id=self._shopper_id)
        if saved is not None:
            return saved
        if not looks_like_address(said) and self.draft.partial is None:
            self._notes.append(f"No address is saved as {said!r}.")
            self.draft = replace(self.draft, address_id=None)
            return None
        return self._save(self._read(said))

    def _read(self, said: str) -> ReadAddress:
        """Also the rest of an address whose beginning was said before."""
        country = self._work.profile.country
        try:
            return read_address(said, country=country)
        except AddressIncomplete:
            partial, rest = self.draft.partial, split_name(said)[1]
            if partial is None:
                self.draft = replace(self.draft, partial=said)
                raise
            joined = f"{partial}, {rest}"
            self.draft = replace(self.draft, partial=joined[-300:])
            return read_address(joined, country=country)

    def _save(self, read: ReadAddress) -> Address:
        self._work.zones.zone_for(read.place.postal_code, read.place.country)
        return self._work.addresses.save(self._shopper_id, read.name, read.place)

    def _kept_address(self) -> Address | None:
        """The one of the draft, else the only one there is."""
        saved = self._work.addresses.of(self._shopper_id)
        kept = next((one for one in saved if one.id == self.draft.address_id), None)
        if kept is None and len(saved) == 1 and not self._said.address:
            return saved[0]
        return kept

    def _minimum(self, zone: Zone | None) -> Question | None:
        """Said before anything else is asked: an order too small needs no slot."""
        work = self._work
        cart = work.carts.get(self._cart_id)
        if not cart.lines:
            return None
        charges = work.destinations.charges("delivery", zone, None)
        try:
            work.pricing.check_fulfilment(work.pricing.quote(cart, "delivery", charges=charges))
        except Conflict as error:
            return Question("minimum", str(error), (PICKUP,))
        return None

    def _slot(self, zone: Zone | None) -> tuple[Slot | None, Question | None]:
        work, draft = self._work, self.draft
        plan = work.profile.slots
        if plan is None or not plan.offers(draft.fulfilment):
            self.draft = replace(draft, slot_id=None)
            if self._said.slot:
                self._notes.append("There are no time slots to choose.")
            return None, None
        if not (self._delivery or self._said.slot or draft.slot_id or self._lost_slot):
            return None, None
        free = work.slots.upcoming(draft.fulfilment, zone_id=zone.id if zone else None)
        if self._lost_slot:
            self._notes.append(f"The slot {self._lost_slot} has just been taken.")
            return None, self._ask_slot(free)
        if self._said.slot:
            return self._said_slot(self._said.slot, free)
        chosen = next((slot for slot in free if slot.id == draft.slot_id), None)
        if chosen is not None:
            return chosen, None
        if draft.slot_id is not None:
            gone = work.slots.find(draft.slot_id)
            label = f" {slot_label(gone, work.profile)}" if gone else ""
            self._notes.append(f"The slot{label} can no longer be had.")
        return None, self._ask_slot(free)

    def _said_slot(self, said: str, free: Sequence[Slot]) -> tuple[Slot | None, Question | None]:
        wish = find_slots(
            said,
            free,
            shown=self.draft.shown,
            now=self._work.clock.now(),
            profile=self._work.profile,
        )
        if len(wish.slots) == 1:
            (slot,) = wish.slots
            self._work.slots.keep(slot)
            self.draft = replace(self.draft, slot_id=slot.id)
            return slot, None
        if not wish.slots and free:
            known = f"No free slot fits {said!r}." if wish.understood else f"{said!r} is no slot."
            self._notes.append(known)
        return None, self._ask_slot(wish.slots or free)

    def _ask_slot(self, free: Sequence[Slot]) -> Question:
        offered = free[:MOST_SHOWN]
        self.draft = replace(self.draft, slot_id=None, shown=tuple(slot.id for slot in offered))
        if not offered:
            if self._delivery:
                text = "No delivery slot is free in the coming days. Pickup is possible."
                return Question("slot", text, (PICKUP,))
            return Question("slot", "No pickup slot is free; say pickup to collect it any time.")
        asked = "When should it come?" if self._delivery else "When will you collect it?"
        fees = sorted({slot.fee.amount for slot in offered if slot.fee.amount})
        if fees:
            extra = " or ".join(Money(fee, offered[0].fee.currency).display() for fee in fees)
            asked = f"{asked} Some cost {extra} extra."
        choices = tuple(
            Choice(self._label(slot), f"slot {number}") for number, slot in enumerate(offered, 1)
        )
        return Question("slot", asked, choices)

    def _label(self, slot: Slot) -> str:
        fee = f" (+{slot.fee.display()})" if slot.fee.amount else ""
        return f"{slot_label(slot, self._work.profile)}{fee}"

    def _contact(self, address: Address | None) -> tuple[Contact, Question | None]:
        if self._said.contact:
            try:
                contact = read_contact(self._said.contact, country=self._work.profile.country)
            except InvalidInput as error:
                return self.draft.contact, Question("contact", str(error))
            self.draft = replace(self.draft, contact=contact)
        phone = address.place.phone if address else None
        known = self.draft.contact or Contact(phone=phone)
        known = known or self._work.contacts.known(self._shopper_id)
        if self._delivery and not known:
            text = "How can we reach you about this order? Say a phone number or a mail address."
            return known, Question("contact", text)
        return known, None
