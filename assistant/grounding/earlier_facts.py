"""What earlier turns of a conversation made known, read once for all the turns behind them."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from assistant.grounding.facts import Facts
from assistant.safety.echoes import claims_in, without
from assistant.window import Part

_MOST = 128
"""Conversations kept; a long one takes about 150 kB."""


@dataclass(slots=True)
class _Kept:
    """The facts of turns ``first`` to ``last``."""

    first: int
    last: int
    outdated: frozenset[int] = frozenset()
    facts: Facts = field(default_factory=Facts)


class EarlierFacts:
    """A cache for one event loop. A finished turn never changes, so it is never out of date."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def of(
        self,
        conversation_id: str,
        window: Sequence[Sequence[Part]],
        last_seq: int,
        outdated: frozenset[int] = frozenset(),
    ) -> Facts:
        """The facts of exactly the window, which ends with turn ``last_seq``; yours to add to.

        Turns in ``outdated`` come without their prices, which must not be known any longer.
        """
        if not window:
            return Facts()
        first = last_seq - len(window) + 1
        kept = self._kept.pop(conversation_id, None)
        if (
            kept is None
            or kept.first != first
            or kept.last > last_seq
            or kept.outdated != {seq for seq in outdated if seq <= kept.last}
        ):
            kept = _Kept(first, first - 1)
        for parts in window[kept.last - first + 1 :]:
            _read(kept.facts, parts)
        kept.last = last_seq
        kept.outdated = outdated
        self._kept[conversation_id] = kept
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        copied: Facts = _copied(kept.facts)
        return copied


def _read(facts: Facts, parts: Sequence[Part]) -> None:
    claims: dict[str, list[str]] = {}
    for part in parts:
        for call in part.get("calls", ()):
            claims[call["id"]] = claims_in(call["name"], call["arguments"])
        echoes = claims.get(part.get("call_id", ""), [])
        told = without(echoes, part.get("text", ""))
        facts.add_result(told, without(echoes, part.get("blocks", [])))
        if part["type"] == "user":
            facts.add_words(part["text"])


def _copied(value: Any) -> Any:  # noqa: ANN401 - facts, and whatever they are made of
    """A copy of everything that can be added to; what only saves work is left behind."""
    if isinstance(value, set | list):
        return value.copy()
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        known = {
            one.name: _copied(getattr(value, one.name))
            for one in fields(value)
            if not one.name.startswith("_")
        }
        return type(value)(**known)
    return value
