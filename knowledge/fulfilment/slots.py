"""Slots with the places taken in them: found, kept, taken, given back."""

from dataclasses import replace
from typing import Any, cast

from sqlalchemy import CursorResult, Table, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from knowledge.db.rows.orders import DeliverySlotRow
from knowledge.errors import Conflict, NotFound
from knowledge.fulfilment.models import Slot
from knowledge.fulfilment.slot_plan import is_open, planned_slots
from knowledge.fulfilment.when import slot_label
from knowledge.money import Money
from knowledge.ports import Clock
from knowledge.profile import Fulfilment, ShopProfile

_SLOTS = cast("Table", DeliverySlotRow.__table__)


class SlotGone(Conflict):
    """A slot can no longer be had: sold out, begun, or no longer in the plan."""

    def __init__(self, label: str) -> None:
        super().__init__(f"The slot {label} can no longer be had.")
        self.label = label


class Slots:
    """The slots of the weekly plan. One that nobody chose yet exists in the plan alone.

    So the days ahead fill by themselves, and a changed plan counts at once.
    """

    def __init__(self, session: Session, clock: Clock, profile: ShopProfile) -> None:
        self._session = session
        self._clock = clock
        self._profile = profile

    def upcoming(
        self, fulfilment: Fulfilment, *, zone_id: str | None = None, limit: int | None = None
    ) -> list[Slot]:
        """Those with a place left that can still be chosen, the earliest first.

        ``zone_id`` None asks for every zone.
        """
        now = self._clock.now()
        planned = [
            slot
            for slot in planned_slots(self._profile, fulfilment, now)
            if is_open(slot, self._profile, now)
            and (zone_id is None or slot.zone_id in {None, zone_id})
        ]
        taken = self._taken([slot.id for slot in planned])
        found = [replace(slot, taken=taken.get(slot.id, 0)) for slot in planned]
        return [slot for slot in found if slot.left][:limit]

    def find(self, slot_id: str) -> Slot | None:
        """A slot that was ever chosen, or one of the plan, whether it can still be had or not."""
        row = self._session.execute(select(_SLOTS).where(_SLOTS.c.id == slot_id)).one_or_none()
        if row is not None:
            return Slot(
                id=row.id,
                fulfilment=row.fulfilment,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                capacity=row.capacity,
                fee=Money(row.fee, self._profile.currency),
                zone_id=row.zone_id,
                taken=row.taken,
            )
        return self._planned(slot_id)

    def get_open(self, slot_id: str, fulfilment: Fulfilment, *, zone_id: str | None = None) -> Slot:
        """Raises ``SlotGone`` when it cannot be chosen now, ``NotFound`` when there is none."""
        for slot in self.upcoming(fulfilment, zone_id=zone_id):
            if slot.id == slot_id:
                return slot
        gone = self.find(slot_id)
        if gone is None:
            raise NotFound(f"There is no slot {slot_id}.")
        raise SlotGone(slot_label(gone, self._profile))

    def keep(self, slot: Slot) -> None:
        """Make its row, or bring it in line with the plan; places taken stay taken."""
        insert = postgres_insert if self._is_postgres() else sqlite_insert
        terms = {"capacity": slot.capacity, "fee": slot.fee.amount}
        self._session.execute(
            insert(DeliverySlotRow)
            .values(
                id=slot.id,
                fulfilment=slot.fulfilment,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                taken=0,
                zone_id=slot.zone_id,
                **terms,
            )
            .on_conflict_do_update(index_elements=["id"], set_=terms)
        )

    def take(self, slot: Slot) -> bool:
        """Take a place, if there is one; exactly one of several rivals gets the last."""
        self.keep(slot)
        return self._move(slot.id, 1)

    def release(self, slot_id: str) -> None:
        """Give a place back, as when an order is cancelled."""
        self._move(slot_id, -1)

    def _move(self, slot_id: str, places: int) -> bool:
        taken = _SLOTS.c.taken
        fits = taken < _SLOTS.c.capacity if places > 0 else taken > 0
        result = cast(
            "CursorResult[Any]",
            self._session.execute(
                update(_SLOTS).where(_SLOTS.c.id == slot_id, fits).values(taken=taken + places)
            ),
        )
        return bool(result.rowcount)

    def _planned(self, slot_id: str) -> Slot | None:
        fulfilment: Fulfilment = "pickup" if slot_id.startswith("pickup") else "delivery"
        planned = planned_slots(self._profile, fulfilment, self._clock.now())
        return next((slot for slot in planned if slot.id == slot_id), None)

    def _taken(self, slot_ids: list[str]) -> dict[str, int]:
        rows = self._session.execute(
            select(_SLOTS.c.id, _SLOTS.c.taken).where(_SLOTS.c.id.in_(slot_ids))
        )
        return {row.id: row.taken for row in rows}

    def _is_postgres(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"
