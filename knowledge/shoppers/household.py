"""Who a shopper buys for: members of the household with their diets and allergens."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from knowledge.carts.journal import Journal
from knowledge.db.rows.people import HouseholdMemberRow, PreferenceRow, ShopperRow
from knowledge.errors import Conflict, InvalidInput
from knowledge.events.events import EventName, record_event
from knowledge.ids import new_id
from knowledge.ports import Clock
from knowledge.shoppers.consents import Consents
from knowledge.shoppers.members import (
    Member,
    Needs,
    forgotten,
    from_json,
    is_everything,
    meant_by,
    meant_in,
    named,
    read_needs,
    said_of_change,
    strictest,
    to_json,
    unknown,
    with_needs,
)
from knowledge.shoppers.names import clean_name
from knowledge.shoppers.preferences import CONSENT

MOST_MEMBERS = 20


class NotRemembered(Conflict):
    """Others can be remembered for good only, and that is not wanted."""

    def __init__(self) -> None:
        super().__init__(
            "The shopper asked that nothing be remembered, so nobody of the household is kept. "
            "What others need can be said with each search, or remembering be allowed again."
        )


class Household:
    """Members by shopper. ``set`` and ``remove`` are journalled, so that undo takes them back."""

    def __init__(self, session: Session, clock: Clock, journal: Journal) -> None:
        self._session = session
        self._clock = clock
        self._journal = journal
        self._consents = Consents(session, clock, CONSENT)

    def members(self, shopper_id: str) -> list[Member]:
        """In the order of their names."""
        rows = self._session.execute(
            select(
                HouseholdMemberRow.id,
                HouseholdMemberRow.name,
                HouseholdMemberRow.diets,
                HouseholdMemberRow.allergens,
            ).where(HouseholdMemberRow.shopper_id == shopper_id)
        )
        found = [Member(row.id, row.name, tuple(row.diets), tuple(row.allergens)) for row in rows]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def get(self, shopper_id: str, name: str) -> list[Member]:
        """Whom a name means; a group may mean several. Raises ``NotFound`` naming all there are."""
        members = self.members(shopper_id)
        return named(members, name)

    def set(
        self,
        shopper_id: str,
        name: str,
        *,
        diets: Sequence[str] | None = None,
        allergens: Sequence[str] | None = None,
        forget: Sequence[str] = (),
        channel: str = "web",
        replace_all: bool = False,
    ) -> list[Member]:
        """Make a member, or add to what is known of one; forget first what is named.

        ``forget`` takes values, "diets", "allergens", or "everything", which removes the member.
        With ``replace_all`` each kind that is given takes the place of what was known of it.
        Raises ``InvalidInput`` and ``NotFound``.
        """
        new_diets, new_allergens = read_needs(diets or (), allergens or ())
        members = self._locked(shopper_id)
        found = meant_in(members, name)
        if forget and not found:
            raise unknown(name, members)
        if any(is_everything(text, name) for text in forget):
            return self._write(shopper_id, found, [], channel)
        if not found:
            if len(members) >= MOST_MEMBERS:
                raise InvalidInput(f"No more than {MOST_MEMBERS} people can be remembered.")
            found = [Member(new_id("h"), clean_name(name))]
        changed = []
        for one in found:
            after = forgotten(one, forget)
            if replace_all:
                after = replace(
                    after,
                    diets=() if diets is not None else after.diets,
                    allergens=() if allergens is not None else after.allergens,
                )
            changed.append(with_needs(after, new_diets, new_allergens))
        before = {one.id: one for one in members}
        return self._write(
            shopper_id, [before[one.id] for one in found if one.id in before], changed, channel
        )

    def remove(self, shopper_id: str, name: str, *, channel: str = "web") -> None:
        """Raises ``NotFound`` naming all there are."""
        self._write(shopper_id, named(self._locked(shopper_id), name), [], channel)

    def needs(self, shopper_id: str, names: Iterable[str] = (), *, lenient: bool = False) -> Needs:
        """The strictest union of the shopper's own needs and those of the named members.

        "everyone" names all, "me" adds nobody. Raises ``NotFound`` for anybody else; ``lenient``
        leaves them out, as for a cart line whose member has been forgotten since.
        """
        wanted = list(names)
        members = self.members(shopper_id) if wanted else []
        chosen: dict[str, Member] = {}
        for text in wanted:
            for one in meant_by(members, text, lenient=lenient):
                chosen[one.id] = one
        return strictest([self._own(shopper_id), *chosen.values()])

    def restore(self, shopper_id: str, before: dict[str, Any]) -> None:
        """Undo: the members of a journal entry are again as they were."""
        self._store(
            shopper_id,
            {
                id_: None if kept is None else from_json(id_, kept)
                for id_, kept in before["members"].items()
            },
        )

    def _own(self, shopper_id: str) -> Member:
        rows = self._session.execute(
            select(PreferenceRow.kind, PreferenceRow.value)
            .where(
                PreferenceRow.shopper_id == shopper_id,
                PreferenceRow.kind.in_(("diet", "allergen")),
            )
            .order_by(PreferenceRow.at, PreferenceRow.kind, PreferenceRow.value)
        ).all()
        return Member(
            id="",
            name="",
            diets=tuple(row.value for row in rows if row.kind == "diet"),
            allergens=tuple(row.value for row in rows if row.kind == "allergen"),
        )

    def _locked(self, shopper_id: str) -> list[Member]:
        """Two changes at once must not each start from what the other one replaces."""
        self._session.execute(
            select(ShopperRow.id).where(ShopperRow.id == shopper_id).with_for_update(key_share=True)
        )
        return self.members(shopper_id)

    def _write(
        self, shopper_id: str, before: Sequence[Member], after: Sequence[Member], channel: str
    ) -> list[Member]:
        was = {one.id: one for one in before}
        now = {one.id: one for one in after}
        touched = [id_ for id_ in {**was, **now} if was.get(id_) != now.get(id_)]
        if not touched:
            return list(after)
        self._store(shopper_id, {id_: now.get(id_) for id_ in touched})
        if any(one.id not in was for one in after) and self._consents.withdrawn(shopper_id):
            raise NotRemembered
        if after:
            self._consents.give(shopper_id, channel=channel)
        self._journal.note(
            "household",
            shopper_id,
            summary=", ".join(said_of_change(was.get(id_), now.get(id_)) for id_ in touched),
            before={"members": {id_: to_json(was.get(id_)) for id_ in touched}},
        )
        record_event(
            self._session,
            self._clock,
            EventName.HOUSEHOLD_CHANGED,
            shopper_id=shopper_id,
            channel=channel,
            set=len([id_ for id_ in touched if id_ in now]),
            removed=len([id_ for id_ in touched if id_ not in now]),
        )
        return list(after)

    def _store(self, shopper_id: str, wanted: dict[str, Member | None]) -> None:
        self._session.execute(
            delete(HouseholdMemberRow)
            .where(
                HouseholdMemberRow.shopper_id == shopper_id,
                HouseholdMemberRow.id.in_(list(wanted)),
            )
            .execution_options(synchronize_session=False)
        )
        rows = [
            {
                "id": one.id,
                "shopper_id": shopper_id,
                "name": one.name,
                "diets": list(one.diets),
                "allergens": list(one.allergens),
            }
            for one in wanted.values()
            if one is not None
        ]
        if rows:
            self._session.execute(insert(HouseholdMemberRow), rows)
