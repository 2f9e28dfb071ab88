"""One server and one real client per vendor, for all tests of the stand-ins."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    message_chunk_to_message,
)

from tests.stand_ins.gemini_server import GeminiServer
from tests.stand_ins.model_server import ModelServer, Reply
from tests.stand_ins.openai_server import OpenAiServer
from tests.stand_ins.responses_server import ResponsesServer

HELLO: tuple[BaseMessage, ...] = (SystemMessage("You sell."), HumanMessage("Hello"))
TOOL = {
    "type": "function",
    "function": {
        "name": "look",
        "description": "Look at something.",
        "parameters": {"type": "object", "properties": {"at": {"type": "string"}}},
    },
}


@dataclass
class Vendor:
    """``says`` is answered to whatever comes next."""

    server: ModelServer
    model: BaseChatModel
    says: list[Reply]

    def forget(self) -> None:
        """Let a test begin with nothing said and nothing wrong."""
        self.says.clear()
        self.server.asked.clear()
        self.server.problems.clear()

    def stream(self, reply: Reply, messages: "tuple[BaseMessage, ...]" = HELLO) -> AIMessage:
        self.says.append(reply)
        whole: AIMessageChunk | None = None
        for chunk in self.model.bind_tools([TOOL]).stream(list(messages)):
            assert isinstance(chunk, AIMessageChunk)
            whole = chunk if whole is None else whole + chunk
        assert whole is not None
        message = message_chunk_to_message(whole)
        assert isinstance(message, AIMessage)
        return message

    def whole(self, reply: Reply, messages: "tuple[BaseMessage, ...]" = HELLO) -> AIMessage:
        self.says.append(reply)
        message = self.model.bind_tools([TOOL]).invoke(list(messages))
        assert isinstance(message, AIMessage)
        return message


def open_vendor_of(kind: str, timeout: float) -> Vendor:
    from langchain_google_genai import ChatGoogleGenerativeAI  # noqa: PLC0415 - heavy
    from langchain_openai import ChatOpenAI  # noqa: PLC0415 - heavy

    server: OpenAiServer | ResponsesServer | GeminiServer
    says: list[Reply] = []
    rules = [lambda _: says.pop(0) if says else None]
    if kind == "gemini":
        server = GeminiServer(rules=rules).start()
        model: BaseChatModel = ChatGoogleGenerativeAI(
            model="gemini-3-stand-in",
            google_api_key="k",
            base_url=server.base_url,
            max_retries=1,
            timeout=timeout,
            client_args={"transport": httpx.HTTPTransport()},
        )
    else:
        responses = kind == "responses"
        server = (ResponsesServer if responses else OpenAiServer)(rules=rules).start()
        more: dict[str, Any] = {"include": ["reasoning.encrypted_content"]} if responses else {}
        model = ChatOpenAI(
            model="stand-in",
            api_key=lambda: "k",
            base_url=server.base_url,
            max_retries=0,
            timeout=timeout,
            stream_usage=True,
            use_responses_api=responses,
            store=False if responses else None,
            **more,
        )
    return Vendor(server, model, says)


@pytest.fixture(scope="package")
def open_vendor() -> Iterator[Callable[[str], Vendor]]:
    with ExitStack() as opened:
        made: dict[str, Vendor] = {}

        def of(kind: str) -> Vendor:
            if kind not in made:
                made[kind] = open_vendor_of(kind, timeout=0.5)
                opened.callback(made[kind].server.stop)
            return made[kind]

        yield of


@pytest.fixture(params=["openai", "responses", "gemini"])
def vendor(request: pytest.FixtureRequest, open_vendor: Callable[[str], Vendor]) -> Vendor:
    made = open_vendor(request.param)
    made.forget()
    return made
