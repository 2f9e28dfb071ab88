"""The conversation as a stream of AG-UI events, and runs that outlive their connection."""

from typing import Annotated, Literal

from ag_ui.core import ResumeEntry, RunAgentInput, UserMessage
from fastapi import APIRouter, Header, Request

from assistant.messages import ConfirmationAnswer, InboundMessage
from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import Cancelled, PathId
from connectors.http.security import SignedIn
from connectors.http.sse import STREAM, EventStream
from connectors.http.threads import conversation_of
from connectors.wiring import Application
from knowledge.errors import InvalidInput, NotFound
from knowledge.ids import new_id
from knowledge.shoppers.shoppers import Shopper

router = APIRouter(tags=["talk"], responses=SHOPPER_FAILURE)
LONGEST_TEXT = 4000
LONGEST_ID = 128


@router.post("/chat", responses=STREAM, response_class=EventStream)
async def chat(request: Request, run: RunAgentInput, shopper: SignedIn) -> EventStream:
    """Run one turn for an AG-UI client.

    Only the newest user message and answers to interrupts are read: history, state and tools
    that a client sends are not believed. The message's id makes a repeat safe.
    """
    application = parts_of(request)
    message = _newest(run)
    answer = _answer(run.resume or [])
    text = _text(message) if message is not None else ""
    if not text.strip() and answer is not None:
        text = answer.answer
    if not text.strip():
        problem = "Send a user message with some text, or answer the open question."
        raise InvalidInput(problem)
    if len(text) > LONGEST_TEXT or "\0" in text or "\0" in run.thread_id:
        problem = f"A message may have up to {LONGEST_TEXT} characters of text."
        raise InvalidInput(problem)
    conversation_id = await in_thread(
        lambda: conversation_of(application.shop, shopper, run.thread_id)
    )
    inbound = InboundMessage(
        channel="web",
        peer=shopper.id,
        message_id=_message_id(message, answer),
        text=text,
        locale=shopper.locale,
        conversation_id=conversation_id,
        confirmation=answer,
    )
    started = await application.assistant.submit(inbound, shopper.id)
    return EventStream(application.assistant.events(started.id), run_id=started.id)


@router.get("/runs/{run_id}/events", responses=STREAM, response_class=EventStream)
async def follow(
    request: Request,
    run_id: PathId,
    shopper: SignedIn,
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", max_length=64, description="Go on behind it.")
    ] = None,
) -> EventStream:
    """The events of a run from the beginning, or behind the last one that arrived."""
    application = parts_of(request)
    await in_thread(lambda: _own(application, shopper, run_id))
    return EventStream(application.assistant.events(run_id, last_event_id), run_id=run_id)


@router.post("/runs/{run_id}/cancel")
async def cancel(request: Request, run_id: PathId, shopper: SignedIn) -> Cancelled:
    """Stop a run; what it has not finished by then does not happen."""
    application = parts_of(request)
    await in_thread(lambda: _own(application, shopper, run_id))
    cancelled = await application.assistant.cancel(run_id)
    return Cancelled(run_id=run_id, cancelled=bool(cancelled))


def _own(application: Application, shopper: Shopper, run_id: str) -> None:
    with application.shop.read() as work:
        if work.inbox.of_turn(run_id).shopper_id != shopper.id:
            raise NotFound(f"There is no run {run_id!r}.")


def _newest(run: RunAgentInput) -> UserMessage | None:
    for message in reversed(run.messages):
        if isinstance(message, UserMessage):
            return message
    return None


def _text(message: UserMessage) -> str:
    if isinstance(message.content, str):
        return message.content
    parts = [getattr(part, "text", "") for part in message.content]
    return "\n".join(part for part in parts if isinstance(part, str) and part)


def _message_id(message: UserMessage | None, answer: ConfirmationAnswer | None) -> str:
    if message is not None and 0 < len(message.id) <= LONGEST_ID and "\0" not in message.id:
        return message.id if answer is None else f"{message.id[:80]}:{answer.id[:40]}"
    return new_id("m")


def _answer(resume: list[ResumeEntry]) -> ConfirmationAnswer | None:
    """The last answer to an interrupt; abandoning one is a no."""
    for entry in reversed(resume):
        if "\0" in entry.interrupt_id:
            continue
        return ConfirmationAnswer(entry.interrupt_id, _given(entry))
    return None


def _given(entry: ResumeEntry) -> Literal["yes", "no"]:
    payload = entry.payload
    if isinstance(payload, dict):
        payload = payload.get("approved", payload.get("answer"))
    yes = payload is True or (isinstance(payload, str) and payload.lower() in {"yes", "approve"})
    return "yes" if entry.status == "resolved" and yes else "no"
