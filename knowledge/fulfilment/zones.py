"""Delivery zones: which one a postal code falls into, and on which terms."""

from collections.abc import Sequence
from functools import cached_property

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from knowledge.db.rows.orders import DeliveryZoneRow
from knowledge.errors import Conflict
from knowledge.fulfilment.models import Zone
from knowledge.fulfilment.postal_codes import spoken_code
from knowledge.profile import DeliveryTerms, ShopProfile

_NAMED = 4


class OutsideZones(Conflict):
    """The shop does not come there."""

    def __init__(self, postal_code: str, zones: Sequence[Zone]) -> None:
        super().__init__(
            f"We do not deliver to {spoken_code(postal_code)}, only in {_named(zones)}. "
            "Pickup is possible: say pickup, or give another address."
        )
        self.postal_code = postal_code


class NoDelivery(Conflict):
    def __init__(self) -> None:
        super().__init__("This shop does not deliver; orders are picked up.")


class Zones:
    """The shop's zones in the order in which they are asked. Without any, terms hold everywhere."""

    def __init__(self, session: Session, profile: ShopProfile) -> None:
        self._session = session
        self._profile = profile

    @cached_property
    def all(self) -> tuple[Zone, ...]:
        """Read once in a transaction."""
        rows = self._session.execute(
            select(DeliveryZoneRow.__table__)
            .where(DeliveryZoneRow.active)
            .order_by(DeliveryZoneRow.position, DeliveryZoneRow.id)
        )
        return tuple(
            Zone(
                row.id,
                row.name,
                tuple(row.postal_codes),
                DeliveryTerms(row.fee, row.minimum, row.free_from),
            )
            for row in rows
        )

    def find(self, postal_code: str, country: str | None = None) -> Zone | None:
        """The first zone that has the code; zones are in the shop's own country."""
        if country not in {None, self._profile.country}:
            return None
        return next((zone for zone in self.all if zone.covers(postal_code)), None)

    def zone_for(self, postal_code: str, country: str | None = None) -> Zone | None:
        """The zone to deliver in; None where the shop knows no zones and delivers everywhere.

        Raises ``NoDelivery`` and ``OutsideZones``.
        """
        if not self.all:
            if self._profile.delivery is None:
                raise NoDelivery
            return None
        zone = self.find(postal_code, country)
        if zone is None:
            raise OutsideZones(postal_code, self.all)
        return zone

    def load(self, zones: Sequence[Zone]) -> None:
        """Take the place of all zones there were. Orders keep what they were told."""
        self._session.execute(delete(DeliveryZoneRow))
        if zones:
            self._session.execute(
                insert(DeliveryZoneRow),
                [
                    {
                        "id": zone.id,
                        "name": zone.name,
                        "postal_codes": list(zone.postal_codes),
                        "fee": zone.terms.fee,
                        "minimum": zone.terms.minimum,
                        "free_from": zone.terms.free_from,
                        "position": position,
                        "active": True,
                    }
                    for position, zone in enumerate(zones)
                ],
            )
        self.__dict__.pop("all", None)


def _named(zones: Sequence[Zone]) -> str:
    """At most a few by name, with the codes where these are few and plain."""
    names = []
    for zone in zones[:_NAMED]:
        plain = all(code.isalnum() for code in zone.postal_codes)
        codes = (
            f" ({', '.join(zone.postal_codes)})"
            if plain and len(zone.postal_codes) <= _NAMED
            else ""
        )
        names.append(f"{zone.name}{codes}")
    if len(zones) > _NAMED:
        names.append("some other places")
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
