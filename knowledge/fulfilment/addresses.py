"""Addresses that shoppers keep, each under a name of its own."""

from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session

from knowledge.db.rows.carts import CheckoutRow
from knowledge.db.rows.orders import AddressRow, OrderRow
from knowledge.errors import Conflict, InvalidInput, NotFound
from knowledge.fulfilment.models import Address, PlainAddress
from knowledge.fulfilment.postal_codes import bare
from knowledge.ids import new_id
from knowledge.ports import Clock

MOST = 20
_LONGEST_NAME = 40


class Addresses:
    """The address book of each shopper. Names are alike whatever their case."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def of(self, shopper_id: str) -> list[Address]:
        """Those used last come first."""
        rows = self._session.execute(
            select(AddressRow.__table__)
            .where(AddressRow.shopper_id == shopper_id)
            .order_by(AddressRow.used_at.is_(None), AddressRow.used_at.desc(), AddressRow.id)
        )
        return [_to_address(row) for row in rows]

    def get(self, address_id: str, *, shopper_id: str) -> Address:
        """Raises ``NotFound``, also for somebody else's."""
        row = self._session.execute(
            select(AddressRow.__table__).where(
                AddressRow.id == address_id, AddressRow.shopper_id == shopper_id
            )
        ).one_or_none()
        if row is None:
            raise NotFound("That address is not saved any more.")
        return _to_address(row)

    def find(self, name: str, *, shopper_id: str) -> Address | None:
        wanted = _key(name)
        return next((one for one in self.of(shopper_id) if _key(one.name) == wanted), None)

    def save(self, shopper_id: str, name: str | None, place: PlainAddress) -> Address:
        """Keep an address; a name that is there gets the new place, a place that is there is it.

        Raises ``Conflict`` when the book is full.
        """
        known = self.of(shopper_id)
        if name is None:
            same = next((one for one in known if _same(one.place, place)), None)
            if same is not None:
                return same
        called = _checked_name(name) if name else _free_name(place, known)
        taken = next((one for one in known if _key(one.name) == _key(called)), None)
        if taken is not None:
            self._session.execute(
                update(AddressRow)
                .where(AddressRow.id == taken.id)
                .values(name=called, **_columns(place))
                .execution_options(synchronize_session=False)
            )
            return Address(taken.id, called, place, taken.used_at)
        if len(known) >= MOST:
            raise Conflict(f"{MOST} addresses are saved already; remove one first.")
        address = Address(new_id("a"), called, place)
        self._session.execute(
            insert(AddressRow).values(
                id=address.id,
                shopper_id=shopper_id,
                name=called,
                used_at=None,
                **_columns(place),
            )
        )
        return address

    def remove(self, shopper_id: str, name: str) -> None:
        """Forget an address; orders keep the copy they were placed with. Raises ``NotFound``."""
        address = self.find(name, shopper_id=shopper_id)
        if address is None:
            raise NotFound(f"No address is saved as {name!r}.")
        for rows in (OrderRow, CheckoutRow):
            self._session.execute(
                update(rows)
                .where(rows.address_id == address.id)
                .values(address_id=None)
                .execution_options(synchronize_session=False)
            )
        self._session.execute(delete(AddressRow).where(AddressRow.id == address.id))

    def note_use(self, address_id: str) -> None:
        self._session.execute(
            update(AddressRow)
            .where(AddressRow.id == address_id)
            .values(used_at=self._clock.now())
            .execution_options(synchronize_session=False)
        )


def _key(name: str) -> str:
    return " ".join(name.lower().removeprefix("my ").split())


def _same(one: PlainAddress, other: PlainAddress) -> bool:
    def key(place: PlainAddress) -> tuple[str, ...]:
        said = (*place.lines, bare(place.postal_code), place.city, place.country)
        return tuple(" ".join(part.lower().replace(".", "").split()) for part in said)

    return key(one) == key(other)


def _checked_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > _LONGEST_NAME:
        raise InvalidInput(f"A name of an address has 1 to {_LONGEST_NAME} characters.")
    return cleaned


def _free_name(place: PlainAddress, known: list[Address]) -> str:
    """By its street; whoever wants "home" says so."""
    street = place.lines[0].strip(" ,")
    words = [word for word in street.split() if not any(letter.isdigit() for letter in word)]
    base = (" ".join(words) or "address")[: _LONGEST_NAME - 4].strip(" ,.-#") or "address"
    taken = {_key(one.name) for one in known}
    for number in range(1, MOST + 2):
        name = base if number == 1 else f"{base} {number}"
        if _key(name) not in taken:
            return name
    return base  # pragma: no cover - there are more names than addresses


def _columns(place: PlainAddress) -> dict[str, Any]:
    return place.to_json()


def _to_address(row: Row[Any]) -> Address:
    place = PlainAddress(
        lines=tuple(row.lines),
        postal_code=row.postal_code,
        city=row.city,
        country=row.country,
        region=row.region,
        phone=row.phone,
    )
    return Address(row.id, row.name, place, row.used_at)
