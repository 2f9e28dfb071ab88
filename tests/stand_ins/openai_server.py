"""Speaks OpenAI Chat Completions as a vendor does, for the real client to talk to."""

import json
import time
from collections.abc import Iterator
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from tests.stand_ins.embedding_vendors import OpenAiEmbeddings
from tests.stand_ins.model_server import Asked, ModelServer, Piece, Refused, Reply, Rule, pieces
from tests.stand_ins.openai_errors import error_event, openai_error
from tests.stand_ins.replies import Usage, WrittenCall
from tests.stand_ins.transport import Delivery, whole
from tests.stand_ins.vendor_rules import openai_refusal

_DONE = Piece("finish", b"data: [DONE]\n\n")


class OpenAiServer(ModelServer):
    """``embeddings`` answers what is asked under ``/v1/embeddings``."""

    paths = ("/v1/chat/completions", "/v1/models", "/v1/responses", "/v1/embeddings")

    def __init__(self, *script: Reply, rules: "list[Rule] | tuple[Rule, ...]" = ()) -> None:
        super().__init__(*script, rules=rules)
        self.embeddings = OpenAiEmbeddings()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def other(self, request: Request) -> ASGIApp | None:
        if request.url.path.endswith("/embeddings"):
            return await self.embeddings.answer(request)
        if request.url.path.endswith("/models"):
            return JSONResponse({"object": "list", "data": [{"id": "stand-in", "object": "model"}]})
        if request.url.path.endswith("/responses"):
            self.problems.append("compatible servers do not know the Responses API")
            return self.refuse(404, self.problems[-1])
        return None

    def verify(self) -> None:
        super().verify()
        assert self.embeddings.problems == []

    def read(self, request: Request, body: dict[str, Any]) -> Asked:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            raise Refused("no key was sent")
        messages = body["messages"]
        systems = [one for one in messages if one["role"] == "system"]
        if len(systems) != 1 or messages[0]["role"] != "system":
            raise Refused("there is one system message, and it comes first")
        refusal = openai_refusal(body)
        if refusal is not None:
            raise Refused(refusal)
        functions = [tool["function"] for tool in body.get("tools", [])]
        return Asked(
            system=_text(systems[0]),
            messages=_messages(messages[1:]),
            tools=[function["name"] for function in functions],
            schemas={function["name"]: function["parameters"] for function in functions},
            streamed=bool(body.get("stream")),
            raw=body,
            headers=dict(request.headers),
        )

    def refuse(self, status: int, message: str, reply: Reply | None = None) -> ASGIApp:
        return openai_error(status, message, reply)

    def respond(self, asked: Asked, reply: Reply) -> ASGIApp:
        if not asked.streamed:
            if reply.broken in {"failed", "error event"}:
                return self.refuse(500, "the model failed")
            body = json.dumps(_completion(asked, reply)).encode()
            return Delivery(whole(body), reply, media_type="application/json")
        media = "application/json" if reply.broken == "not json" else "text/event-stream"
        return Delivery(list(_stream(asked, reply)), reply, media_type=media)


def _completion(asked: Asked, reply: Reply) -> dict[str, Any]:
    empty = reply.broken in {"empty", "declined"}
    message: dict[str, Any] = {"role": "assistant", "content": reply.said or None, "refusal": None}
    if reply.broken == "refusal":
        message |= {"content": None, "refusal": reply.said}
    elif empty:
        message["content"] = None
    elif reply.written_calls:
        message["tool_calls"] = [_call(one) for one in reply.written_calls]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(reply)}
    whole_answer = _envelope(asked, "chat.completion", [choice])
    if reply.usage is not None:
        whole_answer["usage"] = _usage(reply.usage)
    return whole_answer


def _stream(asked: Asked, reply: Reply) -> Iterator[Piece]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event(asked, {"choices": [choice]})

    if reply.broken == "empty":
        yield _DONE
        return
    yield Piece("opening", chunk({"role": "assistant", "content": "", "refusal": None}))
    if reply.broken != "declined":
        field = "refusal" if reply.broken == "refusal" else "content"
        for piece in pieces(reply.said):
            yield Piece("text", chunk({field: piece}))
        if reply.broken in {"failed", "error event"}:
            yield Piece("finish", error_event("the model failed"))
            return
        for index, one in enumerate(reply.written_calls):
            for kind, delta in _call_deltas(index, one):
                yield Piece(kind, chunk(delta))
    if reply.broken == "unfinished":
        return
    yield Piece("finish", chunk({}, _finish(reply)))
    if reply.usage is not None and _wants_usage(asked):
        yield Piece("finish", _event(asked, {"choices": [], "usage": _usage(reply.usage)}))
    yield _DONE


def _call_deltas(
    index: int, call: WrittenCall
) -> Iterator[tuple[Literal["opening", "arguments"], dict[str, Any]]]:
    begun = {"index": index, **_call(call)}
    begun["function"]["arguments"] = ""
    if not call.id:
        del begun["id"]
    yield "opening", {"tool_calls": [begun]}
    for piece in pieces(call.arguments, 9):
        yield "arguments", {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _finish(reply: Reply) -> str | None:
    usual = "tool_calls" if reply.written_calls else "stop"
    if reply.finish is not None:
        return reply.finish
    match reply.broken:
        case "declined":
            return "content_filter"
        case "length":
            return "length"
        case "wrong finish":
            return "stop" if usual == "tool_calls" else "tool_calls"
        case "unfinished":
            return None
    return usual


def _envelope(asked: Asked, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": kind,
        "created": int(time.time()),
        "model": asked.raw.get("model", "stand-in"),
        "service_tier": "default",
        "system_fingerprint": "fp_stand_in",
        "choices": choices,
    }


def _event(asked: Asked, part: dict[str, Any]) -> bytes:
    usage = {"usage": None} if _wants_usage(asked) else {}
    whole_chunk = {**_envelope(asked, "chat.completion.chunk", []), **usage, **part}
    if part["choices"]:
        # OpenAI makes all pieces of one size, so that nobody reads along by their sizes.
        whole_chunk["obfuscation"] = "x7Qm"
    return f"data: {json.dumps(whole_chunk)}\n\n".encode()


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.total,
        "prompt_tokens_details": {"cached_tokens": usage.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning, "audio_tokens": 0},
    }


def _call(call: WrittenCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def _messages(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A result is told by its call's id; the call says which tool it is of."""
    names = {
        call["id"]: call["function"]["name"]
        for message in messages
        for call in message.get("tool_calls") or []
    }
    return [
        {**_message(one), "name": names.get(one.get("tool_call_id", ""), "")} for one in messages
    ]


def _message(message: dict[str, Any]) -> dict[str, Any]:
    calls = [
        (call["function"]["name"], json.loads(call["function"]["arguments"]))
        for call in message.get("tool_calls") or []
    ]
    return {"role": message["role"], "text": _text(message), "calls": calls}


def _text(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def _wants_usage(asked: Asked) -> bool:
    return bool((asked.raw.get("stream_options") or {}).get("include_usage"))
