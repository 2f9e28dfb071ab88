"""Begins an attempt at a turn: claims its message and reads what it starts from, at once."""

import dataclasses
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from assistant.confirmations import Chosen
from assistant.limits import Limits
from assistant.memory.ageing import aged, products_in
from assistant.memory.masking import mask_window
from assistant.memory.outdated import outdated
from assistant.memory.start import TurnStart
from assistant.reception import load_message
from assistant.state import TurnState
from assistant.state_builder import build_start, load_shown
from assistant.window import TURNS
from knowledge.conversations.commands import StoredCommand
from knowledge.conversations.models import InboxEntry, Receipt, Turn
from knowledge.shop import Shop
from knowledge.state.locks import CartLock, CartLocks
from knowledge.state.windows import ConversationWindows

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """A claimed message with its start, and the lock of its cart."""

    entry: InboxEntry
    start: TurnStart
    lock: CartLock


class TurnStarts:
    """Begins attempts; one call does all that must be done before a model can be asked."""

    def __init__(
        self, *, shop: Shop, windows: ConversationWindows, locks: CartLocks, limits: Limits
    ) -> None:
        self._shop = shop
        self._windows = windows
        self._locks = locks
        self._limits = limits

    def begin(self, entry: InboxEntry) -> Begun | InboxEntry | None:
        """The begun attempt, the entry when it is finished already, or None while it must wait."""
        lock = self._locks.acquire(entry.cart_id)
        if lock is None:
            return None
        begun: Begun | InboxEntry | None = None
        try:
            begun = self._begin(entry.id, lock)
        finally:
            if not isinstance(begun, Begun):
                self._locks.release(lock)
        return begun

    def go_on(self, receipt: Receipt) -> Begun | None:
        """The attempt at a message that was claimed when it was received; None when it was not."""
        if receipt.last_seq is None:
            return None
        entry = receipt.entry
        # Whoever has the lock now is about to see that this cart's turn is claimed.
        lock = self._locks.acquire(entry.cart_id) or CartLock(entry.cart_id, "not had")
        try:
            return Begun(entry, self._start(entry, receipt.last_seq), lock)
        except Exception:
            self._locks.release(lock)
            self._give_back(entry)
            raise

    def _begin(self, entry_id: str, lock: CartLock) -> Begun | InboxEntry | None:
        with self._shop.write() as work:
            claimed = work.inbox.claim(entry_id, self._limits.lease)
            if claimed is None:
                entry = work.inbox.get(entry_id)
                return entry if entry.status.finished else None
            conversation = work.conversations.get(claimed.conversation_id)
            if claimed.start is None:
                start = build_start(work, load_message(claimed), conversation)
                work.inbox.keep_start(claimed.id, claimed.attempt, start)
                claimed = dataclasses.replace(claimed, start=start)
            done = work.commands.of_turn(claimed.turn_id) if claimed.attempt > 1 else []
        try:
            return Begun(claimed, self._start(claimed, conversation.last_seq, done), lock)
        except Exception:
            self._give_back(claimed)
            raise

    def _give_back(self, entry: InboxEntry) -> None:
        """Let it be begun anew at once instead of when its lease lapses; a voice cannot wait."""
        try:
            with self._shop.write() as work:
                work.inbox.heartbeat(entry.id, entry.attempt, timedelta())
        except Exception:
            logger.exception("turn %s could not be given back", entry.turn_id)

    def _start(
        self, entry: InboxEntry, newest: int, done: Sequence[StoredCommand] = ()
    ) -> TurnStart:
        kept = entry.start
        assert kept is not None
        state = TurnState.model_validate(kept["state"])
        turns = self._window(entry.conversation_id, newest)
        old = self._outdated(turns)
        talk = [aged(turn["parts"]) if turn["seq"] in old else turn["parts"] for turn in turns]
        return TurnStart(
            state=state,
            shown=load_shown(kept["shown"]),
            window=mask_window(talk, checking_out=state.checkout is not None),
            last_seq=newest,
            chosen=None if kept["chosen"] is None else Chosen(**kept["chosen"]),
            done=done,
            outdated=old,
            summary=kept.get("summary"),
            summary_until=kept.get("summary_until", 0),
            variant=kept.get("variant"),
        )

    def _window(self, conversation_id: str, newest: int) -> Sequence[dict[str, Any]]:
        if newest == 0:
            return []
        turns = self._windows.read(conversation_id, newest)
        if turns is None:
            with self._shop.read() as work:
                stored = work.conversations.window(conversation_id, turns=TURNS)
            turns = [turn_in_window(turn) for turn in stored]
            self._windows.replace(conversation_id, turns)
        return turns

    def _outdated(self, turns: Sequence[dict[str, Any]]) -> frozenset[int]:
        if not turns:
            return frozenset()
        with self._shop.read() as work:
            return outdated(work, turns, self._shop.clock.now())


def turn_in_window(turn: Turn) -> dict[str, Any]:
    """A turn as it is kept at hand, with what tells whether its prices still hold."""
    return {
        "seq": turn.seq,
        "at": turn.started_at.isoformat(),
        "products": list(products_in(turn.parts)),
        "parts": list(turn.parts),
    }
