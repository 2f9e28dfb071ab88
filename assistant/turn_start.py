"""Begins an attempt at a turn: claims its message and reads what it starts from, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.confirmations import Chosen, choose
from assistant.limits import Limits
from assistant.reception import load_message
from assistant.state import TurnState
from assistant.state_builder import build_state, load_shown
from assistant.turn import TurnStart
from assistant.window import TURNS, Part, last_blocks
from knowledge.conversations.models import Conversation, InboxEntry, Turn
from knowledge.shop import Shop
from knowledge.state.locks import CartLock, CartLocks
from knowledge.state.windows import ConversationWindows
from knowledge.work import Work


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
        begun: tuple[InboxEntry, TurnStart] | InboxEntry | None = None
        try:
            begun = _begin(self._shop, self._windows, entry.id, self._limits)
        finally:
            if not isinstance(begun, tuple):
                self._locks.release(lock)
        return Begun(*begun, lock) if isinstance(begun, tuple) else begun


def _begin(
    shop: Shop, windows: ConversationWindows, entry_id: str, limits: Limits
) -> tuple[InboxEntry, TurnStart] | InboxEntry | None:
    with shop.write() as work:
        claimed = work.inbox.claim(entry_id, limits.lease)
        if claimed is None:
            entry = work.inbox.get(entry_id)
            return entry if entry.status.finished else None
        conversation = work.conversations.get(claimed.conversation_id)
        newest = conversation.last_seq
        kept = claimed.start
        if kept is None:
            kept = _new_start(work, claimed, conversation)
            work.inbox.keep_start(claimed.id, claimed.attempt, kept)
        done = work.commands.of_turn(claimed.turn_id) if claimed.attempt > 1 else []
    start = TurnStart(
        state=TurnState.model_validate(kept["state"]),
        shown=load_shown(kept["shown"]),
        window=_window(shop, windows, conversation.id, newest),
        chosen=None if kept["chosen"] is None else Chosen(**kept["chosen"]),
        done=done,
    )
    return claimed, start


def turn_in_window(turn: Turn) -> dict[str, Any]:
    return {"seq": turn.seq, "parts": list(turn.parts)}


def _new_start(work: Work, entry: InboxEntry, conversation: Conversation) -> dict[str, Any]:
    message = load_message(entry)
    last = work.conversations.window(conversation.id, turns=1)
    chosen = choose(work, message, conversation, last_blocks(last[0].parts) if last else [])
    locale = message.locale or conversation.locale or work.profile.locale
    state = build_state(work, conversation, channel=entry.channel, locale=locale)
    return {
        "state": state.model_dump(mode="json"),
        "shown": list(conversation.shown),
        "chosen": None
        if chosen is None
        else {"confirmation_id": chosen.confirmation_id, "answer": chosen.answer},
    }


def _window(
    shop: Shop, windows: ConversationWindows, conversation_id: str, newest: int
) -> Sequence[Sequence[Part]]:
    if newest == 0:
        return []
    turns = windows.read(conversation_id, newest)
    if turns is None:
        with shop.read() as work:
            stored = work.conversations.window(conversation_id, turns=TURNS)
        turns = [turn_in_window(turn) for turn in stored]
        windows.replace(conversation_id, turns)
    return [turn["parts"] for turn in turns]
