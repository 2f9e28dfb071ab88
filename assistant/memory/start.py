"""What a turn starts from: state, the talk before it, and what is known of its message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.confirmations import Chosen
from assistant.memory.summary import read_summary
from assistant.state import TurnState
from assistant.window import Part
from knowledge.conversations.commands import StoredCommand
from tools.shown import ShownList


@dataclass(frozen=True, slots=True)
class TurnStart:
    """Kept with the message but for the window, so that every attempt starts the same."""

    state: TurnState
    shown: ShownList
    window: Sequence[Sequence[Part]]
    """The last turns; those in ``outdated`` come without prices and stock."""
    last_seq: int
    """Which turn of the conversation the window ends with."""
    chosen: Chosen | None = None
    done: Sequence[StoredCommand] = ()
    outdated: frozenset[int] = frozenset()
    """Turns told in the window whose prices may no longer hold."""
    summary: str | None = None
    """What is kept of the turns up to ``summary_until``, as JSON."""
    summary_until: int = 0
    variant: str | None = None
    """Of the prompts, where an experiment is going on."""

    @property
    def noted(self) -> list[dict[str, Any]]:
        """Blocks of the products in the summary: they may be named, but no figure is known."""
        return [
            {"type": "product", "product": {"id": one.id, "title": one.title}}
            for one in read_summary(self.summary).products
        ]
