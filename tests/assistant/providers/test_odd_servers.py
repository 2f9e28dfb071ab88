"""Servers that are almost compatible with OpenAI's Chat Completions, read by the real client."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.types import ASGIApp

from assistant.providers.minds import Mind
from assistant.providers.one_try import Try, try_once
from assistant.providers.opening import ModelOptions, open_mind
from assistant.providers.specs import ModelSpec
from assistant.providers.time_shares import Share
from tests.stand_ins.loopback import LoopbackServer

MILK = '{"query": "milk"}'
Chunk = dict[str, Any]
# What the client itself warns of, and reads all the same.
pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")


class RawServer(LoopbackServer):
    """Sends the chunks it is given, whatever they are."""

    paths = ("/v1/chat/completions",)

    def __init__(self) -> None:
        super().__init__()
        self.chunks: list[Chunk] = []
        self.entire: Chunk | None = None
        """Sent instead of a stream, also to whoever asked for one."""

    def verify(self) -> None:
        """Whatever is asked is answered."""

    async def handle(self, request: Request) -> ASGIApp:
        await request.body()
        if self.entire is not None:
            return JSONResponse(self.entire)

        async def events() -> AsyncIterator[str]:
            for chunk in self.chunks:
                yield f"data: {json.dumps(chunk)}\n\n"
            yield "data: [DONE]\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")


@pytest.fixture(scope="module")
def server() -> Iterator[RawServer]:
    with RawServer() as started:
        yield started


@pytest.fixture
async def mind(server: RawServer) -> AsyncIterator[Mind]:
    spec = ModelSpec("openai-compatible", "house", f"http://127.0.0.1:{server.port}/v1")
    opened = open_mind(spec, ModelOptions())
    yield opened
    await opened.close()


@pytest.fixture
def ask(server: RawServer, mind: Mind) -> Callable[..., Any]:
    async def asking(*chunks: Chunk) -> tuple[Try, list[str]]:
        server.chunks = list(chunks)
        heard: list[str] = []
        done = Try()
        await try_once(
            mind,
            mind.model,
            [HumanMessage("milk")],
            Share(5, 5),
            done,
            hear=heard.append,
            forget=heard.clear,
            tool_names=("find", "look"),
        )
        return done, heard

    return asking


def piece(delta: Any, finish: str | None = None, **more: Any) -> Chunk:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "house",
            "choices": [choice], **more}  # fmt: skip


def call(arguments: Any, name: Any = "find", **more: Any) -> Chunk:
    function = {"name": name, "arguments": arguments}
    return piece({"role": "assistant", "content": None, "tool_calls": [
        {"type": "function", "function": function, **more}]})  # fmt: skip


END = piece({}, "stop")


@pytest.mark.parametrize(
    ("chunks", "names"),
    [
        ([call(MILK, id="a")], ["find"]),
        ([call("", id="a"), call(MILK[:8], None), call(MILK[8:], None)], ["find"]),
        ([call(MILK, id="a"), call(MILK, "look", id="b")], ["find", "look"]),
        ([call(MILK), call(MILK, "look")], ["find", "look"]),
        ([call(MILK, id="a"), call(MILK, id="a")], ["find", "find"]),
        ([call(MILK, id="a", index=0), call(MILK, "look", id="b", index=0)], ["find", "look"]),
        ([call(MILK, index=0), call(MILK, "look", index=0)], ["find", "look"]),
        ([call(MILK[:5], id="a", index=0), call(MILK[5:], id="a", index=0)], ["find"]),
        ([call(MILK[:5], id="a", index=0), call(MILK[5:], "", id="", index=0)], ["find"]),
        ([call({"query": "milk"}, id="a", index=0)], ["find"]),
        ([call(MILK, id="a", index=7)], ["find"]),
    ],
    ids=[
        "no number",
        "no number, in pieces",
        "no numbers",
        "no numbers, no ids",
        "no numbers, the same id",
        "the same number",
        "the same number, no ids",
        "id and name in each piece",
        "empty id and name in later pieces",
        "arguments as an object",
        "an odd number",
    ],
)
async def test_calls_are_read_however_their_pieces_are_numbered(
    ask: Callable[..., Any], chunks: list[Chunk], names: list[str]
) -> None:
    done, heard = await ask(*chunks, END)

    assert done.failure is None
    assert [one["name"] for one in done.message.tool_calls] == names
    assert all(one["args"] == {"query": "milk"} for one in done.message.tool_calls)
    assert heard == []


@pytest.mark.parametrize("arguments", [None, "", "{}"])
async def test_a_call_may_have_no_arguments(ask: Callable[..., Any], arguments: Any) -> None:
    done, _ = await ask(call(arguments, id="a", index=0), END)

    assert done.message.tool_calls[0]["args"] == {}


async def test_a_call_without_its_function_is_none_that_there_is(ask: Callable[..., Any]) -> None:
    broken = piece({"tool_calls": [{"index": 0, "id": "a", "function": None}]})

    done, _ = await ask(broken, END)

    assert done.message.tool_calls[0]["name"] == "unknown"


async def test_tokens_told_with_every_piece_are_counted_once(ask: Callable[..., Any]) -> None:
    def used(output: int) -> dict[str, int]:
        return {"prompt_tokens": 10, "completion_tokens": output, "total_tokens": 10 + output}

    done, _ = await ask(
        piece({"content": "Hi"}, usage=used(1)), piece({"content": "."}, usage=used(2)),
        {**END, "usage": used(2)},
    )  # fmt: skip

    assert done.message.usage_metadata["input_tokens"] == 10
    assert done.message.usage_metadata["output_tokens"] == 2


@pytest.mark.parametrize(
    "odd",
    [
        piece(None),
        {**piece({}), "choices": None},
        {**piece({}), "choices": []},
        piece({"content": None}),
        piece({"reasoning_content": "hm", "content": None}),
        piece({"reasoning": "hm", "content": ""}),
        piece({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}),
        piece({"content": ""}, ""),
    ],
)
async def test_pieces_that_say_nothing_are_passed_over(ask: Callable[..., Any], odd: Chunk) -> None:
    done, heard = await ask(odd, piece({"content": "Hi."}), END)

    assert done.failure is None
    assert "".join(heard) == done.message.text == "Hi."


def said(text: str, size: int = 3) -> list[Chunk]:
    cut = [text[start : start + size] for start in range(0, len(text), size)]
    return [piece({"content": one}) for one in cut]


@pytest.mark.parametrize("text", ["<think>Milk?</think>\n\nHi.", "Milk? Yes.\n</think>\n\nHi."])
async def test_what_a_model_thinks_aloud_is_not_heard(ask: Callable[..., Any], text: str) -> None:
    for _ in range(2):
        done, heard = await ask(*said(text), END)

        assert "".join(heard) == done.message.text == "Hi."


async def test_only_the_first_answer_of_a_server_is_held_back_for_its_thoughts(
    ask: Callable[..., Any],
) -> None:
    _, first = await ask(*said("Hello there."), END)
    _, second = await ask(*said("Hello there."), END)

    assert "".join(first) == "".join(second) == "Hello there."
    assert (len(first), len(second)) == (1, 4)


async def test_a_call_thought_of_is_not_made(ask: Callable[..., Any]) -> None:
    written = '<tool_call>{"name": "find", "arguments": {}}</tool_call>'

    done, heard = await ask(*said(f"<think>Perhaps {written}?</think>Hi."), END)

    assert "".join(heard) == "Hi."
    assert done.message.tool_calls == []


async def test_a_late_unmarked_thought_is_forgotten(ask: Callable[..., Any]) -> None:
    await ask(*said("Hello."), END)

    _, heard = await ask(*said("So they want milk.</think>Hi."), END)

    assert "".join(heard) == "Hi."


@pytest.mark.parametrize(
    ("message", "text", "names"),
    [
        ({"content": "Hello."}, "Hello.", []),
        ({"content": "<think>Who?</think>Hello."}, "Hello.", []),
        (
            {
                "content": None,
                "tool_calls": [
                    {
                        "id": "a",
                        "type": "function",
                        "function": {"name": "find", "arguments": MILK},
                    }
                ],
            },
            "",
            ["find"],
        ),
    ],
    ids=["text", "thought and text", "call"],
)
async def test_a_server_that_does_not_stream_is_read_as_well(
    server: RawServer, ask: Callable[..., Any], message: Chunk, text: str, names: list[str]
) -> None:
    finish = "tool_calls" if names else "stop"
    whole = piece({}, finish)
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
    server.entire = whole | {"object": "chat.completion", "choices": [choice]}

    done, heard = await ask()
    server.entire = None

    assert done.failure is None
    assert "".join(heard) == text
    assert [call["name"] for call in done.message.tool_calls] == names
