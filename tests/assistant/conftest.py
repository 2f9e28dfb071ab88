"""Fixtures of the assistant's tests: assistants on the sample shop, with a scripted model."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from typing import Any

import pytest

from assistant.limits import Limits
from assistant.messages import ConfirmationAnswer, InboundMessage
from assistant.providers.minds import Minds
from assistant.service import Assistant
from knowledge.shop import Shop
from knowledge.state.connection import SharedState
from tests.stand_ins.scripted import After, Line, ScriptedChatModel

_NUMBERS = count(1)


@pytest.fixture
def state(redis_url: str) -> Iterator[SharedState]:
    shared = SharedState(redis_url)
    yield shared
    shared.close()


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedChatModel]]:
    """Make models that answer from a script; a line left unsaid fails the test.

    Lines that take their time may be cut off before they are begun.
    """
    made: list[ScriptedChatModel] = []

    def script(*lines: Line, **options: Any) -> ScriptedChatModel:
        made.append(ScriptedChatModel(script=list(lines), **options))
        return made[-1]

    yield script
    left = [line for model in made for line in model.script if not isinstance(line, After)]
    assert left == []


@pytest.fixture
async def make_assistant(shop: Shop, state: SharedState) -> AsyncIterator[Callable[..., Assistant]]:
    opened: list[Assistant] = []

    def make(model: Any, *, limits: Limits | None = None, **parts: Any) -> Assistant:
        parts = {"shop": shop, "state": state, **parts}
        minds = model if isinstance(model, Minds) else Minds.one(model)
        opened.append(Assistant(minds=minds, limits=limits, **parts))
        return opened[-1]

    yield make
    await asyncio.gather(*[assistant.close() for assistant in opened])


@pytest.fixture
def says_on() -> Callable[..., InboundMessage]:
    """Make messages; each has an id of its own unless it is given one."""

    def message(
        text: str = "",
        *,
        conversation: str | None = None,
        message_id: str | None = None,
        channel: str = "web",
        confirm: tuple[str, Any] | None = None,
    ) -> InboundMessage:
        return InboundMessage(
            channel=channel,
            peer="somebody",
            message_id=message_id or f"m{next(_NUMBERS)}",
            text=text,
            conversation_id=conversation,
            confirmation=None if confirm is None else ConfirmationAnswer(*confirm),
        )

    return message
