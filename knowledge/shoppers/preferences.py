"""What a shopper wants remembered: diets, allergens, dislikes, brands, sustainability."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from knowledge.carts.journal import Journal
from knowledge.db.rows.people import PreferenceRow, ShopperRow
from knowledge.errors import InvalidInput, NotFound
from knowledge.events.events import EventName, record_event
from knowledge.own_words import only_a_name
from knowledge.ports import Clock
from knowledge.shoppers.consents import Consents
from knowledge.shoppers.vocabulary import read_allergen, read_diet

Sustainability = Literal["low", "medium", "high"]
CONSENT = "remember_preferences"
STATED, OF_THIS_TALK = "stated", "talk"
"""Where a preference comes from. One of a talk goes with it: remembering was not agreed to."""
MOST_OF_A_KIND = 50
_LONGEST = 100
_KINDS = {
    "diets": "diet",
    "allergens": "allergen",
    "dislikes": "dislike",
    "brands": "brand",
    "sustainability": "sustainability",
}
_EVERYTHING = {"all", "everything"}
Stored = tuple[str, str]
_PREFERENCES = cast("Table", PreferenceRow.__table__)
_OF_SHOPPER = (
    select(_PREFERENCES.c.kind, _PREFERENCES.c.value)
    .where(_PREFERENCES.c.shopper_id == bindparam("shopper_id"))
    .order_by(_PREFERENCES.c.at, _PREFERENCES.c.kind, _PREFERENCES.c.value)
)

_FORGET_OF_TALK = delete(_PREFERENCES).where(
    _PREFERENCES.c.shopper_id == bindparam("of_shopper"), _PREFERENCES.c.source == OF_THIS_TALK
)


@dataclass(frozen=True, slots=True)
class ShopperPreferences:
    """Empty means nothing was said, never that everything is fine."""

    diets: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    sustainability: Sustainability | None = None


class Preferences:
    """What shoppers asked to have remembered, one row per kind and value."""

    def __init__(self, session: Session, clock: Clock, journal: Journal) -> None:
        self._session = session
        self._clock = clock
        self._journal = journal
        self._consents = Consents(session, clock, CONSENT)

    def of(self, shopper_id: str) -> ShopperPreferences:
        stored = self._stored(shopper_id)
        values = {kind: tuple(v for k, v in stored if k == kind) for kind in _KINDS.values()}
        level = values["sustainability"]
        return ShopperPreferences(
            diets=values["diet"],
            allergens=values["allergen"],
            dislikes=values["dislike"],
            brands=values["brand"],
            sustainability=_level(level[0]) if level else None,
        )

    def set(
        self,
        shopper_id: str,
        *,
        diets: Sequence[str] | None = None,
        allergens: Sequence[str] | None = None,
        dislikes: Sequence[str] | None = None,
        brands: Sequence[str] | None = None,
        sustainability: str | None = None,
        forget: Sequence[str] = (),
        channel: str = "web",
        replace: bool = False,
    ) -> ShopperPreferences:
        """Forget what is named, then remember what is given besides what is known.

        With ``replace`` each kind that is given takes the place of what was known of it. Raises
        ``InvalidInput`` for diets and allergens nobody knows, ``NotFound`` for nothing to forget.
        """
        before = self._stored(shopper_id, wait=True)
        after = _without(before, forget)
        given: list[Stored] = []
        for diet in diets or ():
            name, implied = read_diet(diet)
            given += [("diet", name)] if name else []
            given += [("allergen", one) for one in implied]
        given += [("allergen", one) for text in allergens or () for one in read_allergen(text)]
        given += [("dislike", _word(text).lower()) for text in dislikes or ()]
        given += [("brand", _word(text)) for text in brands or ()]
        if sustainability is not None:
            given.append(("sustainability", _level(sustainability)))
            after = [one for one in after if one[0] != "sustainability"]
        if replace:
            kinds = {"diets": diets, "allergens": allergens, "dislikes": dislikes, "brands": brands}
            replaced = {_KINDS[name] for name, values in kinds.items() if values is not None}
            after = [one for one in after if one[0] not in replaced]
        after = _narrowed(list(dict.fromkeys(after + given)), given)
        _check_size(after)
        if frozenset(after) != frozenset(before):
            self._write(shopper_id, before, after, channel)
        return self.of(shopper_id)

    def restore(self, shopper_id: str, before: dict[str, Any]) -> None:
        """Undo: exactly what was remembered before is remembered again."""
        self._replace_rows(shopper_id, [(kind, value) for kind, value in before["values"]])

    def consented(self, shopper_id: str) -> bool:
        """Whether the shopper agreed to have preferences remembered; the last word counts."""
        return self._consents.given(shopper_id)

    def unwanted(self, shopper_id: str) -> bool:
        """Whether the shopper asked that nothing lasting be remembered."""
        return self._consents.withdrawn(shopper_id)

    def allow(self, shopper_id: str, *, channel: str) -> None:
        """Remember again; what was kept for this talk is kept for good."""
        self._consents.give(shopper_id, channel=channel)
        self._session.execute(
            update(_PREFERENCES)
            .where(_PREFERENCES.c.shopper_id == shopper_id, _PREFERENCES.c.source == OF_THIS_TALK)
            .values(source=STATED)
        )

    def forbid(self, shopper_id: str, *, channel: str) -> None:
        """Remember nothing lasting from now on; what is known is kept for this talk only."""
        self._consents.withdraw(shopper_id, channel=channel)
        self._session.execute(
            update(_PREFERENCES)
            .where(_PREFERENCES.c.shopper_id == shopper_id)
            .values(source=OF_THIS_TALK)
        )

    def begin_talk(self, shopper_id: str) -> None:
        """Forget what was kept for the talk before only."""
        self._session.execute(_FORGET_OF_TALK, {"of_shopper": shopper_id})

    def _stored(self, shopper_id: str, *, wait: bool = False) -> list[Stored]:
        if wait:  # two changes at once must not each start from what the other one replaces
            self._session.execute(
                select(ShopperRow.id)
                .where(ShopperRow.id == shopper_id)
                .with_for_update(key_share=True)
            )
        rows = self._session.execute(_OF_SHOPPER, {"shopper_id": shopper_id})
        return [(row.kind, row.value) for row in rows]

    def _write(
        self, shopper_id: str, before: list[Stored], after: list[Stored], channel: str
    ) -> None:
        added = [one for one in after if one not in before]
        gone = [one for one in before if one not in after]
        self._replace_rows(shopper_id, after)
        if added and not self.unwanted(shopper_id):
            self._consents.give(shopper_id, channel=channel)
        words = [f"remembered {value}" for _, value in added]
        words += [f"forgot {value}" for _, value in gone]
        self._journal.note(
            "preferences",
            shopper_id,
            summary=", ".join(words),
            before={"values": [list(one) for one in before]},
        )
        record_event(
            self._session,
            self._clock,
            EventName.PREFERENCES_SET,
            shopper_id=shopper_id,
            channel=channel,
            added=[kind for kind, _ in added],
            forgotten=[kind for kind, _ in gone],
        )

    def _replace_rows(self, shopper_id: str, wanted: Sequence[Stored]) -> None:
        standing = self._stored(shopper_id)
        for kind, value in frozenset(standing) - frozenset(wanted):
            self._session.execute(
                delete(PreferenceRow)
                .where(
                    PreferenceRow.shopper_id == shopper_id,
                    PreferenceRow.kind == kind,
                    PreferenceRow.value == value,
                )
                .execution_options(synchronize_session=False)
            )
        now = self._clock.now()
        source = OF_THIS_TALK if self.unwanted(shopper_id) else STATED
        rows = [
            {
                "shopper_id": shopper_id,
                "kind": kind,
                "value": value,
                "source": source,
                "at": now,
            }
            for kind, value in wanted
            if (kind, value) not in standing
        ]
        if rows:
            self._session.execute(insert(PreferenceRow), rows)


def _without(values: list[Stored], forget: Sequence[str]) -> list[Stored]:
    for text in forget:
        gone = _meant(values, text)
        if not gone:
            raise NotFound(f"Nothing like {text!r} is remembered.")
        values = [one for one in values if one not in gone]
    return values


def _meant(values: list[Stored], text: str) -> list[Stored]:
    """What "vegan", "allergens" or "everything" names among what is remembered."""
    words = text.strip().lower().replace(" ", "_")
    if words in _EVERYTHING:
        return values
    kind = _KINDS.get(words) or (words if words in _KINDS.values() else None)
    if kind is not None:
        return [one for one in values if one[0] == kind]
    named = {("dislike", text.strip().lower()), ("brand", text.strip()), ("sustainability", words)}
    with suppress(InvalidInput):
        named.add(("diet", read_diet(text)[0] or ""))
    with suppress(InvalidInput):
        named |= {("allergen", one) for one in read_allergen(text)}
    return [one for one in values if one in named or one[1].lower() == text.strip().lower()]


def _narrowed(values: list[Stored], given: list[Stored]) -> list[Stored]:
    """Vegan says all that vegetarian says; who now is vegetarian no longer is vegan."""
    if ("diet", "vegan") in given:
        return [one for one in values if one != ("diet", "vegetarian")]
    if ("diet", "vegetarian") in given:
        return [one for one in values if one != ("diet", "vegan")]
    return values


def _word(text: str) -> str:
    word = only_a_name(" ".join(text.split()))
    if not word or len(word) > _LONGEST:
        raise InvalidInput(f"{text[:40]!r} cannot be remembered; say one word or name.")
    return word


def _level(text: str) -> Sustainability:
    for level in get_args(Sustainability):
        if text.strip().lower() == level:
            found: Sustainability = level
            return found
    raise InvalidInput(f"Sustainability can be low, medium or high, not {text!r}.")


def _check_size(values: list[Stored]) -> None:
    for kind in _KINDS.values():
        if sum(1 for one in values if one[0] == kind) > MOST_OF_A_KIND:
            raise InvalidInput(f"No more than {MOST_OF_A_KIND} of one kind can be remembered.")
