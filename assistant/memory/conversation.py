"""The earlier talk as the messages a model reads, within a budget of tokens."""

from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.memory.budget import count_tokens
from assistant.memory.noting import line_of
from assistant.memory.start import TurnStart
from assistant.window import Part, window_messages
from prompts import load_wording

OFFLINE_TURNS = 8
"""How many turns the offline model is given, each as it was."""
_RESULT = 240
"""Characters kept of an older tool result: its first lines."""
_SAID = 480
"""Characters kept of a text when even the last turn alone is too long."""


def conversation_messages(start: TurnStart, *, budget_tokens: int | None) -> list[BaseMessage]:
    """Notes of what is not told word by word, then as many of the last turns as fit.

    Older tool results are shortened first, then whole turns are left out, the oldest first; a call
    never goes without its result. ``None`` is for the offline model: the last turns as they were.
    """
    if budget_tokens is None:
        return window_messages(start.window[-OFFLINE_TURNS:])
    room = budget_tokens - count_tokens(_notes(start.summary, []))
    turns = _fitting(start, room)
    unnoted = _unnoted(start, len(turns))
    if unnoted:
        turns = _fitting(start, room * 4 // 5)
        unnoted = _unnoted(start, len(turns))
    talk = [message for turn in turns for message in turn]
    left = budget_tokens - count_tokens(talk) - count_tokens(_notes(start.summary, [""]))
    lines: list[str] = []
    for parts in reversed(unnoted):
        line = line_of(parts)
        left -= len(line) // 4 + 2
        if left < 0:
            break
        lines.insert(0, line)
    return [*_notes(start.summary, lines), *talk]


def _unnoted(start: TurnStart, given: int) -> Sequence[Sequence[Part]]:
    """Turns that neither the last ``given`` nor the summary tell."""
    before = start.last_seq - len(start.window)
    noted = max(start.summary_until - before, 0)
    return start.window[noted : len(start.window) - given]


def _fitting(start: TurnStart, room: int) -> list[list[BaseMessage]]:
    """The newest turns that fit; the last one is always among them, cut if need be."""
    first = start.last_seq - len(start.window) + 1
    turns = [
        _named_apart(window_messages([parts]), seq) for seq, parts in enumerate(start.window, first)
    ]
    sizes = [count_tokens(turn) for turn in turns]
    for place in range(len(turns) - 1):
        if sum(sizes) <= room:
            return turns
        turns[place] = _shortened(turns[place], _RESULT)
        sizes[place] = count_tokens(turns[place])
    while len(turns) > 1 and sum(sizes) > room:
        turns.pop(0)
        sizes.pop(0)
    if turns and sum(sizes) > room:
        turns[-1] = _shortened(turns[-1], _RESULT)
        if count_tokens(turns[-1]) > room:
            turns[-1] = _cut(turns[-1])
    return turns


def _named_apart(turn: Sequence[BaseMessage], seq: int) -> list[BaseMessage]:
    """With ids of calls that no other turn has, in the one form that every vendor takes.

    Models number theirs anew in each turn; Mistral's servers want nine letters or digits.
    """
    names: dict[str, str] = {}
    renamed: list[BaseMessage] = []
    for message in turn:
        if isinstance(message, ToolMessage):
            message = message.model_copy(  # noqa: PLW2901
                update={"tool_call_id": names[message.tool_call_id]}
            )
        elif isinstance(message, AIMessage) and message.tool_calls:
            for one in message.tool_calls:
                names[str(one["id"])] = f"t{seq % 100_000:05d}c{len(names) % 100:02d}"
            made = [{**one, "id": names[str(one["id"])]} for one in message.tool_calls]
            message = message.model_copy(update={"tool_calls": made})  # noqa: PLW2901
        renamed.append(message)
    return renamed


def _shortened(turn: Sequence[BaseMessage], longest: int) -> list[BaseMessage]:
    return [
        message.model_copy(update={"content": _first_lines(message.text, longest)})
        if isinstance(message, ToolMessage)
        else message
        for message in turn
    ]


def _first_lines(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    kept = text[:longest]
    line_end = kept.rfind("\n")
    kept = kept[:line_end] if line_end > longest // 3 else kept
    return f"{kept.rstrip()} {load_wording('memory')['shortened']}"


def _cut(turn: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Only what was said, and no more than a piece of it: of a turn that is too long by itself."""
    said = [
        message
        for message in turn
        if not isinstance(message, ToolMessage) and not getattr(message, "tool_calls", None)
    ]
    return [
        message.model_copy(update={"content": _first_lines(message.text, _SAID)})
        for message in said
    ]


def _notes(summary: str | None, left_out: Sequence[str]) -> list[BaseMessage]:
    """Told as a question with its answer: every vendor takes turns that alternate."""
    if not summary and not left_out:
        return []
    wording = load_wording("memory")
    pieces = [wording["summary"], *([_harmless(summary)] if summary else [])]
    if left_out:
        pieces += [wording["left_out"], *map(_harmless, left_out)]
    body = "\n".join(pieces)
    return [HumanMessage(f"<earlier_talk>\n{body}\n</earlier_talk>"), AIMessage(wording["read"])]


def _harmless(text: str) -> str:
    """Whatever was said must not be able to close the frame."""
    return text.replace("<", "\u2039").replace(">", "\u203a")
