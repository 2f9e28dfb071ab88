"""A chat model that says its script, and fails when it is asked too often or too little."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

Line = AIMessage | Exception | Callable[[list[BaseMessage]], AIMessage]
"""What the model says next: a message, a failure, or a message made from what it was asked."""


@dataclass(frozen=True)
class After:
    """A line that takes its time."""

    seconds: float
    line: Line


class ScriptedChatModel(BaseChatModel):
    """Says its lines in order, in pieces, and remembers what it was asked."""

    script: list[Any]
    requests: list[list[BaseMessage]] = Field(default_factory=list)
    tools_offered: list[bool] = Field(default_factory=list)
    seconds: float = 0.0
    """How long it thinks before each line."""
    piece: int = 7
    """How many characters come at once."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self.bind(with_tools=True)

    async def _next(self, messages: list[BaseMessage], *, with_tools: bool) -> AIMessage:
        await asyncio.sleep(self.seconds)
        self.requests.append(list(messages))
        self.tools_offered.append(with_tools)
        assert self.script, "the model was asked more often than the script says"
        line = self.script.pop(0)
        if isinstance(line, After):
            await asyncio.sleep(line.seconds)
            line = line.line
        if isinstance(line, Exception):
            raise line
        said = line if isinstance(line, AIMessage) else line(messages)
        assert isinstance(said, AIMessage)
        return said

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        raise NotImplementedError("The assistant is asynchronous.")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = await self._next(messages, with_tools=bool(kwargs.get("with_tools")))
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        said = await self._next(messages, with_tools=bool(kwargs.get("with_tools")))
        text = said.text
        for start in range(0, len(text), self.piece):
            yield ChatGenerationChunk(
                message=AIMessageChunk(content=text[start : start + self.piece])
            )
        calls = [
            {
                "name": call["name"],
                "args": json.dumps(call["args"]),
                "id": call["id"],
                "index": index,
                "type": "tool_call_chunk",
            }
            for index, call in enumerate(said.tool_calls)
        ]
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content="",
                tool_call_chunks=calls,
                additional_kwargs=said.additional_kwargs,
                chunk_position="last",
            )
        )


def calls(*named: tuple[str, dict[str, Any]], text: str = "") -> AIMessage:
    """Have the model ask for tools, all in one message."""
    return AIMessage(
        text,
        tool_calls=[
            {"name": name, "args": arguments, "id": f"call-{index}-{name}", "type": "tool_call"}
            for index, (name, arguments) in enumerate(named)
        ],
    )


def call(name: str, **arguments: Any) -> AIMessage:
    """Have the model ask for one tool."""
    return calls((name, arguments))


def says(text: str) -> AIMessage:
    return AIMessage(text)
