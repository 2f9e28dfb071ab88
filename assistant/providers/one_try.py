"""One request to one mind: streams or takes its answer whole, and never waits too long for it."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ToolCallChunk,
    message_chunk_to_message,
)
from langchain_core.messages.ai import UsageMetadata
from langchain_core.runnables import Runnable

from assistant.providers.call_pieces import PIECES, UNREADABLE, CallPieces
from assistant.providers.endings import ending_of, tells_its_ending
from assistant.providers.failures import Failure, failure_of
from assistant.providers.minds import Mind
from assistant.providers.thoughts import ThoughtFilter
from assistant.providers.time_shares import Share
from assistant.tool_text import ToolTextFilter

_NO_CALLS: dict[str, Any] = {"tool_call_chunks": [], "tool_calls": [], "invalid_tool_calls": []}
_NOTHING = "No generation chunks were returned"
"""What LangChain raises a ``ValueError`` with after a stream of nothing."""
_LONGEST = 20_000
"""Characters of one answer; what is longer is a model that does not find its end."""
_LONGEST_CALLS = 100_000


@dataclass(slots=True)
class Try:
    """How it went: ``message`` is what came, whole or not; ``failure`` why it cannot be used."""

    message: AIMessage | None = None
    failure: Failure | None = None
    first_token: float | None = None
    cut_short: bool = False
    """The answer is too long for the model: its last sentence is not to be shown."""


async def try_once(
    mind: Mind,
    model: Runnable[Any, Any],
    messages: Sequence[BaseMessage],
    share: Share,
    done: Try,
    *,
    hear: Callable[[str], None] | None,
    forget: Callable[[], Any] | None = None,
    tool_names: Collection[str] = (),
) -> None:
    """Ask once, and keep in ``done`` how it goes. Raises only ``CancelledError``.

    Without ``hear`` the answer is taken whole. What is written of ``tool_names`` as text becomes
    a call, and is never heard; nor is what a model thinks aloud. ``forget`` is told when only the
    end of a thought tells that all that was heard is one.
    """
    ear = _Ear(mind, tool_names, hear, forget)
    try:
        if mind.is_offline:
            done.message = await model.ainvoke(list(messages))
            if hear is not None and done.message.text:
                hear(done.message.text)
            return
        if hear is None:
            async with asyncio.timeout(share.whole):
                done.message = await model.ainvoke(list(messages))
            ear.take(done.message.text)
        else:
            done.message = await _stream_or_whole(mind, model, messages, share, ear=ear, done=done)
        done.message = ear.finish(done.message)
    except TimeoutError:
        seconds = min(share.silence if hear is not None else share.whole, share.whole)
        done.failure = Failure("timeout", f"It was silent, or not done, for {seconds:.1f} s.")
    except Exception as error:  # noqa: BLE001 - whatever a vendor's client raises
        done.failure = failure_of(error, begun=done.first_token is not None)
    else:
        _judge(mind, done)


@dataclass(slots=True)
class _Ear:
    """Hears a message in pieces, and takes thoughts and written calls out of it."""

    mind: Mind
    tool_names: Collection[str]
    hear: Callable[[str], None] | None
    forget: Callable[[], Any] | None
    length: int = 0
    _thoughts: ThoughtFilter = field(init=False)
    _filter: ToolTextFilter = field(init=False)
    _visible: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._thoughts = ThoughtFilter(thought_first=self.mind.habits.may_think_first)
        self._filter = ToolTextFilter(self.tool_names)

    def take(self, text: str) -> None:
        self.length += len(text)
        said = self._thoughts.feed(text)
        if self._thoughts.closed_unopened and not self.mind.habits.thinks_first:
            self.mind.habits.thinks_first = True
            self._take_back()
        self._pass_on(self._filter.feed(said))

    def _take_back(self) -> None:
        self._filter = ToolTextFilter(self.tool_names)
        if self._visible and self.forget is not None:
            self.forget()
        self._visible.clear()

    def finish(self, message: AIMessage) -> AIMessage:
        """The message as if its written calls had been made properly."""
        self._pass_on(self._filter.feed(self._thoughts.finish()))
        if self.length and not self._thoughts.closed_unopened:
            self.mind.habits.thinks_first = False
        rest, calls = self._filter.finish()
        self._pass_on(rest)
        visible = "".join(self._visible)
        if len(visible) == self.length:
            return message
        return AIMessage(
            visible,
            id=message.id,
            tool_calls=message.tool_calls or calls,
            response_metadata=message.response_metadata,
            usage_metadata=message.usage_metadata,
            additional_kwargs=message.additional_kwargs,
        )

    def _pass_on(self, text: str) -> None:
        if text:
            self._visible.append(text)
            if self.hear is not None:
                self.hear(text)


async def _stream_or_whole(
    mind: Mind,
    model: Runnable[Any, Any],
    messages: Sequence[BaseMessage],
    share: Share,
    *,
    ear: "_Ear",
    done: Try,
) -> AIMessage:
    """Some servers and proxies answer a stream with one piece of JSON: a stream of nothing."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    try:
        return await _stream(mind, model, messages, share, ear=ear, done=done)
    except ValueError as error:
        if mind.provider != "openai-compatible" or str(error) != _NOTHING:
            raise
    async with asyncio.timeout_at(started + share.whole):
        entire = await model.ainvoke(list(messages))
    done.first_token = loop.time() - started
    ear.take(entire.text)
    assert isinstance(entire, AIMessage)
    return entire


