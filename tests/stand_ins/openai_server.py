"""Speaks OpenAI Chat Completions as a vendor does, for the real client to talk to."""

import json
import time
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tests.stand_ins.model_server import Asked, ModelServer, Refused, Reply, pieces
from tests.stand_ins.vendor_rules import openai_refusal

_NUMBERS = count(1)
_TYPES = {401: "invalid_request_error", 429: "rate_limit_error", 500: "server_error"}


class OpenAiServer(ModelServer):
    paths = ("/v1/chat/completions", "/v1/models", "/v1/responses")

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def other(self, request: Request) -> Response | None:
        if request.url.path.endswith("/models"):
            return JSONResponse({"object": "list", "data": [{"id": "stand-in", "object": "model"}]})
        if request.url.path.endswith("/responses"):
            self.problems.append("compatible servers do not know the Responses API")
            return self.refuse(404, self.problems[-1])
        return None

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

    def refuse(self, status: int, message: str) -> Response:
        error = {"message": message, "type": _TYPES.get(status, "error"), "code": None}
        return JSONResponse({"error": error}, status_code=status)

    def respond(self, asked: Asked, reply: Reply) -> Response:
        if reply.broken == "not json":
            return Response("<html>Bad gateway</html>", media_type="application/json")
        if asked.streamed:
            return StreamingResponse(
                _stream(reply, with_usage=_wants_usage(asked)), media_type="text/event-stream"
            )
        message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
        if reply.calls:
            message["tool_calls"] = [_call(reply, *one) for one in reply.calls]
        return JSONResponse(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": int(time.time()),
                "model": "stand-in",
                "choices": [
                    {
                        "index": 0,
                        "message": message,
                        "finish_reason": "tool_calls" if reply.calls else "stop",
                    }
                ],
                "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
            }
        )


async def _stream(reply: Reply, *, with_usage: bool) -> AsyncIterator[str]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        return _event({"choices": choices})

    if reply.broken == "empty":
        yield "data: [DONE]\n\n"
        return
    yield chunk({"role": "assistant", "content": ""})
    if reply.broken == "declined":
        yield chunk({}, "content_filter")
        yield "data: [DONE]\n\n"
        return
    for piece in pieces(reply.text):
        yield chunk({"content": piece})
        if reply.broken == "cut":
            raise ConnectionAbortedError
    for index, one in enumerate(reply.calls):
        call = _call(reply, *one)
        arguments = call["function"].pop("arguments")
        call["function"]["arguments"] = ""
        yield chunk({"tool_calls": [{"index": index, **call}]})
        for piece in pieces(arguments, 9):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
            if reply.broken == "cut":
                raise ConnectionAbortedError
    yield chunk({}, "tool_calls" if reply.calls else "stop")
    if with_usage:
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        yield _event({"choices": [], "usage": usage})
    yield "data: [DONE]\n\n"


def _event(part: dict[str, Any]) -> str:
    whole = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": "stand-in",
        **part,
    }
    return f"data: {json.dumps(whole)}\n\n"


def _call(reply: Reply, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    written = json.dumps(arguments)
    if reply.broken == "arguments":
        written = written[:-1]
    return {
        "id": f"call_{next(_NUMBERS)}",
        "type": "function",
        "function": {"name": name, "arguments": written},
    }


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
