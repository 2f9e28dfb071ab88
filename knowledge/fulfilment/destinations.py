"""Where and when one order is handed over, looked up anew each time it matters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.errors import InvalidInput
from knowledge.fulfilment.addresses import Addresses
from knowledge.fulfilment.models import Address, Contact, Slot, Zone
from knowledge.fulfilment.slots import Slots
from knowledge.fulfilment.when import slot_label
from knowledge.fulfilment.zones import NoDelivery, Zones
from knowledge.pricing.models import Charges
from knowledge.profile import Fulfilment, PickupTerms, ShopProfile


@dataclass(frozen=True, slots=True)
class Destination:
    """Everything that is said of an order's way to the shopper."""

    fulfilment: Fulfilment
    charges: Charges
    address: Address | None = None
    zone: Zone | None = None
    slot: Slot | None = None
    slot_label: str | None = None
    contact: Contact = field(default_factory=Contact)
    pickup: PickupTerms | None = None

    def shown(self) -> dict[str, Any]:
        """What is said yes to besides the totals; nothing for a plain pickup."""
        shown: dict[str, Any] = {}
        if self.address is not None:
            shown["address"] = {"name": self.address.name, **self.address.place.to_json()}
        if self.zone is not None:
            shown["zone"] = self.zone.id
        if self.slot is not None:
            slot = self.slot
            shown["slot"] = {
                "id": slot.id,
                "starts_at": slot.starts_at.isoformat(),
                "ends_at": slot.ends_at.isoformat(),
                "fee": str(slot.fee),
                "label": self.slot_label,
            }
        return shown

    def reference(self) -> dict[str, Any]:
        """What ``Destinations.look_up`` finds it by again."""
        return {
            "address_id": self.address.id if self.address else None,
            "slot_id": self.slot.id if self.slot else None,
            "contact": self.contact.to_json(),
        }

    def details(self) -> dict[str, Any]:
        """What an order keeps of it for good."""
        details = self.shown()
        if self.zone is not None:
            details["zone"] = {"id": self.zone.id, "name": self.zone.name}
        if self.pickup is not None:
            ready = self.pickup.ready_in
            details["pickup"] = {
                "place": self.pickup.place,
                "hours": self.pickup.hours,
                "ready_minutes": None if ready is None else int(ready.total_seconds() // 60),
            }
        return details


class Destinations:
    """Puts destinations together from what is saved and planned now."""

    def __init__(
        self, profile: ShopProfile, *, addresses: Addresses, zones: Zones, slots: Slots
    ) -> None:
        self._profile = profile
        self._addresses = addresses
        self._zones = zones
        self._slots = slots

    def look_up(
        self, fulfilment: Fulfilment, reference: Mapping[str, Any], *, shopper_id: str
    ) -> Destination:
        """Raises ``NotFound``, ``OutsideZones``, ``NoDelivery`` and ``SlotGone``.

        A delivery without an address is one in a shop that asks for none.
        """
        address_id, slot_id = reference.get("address_id"), reference.get("slot_id")
        address = None
        if address_id is not None and fulfilment == "delivery":
            address = self._addresses.get(address_id, shopper_id=shopper_id)
        zone = None
        if fulfilment == "delivery":
            zone = self.zone_of(address)
        slot = None
        if slot_id is not None:
            slot = self._slots.get_open(slot_id, fulfilment, zone_id=zone.id if zone else None)
        return Destination(
            fulfilment=fulfilment,
            charges=self.charges(fulfilment, zone, slot),
            address=address,
            zone=zone,
            slot=slot,
            slot_label=slot_label(slot, self._profile) if slot else None,
            contact=Contact.from_json(reference.get("contact")),
            pickup=self._profile.pickup if fulfilment == "pickup" else None,
        )

    def zone_of(self, address: Address | None) -> Zone | None:
        if address is not None:
            return self._zones.zone_for(address.place.postal_code, address.place.country)
        if self._zones.all:
            raise InvalidInput("Say where to deliver: street and number, postal code and city.")
        if self._profile.delivery is None:
            raise NoDelivery
        return None

    def charges(self, fulfilment: Fulfilment, zone: Zone | None, slot: Slot | None) -> Charges:
        terms = None
        if fulfilment == "delivery":
            terms = zone.terms if zone else self._profile.delivery
        return Charges(fulfilment, terms, slot.fee if slot else None)
