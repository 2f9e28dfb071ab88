"""Tells runs whose own telling is not to be had: from the stored answer, or with an apology."""

from assistant.messages import Answer
from assistant.runs import RunLog
from assistant.streaming import EventWriter
from knowledge.conversations.models import InboxEntry, InboxStatus
from knowledge.state.streams import RunEvent, parse_event_id
from prompts import load_wording


def replay(entry: InboxEntry, after: str | None = None) -> list[RunEvent]:
    """The events of a finished run behind ``after``; its text comes in one piece."""
    events: list[RunEvent] = []

    def emit(data: str) -> None:
        events.append(RunEvent(f"{entry.attempt}-{len(events) + 1}", data))

    answer = Answer.model_validate(entry.answer)
    writer = EventWriter(run_id=entry.turn_id, thread_id=entry.conversation_id, emit=emit)
    tell(writer, answer, entry.status)
    behind = parse_event_id(after or "")
    if behind >= parse_event_id(events[-1].id):
        # Whoever saw more events than this shorter telling has still not seen the end.
        return [RunEvent(f"{behind[0]}-{behind[1] + 1}", events[-1].data)]
    return [event for event in events if parse_event_id(event.id) > behind]


def tell(writer: EventWriter, answer: Answer, status: InboxStatus) -> None:
    """The whole of a run, from its start to its end."""
    writer.started()
    writer.state(answer.cart, answer.budget)
    writer.blocks(answer.blocks)
    if status is InboxStatus.FAILED:
        writer.failed(answer.text, "failed")
        return
    writer.text(answer.text)
    writer.finished(answer, cancelled=status is InboxStatus.CANCELLED)


def apologise(entry: InboxEntry, log: RunLog) -> None:
    """End a run that nobody could write down; whoever sweeps takes its message up again."""
    writer = EventWriter(run_id=entry.turn_id, thread_id=entry.conversation_id, emit=log.emit)
    if not log.events:
        log.begin(entry.attempt)
        writer.started()
    writer.failed(load_wording("apologies")["failed"], "failed")
