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
from knowledge.state.windows import ConversationWindows
from knowledge.work import Work


@dataclass(frozen=True, slots=True)
class Begun:
    """A claimed message with its start."""

    entry: InboxEntry
    start: TurnStart


def begin(
    shop: Shop, windows: ConversationWindows, entry_id: str, limits: Limits
) -> Begun | InboxEntry | None:
    """The begun attempt, the entry when it is finished already, or None while it must wait."""
    with shop.write() as work:
        claimed = work.inbox.claim(entry_id, limits.lease)
        if claimed is None:
            entry = work.inbox.get(entry_id)
            return entry if entry.status.finished else None
        conversation = work.conversations.get(claimed.conversation_id)
        newest = work.conversations.last_seq(conversation.id)
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
    return Begun(claimed, start)


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
