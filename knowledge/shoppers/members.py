"""Members of a household: what each needs, and the strictest of what several need (pure)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from knowledge.errors import InvalidInput, NotFound
from knowledge.shoppers.names import is_everyone, is_self, meant, name_key, split_names
from knowledge.shoppers.vocabulary import read_allergen, read_diet

_EVERYTHING = {"all", "everything", "them", "member", "person"}


@dataclass(frozen=True, slots=True)
class Member:
    """Someone a shopper buys for: one person or a group such as kids."""

    id: str
    name: str
    diets: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Needs:
    """The strictest of what several people need. ``names`` are the members, not the shopper.

    ``people`` says who needs what; the shopper stands in it as the member with an empty name.
    """

    diets: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    people: tuple[Member, ...] = ()

    def whose(self, need: str) -> tuple[str, ...]:
        """Names of those who keep to a diet or avoid an allergen, "you" first."""
        having = [one for one in self.people if need in one.diets or need in one.allergens]
        return tuple(one.name or "you" for one in having)


def meant_in(members: Sequence[Member], name: str) -> list[Member]:
    """Whom a name means; empty when nobody."""
    return [members[index] for index in meant(name, [name_key(one.name) for one in members])]


def named(members: Sequence[Member], name: str) -> list[Member]:
    found = meant_in(members, name)
    if not found:
        raise unknown(name, members)
    return found


def meant_by(members: Sequence[Member], text: str, *, lenient: bool) -> list[Member]:
    if is_everyone(text):
        return list(members)
    if is_self(text):
        return []
    whole = meant_in(members, text)
    if whole:
        return whole
    parts = split_names(text)
    if len(parts) > 1:
        return [one for part in parts for one in meant_by(members, part, lenient=lenient)]
    if lenient:
        return []
    raise unknown(text, members)


def unknown(name: str, members: Sequence[Member]) -> NotFound:
    known = ", ".join(one.name for one in members)
    if known:
        return NotFound(f"Nobody called {name!r} is known in the household. Known: {known}.")
    return NotFound(
        f"Nobody called {name!r} is known in the household yet; say what they avoid or how they "
        "eat, and it is remembered."
    )


def read_needs(
    diets: Sequence[str], allergens: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    kept: list[str] = []
    avoided: list[str] = []
    for text in diets:
        diet, implied = read_diet(text)
        kept += [diet] if diet else []
        avoided += implied
    for text in allergens:
        avoided += read_allergen(text)
    return tuple(dict.fromkeys(kept)), tuple(dict.fromkeys(avoided))


def with_needs(member: Member, diets: Sequence[str], allergens: Sequence[str]) -> Member:
    """Vegan says all that vegetarian says; who now is vegetarian no longer is vegan."""
    kept = tuple(dict.fromkeys((*member.diets, *diets)))
    if "vegan" in diets:
        kept = tuple(one for one in kept if one != "vegetarian")
    elif "vegetarian" in diets:
        kept = tuple(one for one in kept if one != "vegan")
    return replace(
        member, diets=kept, allergens=tuple(dict.fromkeys((*member.allergens, *allergens)))
    )


def is_everything(text: str, name: str) -> bool:
    return text.strip().lower() in _EVERYTHING or name_key(text) == name_key(name)


def forgotten(member: Member, forget: Sequence[str]) -> Member:
    for text in forget:
        gone = _values_of(member, text)
        if not gone:
            raise NotFound(f"Nothing like {text!r} is remembered of {member.name}.")
        member = replace(
            member,
            diets=tuple(one for one in member.diets if one not in gone),
            allergens=tuple(one for one in member.allergens if one not in gone),
        )
    return member


def _values_of(member: Member, text: str) -> set[str]:
    words = text.strip().lower()
    if words in {"diet", "diets"}:
        return set(member.diets)
    if words in {"allergen", "allergens", "allergy", "allergies"}:
        return set(member.allergens)
    values: set[str] = set()
    with suppress(InvalidInput):
        diet, implied = read_diet(text)
        values |= {diet} if diet else set(implied)
    with suppress(InvalidInput):
        values |= set(read_allergen(text))
    return values & {*member.diets, *member.allergens}


def strictest(people: Sequence[Member]) -> Needs:
    diets = dict.fromkeys(diet for one in people for diet in one.diets)
    if "vegan" in diets:
        diets.pop("vegetarian", None)
    return Needs(
        diets=tuple(diets),
        allergens=tuple(dict.fromkeys(need for one in people for need in one.allergens)),
        names=tuple(one.name for one in people if one.name),
        people=tuple(people),
    )


def said_of_change(before: Member | None, after: Member | None) -> str:
    if after is None:
        return f"forgot {before.name if before else 'somebody'}"
    old = () if before is None else (*before.diets, *before.allergens)
    new = (*after.diets, *after.allergens)
    gained = [one.replace("_", " ") for one in new if one not in old]
    lost = [one.replace("_", " ") for one in old if one not in new]
    words = [f"remembered {', '.join(gained)} for {after.name}"] if gained else []
    words += [f"forgot {', '.join(lost)} of {after.name}"] if lost else []
    return ", ".join(words) or f"remembered {after.name}"


def to_json(member: Member | None) -> dict[str, Any] | None:
    if member is None:
        return None
    return {
        "name": member.name,
        "diets": list(member.diets),
        "allergens": list(member.allergens),
    }


def from_json(id_: str, kept: dict[str, Any]) -> Member:
    return Member(id_, kept["name"], tuple(kept["diets"]), tuple(kept["allergens"]))
