"""Puts the acts of a message together: corrections, repeats, what is said beside the point."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.offline.acts import Act, Item


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
    # A request to break the rules spoils what came with it.
    for kind in ("rules", "unclear_exception"):
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
