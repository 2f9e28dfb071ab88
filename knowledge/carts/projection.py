"""Lines are what the events of a cart add up to (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from knowledge.carts.models import CartLine

EventKind = Literal[
    "added", "changed", "removed", "swapped", "substitution", "restored", "emptied", "ordered"
]


@dataclass(frozen=True, slots=True)
class CartEvent:
    """One thing that happened. ``line`` None concerns them all: nothing is left after it.

    ``before`` and ``after`` are the line as it was and is; None when there was or is none.
    """

    kind: EventKind
    line: int | None = None
    before: CartLine | None = None
    after: CartLine | None = None


def replay(events: Iterable[CartEvent], lines: Iterable[CartLine] = ()) -> tuple[CartLine, ...]:
    """Apply events in order; from the first event of a cart on this gives its lines."""
    standing = {line.number: line for line in lines}
    for event in events:
        if event.line is None:
            standing.clear()
        elif event.after is None:
            standing.pop(event.line, None)
        else:
            standing[event.line] = event.after
    return tuple(standing[number] for number in sorted(standing))
