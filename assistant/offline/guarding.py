"""Keeps what is not plainly meant from changing anything: questions, exceptions, negations."""

import re

from assistant.offline.acts import Act, Item
from assistant.offline.clauses import Clause
from assistant.offline.language import Language

CHANGING = frozenset(
    {"add", "more", "remove", "set_quantity", "replace", "take_swaps", "empty", "checkout",
     "reorder", "budget_set", "budget_clear"}
)  # fmt: skip
_BULK = frozenset({"empty", "remove", "add", "take_swaps"})
_ONE_NEGATION_TAKEN = frozenset({"remove", "budget_clear", "budget_set"})
_IMPERATIVE_DO = re.compile(
    r"^(?:do (?:add|put|take|remove|get|show|find|include|order|both|"
    r"BOTH|PRON|THEM|REF|all|EVERY|the|that|so|not|it)\b|how about|what about)"
)


def _only_asks(act: Act, clause: Clause, language: Language) -> bool:
    """Whether a clause supposes or asks, and so must not change anything."""
    first = clause.full.split()[0]
    if act.kind in {"budget_set", "budget_clear"} or "asked" in clause.marks:
        return False
    if first in language.set_of("never_change") and not _IMPERATIVE_DO.match(clause.full):
        return True
    # "3 more?" asks; "add 3 more?" is only unsure of itself.
    spoken = language.list_starters.match(clause.shape)
    counted_only = clause.pieces[0].tag is not None or not spoken
    return "question" in clause.marks and counted_only and act.kind in {"add", "more"}


def guarded(act: Act, clause: Clause, language: Language, notes: list[str]) -> Act:
    """Keeps what is not plainly meant from changing anything."""
    if act.kind not in CHANGING:
        return act
    words = tuple(clause.text.split())
    if _only_asks(act, clause, language):
        notes.append(f"{clause.shape!r}: a question changes nothing")
        named = any(item.words for item in act.items)
        kind = "search" if named and act.kind in {"add", "more"} else "unknown"
        looked = tuple(Item(item.words, limits=item.limits) for item in act.items if item.words)
        return Act(kind, items=looked, text=clause.text)
    exceptions = language.phrases("exceptions")
    if act.kind in _BULK and any(
        words[at : at + len(phrase)] == phrase for phrase in exceptions for at in range(len(words))
    ):
        notes.append(f"{clause.shape!r}: an exception")
        return Act("unclear_exception", text=clause.text)
    free = {piece.words[0] for piece in clause.pieces if piece.tag is None}
    negated = free & language.set_of("negations")
    if negated and act.kind not in _ONE_NEGATION_TAKEN and act.kind != "set_quantity":
        notes.append(f"{clause.shape!r}: a negation that is not understood")
        return Act("unclear_negation", text=clause.text)
    if "asks_how" in clause.marks:
        return Act("help", text=clause.text)
    return act