async def _stream(
    mind: Mind,
    model: Runnable[Any, Any],
    messages: Sequence[BaseMessage],
    share: Share,
    *,
    ear: "_Ear",
    done: Try,
) -> AIMessage:
    whole: AIMessageChunk | None = None
    calls = CallPieces()
    used: UsageMetadata | None = None
    loop = asyncio.get_running_loop()
    started = loop.time()
    end = started + share.whole
    async with (
        asyncio.timeout_at(started + share.silence) as clock,
        aclosing(model.astream(list(messages))) as chunks,  # type: ignore[type-var]
    ):
        async for chunk in chunks:
            chunk = _as_chunk(chunk)  # noqa: PLW2901 - some servers name odd roles
            now = loop.time()
            clock.reschedule(min(end, now + share.silence))
            if pieces := _pieces(chunk):
                calls.take(pieces)
                chunk = chunk.model_copy(update=_NO_CALLS)  # noqa: PLW2901 - read just above
            text = chunk.text
            if done.first_token is None and (text or chunk.content or calls):
                done.first_token = now - started
            used = _more(used, chunk.usage_metadata)
            whole = chunk if whole is None else whole + chunk
            if text:
                ear.take(text)
            if ear.length > _LONGEST or calls.length > _LONGEST_CALLS:
                done.cut_short = True
                break
    if whole is None:
        raise ValueError(_NOTHING)
    message = message_chunk_to_message(whole)
    assert isinstance(message, AIMessage)
    if calls:
        message.tool_calls = calls.read()
        message.invalid_tool_calls = []
    if mind.provider.startswith("openai"):
        message.usage_metadata = used
    return message


def _as_chunk(message: BaseMessage) -> AIMessageChunk:
    if isinstance(message, AIMessageChunk):
        return message
    return AIMessageChunk(**message.model_dump(exclude={"type"}))


def _pieces(chunk: AIMessageChunk) -> Sequence[ToolCallChunk]:
    carried: Sequence[ToolCallChunk] | None = chunk.additional_kwargs.pop(PIECES, None)
    return carried or chunk.tool_call_chunks


def _more(one: UsageMetadata | None, other: UsageMetadata | None) -> UsageMetadata | None:
    """Some servers count with every piece what was used so far; it is not to be added up."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda used: used["total_tokens"])


def _judge(mind: Mind, done: Try) -> None:
    message = done.message
    assert message is not None
    ending = "too long" if done.cut_short else ending_of(message)
    if ending == "untold" and tells_its_ending(mind.provider):
        done.failure = Failure("broken", "The answer was cut off before its end.")
    elif ending == "kept back" and not message.tool_calls:
        done.failure = Failure("empty", "The vendor kept its answer back.", of_request=True)
    elif ending == "malformed" and not message.tool_calls:
        done.failure = Failure("broken", "The vendor could not read the calls of its own model.")
    elif ending == "too long" and _has_unreadable(message):
        done.failure = Failure("broken", "The answer was too long, and ends within a call.")
    elif not message.tool_calls and not message.text.strip():
        done.failure = Failure("empty", "The answer has neither text nor a call.")
    done.cut_short = ending == "too long"


def _has_unreadable(message: AIMessage) -> bool:
    return any(UNREADABLE in call["args"] for call in message.tool_calls)
