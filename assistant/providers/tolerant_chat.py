"""The client of OpenAI's protocols, for servers that are almost compatible, too."""

import json
from collections.abc import AsyncIterator
from typing import Any

from langchain_core.messages import AIMessageChunk, ToolCallChunk
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI

from assistant.providers.call_pieces import PIECES

_AS_IT_IS = ("messages", "input", "tools")


class TolerantChat(ChatOpenAI):
    """Reads calls whose number is missing, or whose arguments come as an object.

    LangChain would read each piece of a call, and all of them at the end, as JSON, and try again
    with a letter less for as long as it is none: 40,000 letters that are no JSON hold up every talk
    of the process for half a minute. So pieces travel beside the message, unread.
    """

    async def _astream(
        self,
        *args: Any,  # noqa: ANN401 - as LangChain has it
        **kwargs: Any,  # noqa: ANN401
    ) -> AsyncIterator[ChatGenerationChunk]:
        async for chunk in super()._astream(*args, **kwargs):
            message = chunk.message
            if isinstance(message, AIMessageChunk) and message.tool_call_chunks:
                _carry(message, message.tool_call_chunks)
                message.tool_call_chunks = []
            yield chunk

    def _get_request_payload(
        self,
        *args: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """Have the SDK send the talk and the tools as they are; the wire sees the same.

        It would look into every value of them for names to translate, which there are none of:
        a third of what a turn costs the event loop.
        """
        payload = super()._get_request_payload(*args, **kwargs)
        as_it_is = {name: payload.pop(name) for name in _AS_IT_IS if payload.get(name)}
        if "messages" in as_it_is:
            payload["messages"] = []  # it asks for some; these are replaced by the others
        payload["extra_body"] = {**(payload.get("extra_body") or {}), **as_it_is}
        return payload

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type,
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        pieces = [
            _piece(call)
            for choice in chunk.get("choices") or ()
            for call in (choice.get("delta") or {}).pop("tool_calls", None) or ()
        ]
        made = super()._convert_chunk_to_generation_chunk(
            chunk, default_chunk_class, base_generation_info
        )
        if made is not None and pieces:
            _carry(made.message, pieces)
        return made


def _carry(message: Any, pieces: list[ToolCallChunk]) -> None:  # noqa: ANN401 - of any role
    message.additional_kwargs.setdefault(PIECES, []).extend(pieces)


def _piece(call: dict[str, Any]) -> ToolCallChunk:
    function = call.get("function") or {}
    arguments = function.get("arguments")
    if arguments is not None and not isinstance(arguments, str):
        arguments = json.dumps(arguments)
    return tool_call_chunk(
        name=function.get("name"), args=arguments, id=call.get("id"), index=call.get("index")
    )
