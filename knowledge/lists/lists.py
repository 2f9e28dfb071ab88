"""Lists of products that shoppers keep, and the one their orders make."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from knowledge.carts.journal import Journal
from knowledge.carts.quantities import MOST
from knowledge.catalog.repository import CatalogRepository
from knowledge.db.rows.carts import SavedListRow
from knowledge.db.rows.people import ShopperRow
from knowledge.errors import Conflict, InvalidInput, NotFound
from knowledge.events.events import EventName, record_event
from knowledge.ids import new_id
from knowledge.lists.models import (
    USUAL,
    ListItem,
    SavedList,
    clean_list_name,
    is_usual,
    list_key,
)
from knowledge.lists.usual import usual_items
from knowledge.orders.orders import Orders
from knowledge.ports import Clock

MOST_LISTS = 50
MOST_ITEMS = 200
_ORDERS = 100


class Lists:
    """Saved lists by shopper. Changes are journalled, so that undo takes them back."""

    def __init__(
        self,
        session: Session,
        clock: Clock,
        *,
        journal: Journal,
        orders: Orders,
        catalog: CatalogRepository,
    ) -> None:
        self._session = session
        self._clock = clock
        self._journal = journal
        self._orders = orders
        self._catalog = catalog

    def of_shopper(self, shopper_id: str) -> list[SavedList]:
        """In the order of their names, without the usual."""
        rows = self._session.execute(
            select(
                SavedListRow.id, SavedListRow.name, SavedListRow.items, SavedListRow.updated_at
            ).where(SavedListRow.shopper_id == shopper_id)
        )
        found = [
            SavedList(row.name, tuple(map(ListItem.from_json, row.items)), row.id, row.updated_at)
            for row in rows
        ]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def get(self, shopper_id: str, name: str) -> SavedList:
        """A list by its name, also the usual. Raises ``NotFound`` naming all there are."""
        if is_usual(name):
            return self.usual(shopper_id)
        return _named(self.of_shopper(shopper_id), name)

    def usual(self, shopper_id: str) -> SavedList:
        """What was bought in at least two orders and is still sold, most often first."""
        items = usual_items(self._orders.of_shopper(shopper_id, limit=_ORDERS))
        sold = self._catalog.listed_among([one.product_id for one in items])
        return SavedList(USUAL, tuple(one for one in items if one.product_id in sold))

    def save(
        self, shopper_id: str, name: str, items: Sequence[ListItem], *, channel: str = "web"
    ) -> SavedList:
        """Make a list, or replace what one holds. Raises ``InvalidInput``."""
        kept = clean_list_name(name)
        lists = self._locked(shopper_id)
        old = _find(lists, name)
        if old is None and len(lists) >= MOST_LISTS:
            raise InvalidInput(f"No more than {MOST_LISTS} lists can be saved; delete one first.")
        words = f"saved the list {old.name if old else kept}"
        new = SavedList(old.name if old else kept, _merged((), items), old.id if old else None)
        return self._write(shopper_id, old, new, words, channel)

    def add(
        self, shopper_id: str, name: str, items: Sequence[ListItem], *, channel: str = "web"
    ) -> SavedList:
        """Put products on a list, which is made if need be; their amounts become those given."""
        old = _find(self._locked(shopper_id), name)
        if old is None:
            return self.save(shopper_id, name, items, channel=channel)
        new = SavedList(old.name, _merged(old.items, items), old.id)
        return self._write(shopper_id, old, new, f"changed the list {old.name}", channel)

    def remove(
        self, shopper_id: str, name: str, product_ids: Iterable[str], *, channel: str = "web"
    ) -> SavedList:
        """Take products off a list. Raises ``NotFound`` when one is not on it."""
        old = self._own(shopper_id, name)
        gone = set(product_ids)
        missing = gone - {one.product_id for one in old.items}
        if missing:
            titles = self._catalog.get_many(missing, include_delisted=True)
            said = ", ".join(sorted(one.title for one in titles.values())) or "That"
            raise NotFound(f"{said} is not on the list {old.name}.")
        new = SavedList(
            old.name, tuple(one for one in old.items if one.product_id not in gone), old.id
        )
        return self._write(shopper_id, old, new, f"changed the list {old.name}", channel)

    def rename(
        self, shopper_id: str, name: str, new_name: str, *, channel: str = "web"
    ) -> SavedList:
        """Raises ``Conflict`` when another list is called so."""
        kept = clean_list_name(new_name)
        old = self._own(shopper_id, name)
        twin = _find(self.of_shopper(shopper_id), new_name)
        if twin is not None and twin.id != old.id:
            raise Conflict(f"There is a list called {twin.name} already.")
        new = SavedList(kept, old.items, old.id)
        return self._write(shopper_id, old, new, f"renamed the list {old.name} to {kept}", channel)

    def delete(self, shopper_id: str, name: str, *, channel: str = "web") -> None:
        old = self._own(shopper_id, name)
        self._write(shopper_id, old, None, f"deleted the list {old.name}", channel)

    def restore(self, shopper_id: str, before: dict[str, Any]) -> None:
        """Undo: the lists of a journal entry are again as they were."""
        for id_, kept in before["lists"].items():
            self._delete(shopper_id, id_)
            if kept is not None:
                self._insert(shopper_id, id_, kept["name"], kept["items"], self._clock.now())

    def _own(self, shopper_id: str, name: str) -> SavedList:
        clean_list_name(name)
        return _named(self._locked(shopper_id), name)

    def _locked(self, shopper_id: str) -> list[SavedList]:
        """Two changes at once must not both take the same name or start from what is replaced."""
        self._session.execute(
            select(ShopperRow.id).where(ShopperRow.id == shopper_id).with_for_update(key_share=True)
        )
        return self.of_shopper(shopper_id)

    def _write(
        self,
        shopper_id: str,
        old: SavedList | None,
        new: SavedList | None,
        summary: str,
        channel: str,
    ) -> SavedList:
        id_ = (old and old.id) or new_id("l")
        now = self._clock.now()
        if new is not None:
            _check_size(new.items)
        self._delete(shopper_id, id_)
        if new is not None:
            items = [one.to_json() for one in new.items]
            self._insert(shopper_id, id_, new.name, items, now)
        self._journal.note(
            "list", shopper_id, summary=summary, before={"lists": {id_: _to_json(old)}}
        )
        record_event(
            self._session,
            self._clock,
            EventName.LIST_CHANGED,
            shopper_id=shopper_id,
            channel=channel,
            list_id=id_,
            items=0 if new is None else len(new.items),
        )
        left = new or SavedList(old.name if old else "", ())
        return SavedList(left.name, left.items, id_, now)

    def _delete(self, shopper_id: str, id_: str) -> None:
        self._session.execute(
            delete(SavedListRow)
            .where(SavedListRow.id == id_, SavedListRow.shopper_id == shopper_id)
            .execution_options(synchronize_session=False)
        )

    def _insert(
        self, shopper_id: str, id_: str, name: str, items: list[dict[str, str]], now: datetime
    ) -> None:
        self._session.execute(
            insert(SavedListRow).values(
                id=id_, shopper_id=shopper_id, name=name, items=items, updated_at=now
            )
        )


def _find(lists: Sequence[SavedList], name: str) -> SavedList | None:
    key = list_key(name)
    return next((one for one in lists if list_key(one.name) == key), None)


def _named(lists: Sequence[SavedList], name: str) -> SavedList:
    found = _find(lists, name)
    if found is None:
        known = ", ".join(one.name for one in lists)
        there_are = f"There are: {known}." if known else "None is saved yet."
        raise NotFound(f"There is no list {name!r}. {there_are}")
    return found


def _merged(old: Sequence[ListItem], new: Sequence[ListItem]) -> tuple[ListItem, ...]:
    """One item for each product, in the amount said last."""
    amounts = {one.product_id: one.quantity for one in (*old, *new)}
    return tuple(ListItem(product_id, quantity) for product_id, quantity in amounts.items())


def _check_size(items: Sequence[ListItem]) -> None:
    if len(items) > MOST_ITEMS:
        raise InvalidInput(f"A list holds no more than {MOST_ITEMS} products.")
    if any(not one.quantity.is_finite() or not 0 < one.quantity <= MOST for one in items):
        raise InvalidInput(f"Amounts on a list are more than 0 and at most {MOST}.")


def _to_json(one: SavedList | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"name": one.name, "items": [item.to_json() for item in one.items]}
