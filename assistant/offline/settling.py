"""Puts the acts of a message together: corrections, repeats, what is said beside the point."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.offline.acts import Act, Item
from knowledge.search.text import stem

_NAMING = frozenset({"search", "details", "diet_check", "unknown", "sustainability"})
_CARRYING = frozenset({"add", "details", "diet_check", "sustainability", "more"})
_FOR_SOMEBODY = frozenset({
    "search", "refine", "add", "more", "diet_check", "swaps", "plan_recipe", "plan_basket",
    "recommend", "plan_change",
})  # fmt: skip
"""Acts that keep to the needs of those they are for."""
_GIVING_WAY = frozenset({"search", "unknown"})


def counted(items: Sequence[Item]) -> bool:
    return any(item.quantity is not None or item.amount is not None for item in items)


def put_act(acts: list[Act], act: Act) -> None:
    """A correction changes the act before it; what is said twice is meant once."""
    if act.kind == "set_quantity" and acts and acts[-1].kind in {"add", "more"}:
        last = acts[-1]
        about = act.items[0] if act.items else Item()
        pronoun = about.reference is not None and about.reference.kind == "pronoun"
        if last.items and (pronoun or not (about.words or about.reference)) and act.count:
            fixed = replace(last.items[-1], quantity=act.count, amount=None, dozen=False)
            acts[-1] = last.with_items(*last.items[:-1], fixed)
            return
    if _replaces_named(act, acts):
        last = acts[-1]
        new = act.items[0]
        if new.quantity is None and new.amount is None:
            new = replace(new, quantity=last.items[-1].quantity, amount=last.items[-1].amount)
        kind = "add" if last.kind == "add" else act.kind
        acts[-1] = replace(last, kind=kind, items=(*last.items[:-1], new, *act.items[1:]))
        return
    if _is_count_of(act, acts):
        last = acts[-1]
        counted = replace(last.items[-1], quantity=act.items[0].quantity)
        acts[-1] = replace(last, kind="add", items=(*last.items[:-1], counted))
        return
    if act.kind == "prefs" and acts and acts[-1].kind == "prefs" and not act.choice:
        last = acts[-1]
        acts[-1] = replace(
            last,
            terms=tuple(dict.fromkeys((*last.terms, *act.terms))),
            allergens=tuple(dict.fromkeys((*last.allergens, *act.allergens))),
        )
        return
    if not any(act == replace(one, text=act.text, marks=act.marks) for one in acts):
        acts.append(act)


def _replaces_named(act: Act, before: Sequence[Act]) -> bool:
    """As in "Diamonds, I mean diapers": a name alone instead of the last one."""
    if not {"fix", "bare"} <= act.marks or "also" in act.marks or not before:
        return False
    known = act.kind in {"add", "search"} and before[-1].kind in {"add", "search", "unknown"}
    return known and bool(act.items and act.items[0].words and before[-1].items)


def _is_count_of(act: Act, before: Sequence[Act]) -> bool:
    """As in "The second one, two of them": how many of what was just named."""
    if act.kind != "add" or len(act.items) != 1 or not before:
        return False
    item, last = act.items[0], before[-1]
    pronoun = item.reference is not None and item.reference.kind == "pronoun" and not item.words
    named = last.kind in {"add", "chosen"} and bool(last.items)
    return pronoun and named and item.quantity is not None and last.items[-1].quantity is None


def settled(acts: list[Act]) -> list[Act]:
    """Drops what carries nothing beside what does."""
    light = {"greet", "thanks", "never_mind", "how_are_you", "unknown", "yes", "no"}
    heavy = [act for act in acts if act.kind not in light]
    if not heavy:
        said = {act.kind: act for act in acts}
        chosen = [said[kind] for kind in ("yes", "no", "how_are_you", "thanks") if kind in said]
        return chosen[:1] or acts[:1]
    # A request to break the rules spoils what came with it; somebody's health comes first.
    for kind in ("emergency", "medical", "rules", "unclear_exception"):
        spoiled = [act for act in heavy if act.kind == kind]
        if spoiled:
            return spoiled[:1]
    if any(act.kind != "done" for act in heavy):
        light = light | {"done"}
    kept = [act for act in acts if act.kind not in light - {"unknown"}]
    return [act for act in kept if act.kind != "unknown" or _worth_saying(act)]


def _worth_saying(act: Act) -> bool:
    """Whether something not understood names enough to be mentioned."""
    return any(len(item.words) > 1 for item in act.items)


def carried(acts: Sequence[Act], synonyms: Sequence[Sequence[str]]) -> list[Act]:
    """What an act of the same message named: "How much is the rye bread? Add it"."""
    kept: list[Act] = []
    for act in acts:
        named = [item for one in kept if one.kind in _NAMING for item in one.items if item.words]
        if act.kind not in _CARRYING or not named:
            kept.append(act)
            continue
        items = tuple(_meant(item, named, synonyms) for item in act.items)
        if items != act.items and kept[-1].kind in _GIVING_WAY and len(kept[-1].items) == 1:
            kept.pop()
        kept.append(replace(act, items=items))
    return kept


def _meant(item: Item, named: Sequence[Item], synonyms: Sequence[Sequence[str]]) -> Item:
    pointed = item.reference is not None and item.reference.kind == "pronoun" and not item.words
    if pointed and item.reference is not None and not item.reference.plural:
        meant = named[-1]
        limits = meant.limits.joined(item.limits)
        return replace(item, words=meant.words, reference=None, limits=limits)
    if len(item.words) == 1 and not item.limits:
        kind = _like(item.words[0], synonyms)
        fitting = [
            one for one in named if len(one.words) > 1 and {stem(word) for word in one.words} & kind
        ]
        if len(fitting) == 1:
            return replace(item, words=fitting[0].words, limits=fitting[0].limits)
    return item


def _like(word: str, synonyms: Sequence[Sequence[str]]) -> set[str]:
    group = next((one for one in synonyms if word in one), [word])
    return {stem(one) for one in (*group, word)}


def with_members(acts: Sequence[Act], named: tuple[str, ...]) -> list[Act]:
    """For whom it is: those the message speaks of, and those it began with.

    As in "My son can't have dairy, what yogurts are ok?".
    """
    about = named
    kept: list[Act] = []
    for act in acts:
        if act.kind == "prefs" and act.members:
            about = (*about, *(one for one in act.members if one not in about))
            kept.append(act)
        else:
            asks = act.kind == "details" and bool(named)  # "is this ok for Anna?"
            meant = replace(act, kind="diet_check") if asks else act
            kept.append(replace(meant, members=about) if meant.kind in _FOR_SOMEBODY else act)
    return kept
