"""Speaks Gemini's generateContent as Google does, for the real client to talk to."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tests.stand_ins.model_server import Asked, ModelServer, Refused, Reply, pieces
from tests.stand_ins.vendor_rules import google_refusal

_STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED"}


class GeminiServer(ModelServer):
    paths = ("/v1beta/models/{call:path}",)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def read(self, request: Request, body: dict[str, Any]) -> Asked:
        if not request.headers.get("x-goog-api-key"):
            raise Refused("no key was sent")
        refusal = google_refusal(body)
        if refusal is not None:
            raise Refused(refusal)
        contents = body["contents"]
        functions = [
            function
            for tool in body.get("tools", [])
            for function in tool.get("functionDeclarations", [])
        ]
        system = body.get("systemInstruction") or {"parts": []}
        return Asked(
            system="".join(part.get("text", "") for part in system["parts"]),
            messages=[one for content in contents for one in _messages(content)],
            tools=[function["name"] for function in functions],
            schemas={function["name"]: function.get("parameters") or {} for function in functions},
            streamed=":streamGenerateContent" in request.url.path,
            raw=body,
            headers=dict(request.headers),
        )

    def refuse(self, status: int, message: str) -> Response:
        error = {"code": status, "message": message, "status": _STATUS.get(status, "INTERNAL")}
        return JSONResponse({"error": error}, status_code=status)

    def respond(self, asked: Asked, reply: Reply) -> Response:
        if reply.broken == "not json":
            return Response("<html>Bad gateway</html>", media_type="application/json")
        if asked.streamed:
            return StreamingResponse(_stream(reply), media_type="text/event-stream")
        parts = [{"text": reply.text}] if reply.text else []
        return JSONResponse(_candidate([*parts, *_call_parts(reply)], "STOP"))


async def _stream(reply: Reply) -> AsyncIterator[str]:
    def event(parts: list[dict[str, Any]], finish: str | None = None) -> str:
        return f"data: {json.dumps(_candidate(parts, finish))}\r\n\r\n"

    if reply.broken == "empty":
        return
    if reply.broken == "declined":
        usage = {"promptTokenCount": 10, "totalTokenCount": 10}
        candidate = {"finishReason": "SAFETY", "index": 0}
        yield f"data: {json.dumps({'candidates': [candidate], 'usageMetadata': usage})}\r\n\r\n"
        return
    for piece in pieces(reply.text, 12):
        yield event([{"text": piece}])
        if reply.broken == "cut":
            raise ConnectionAbortedError
    if reply.calls:
        yield event(_call_parts(reply))
    yield event([{"text": ""}], "STOP")


def _candidate(parts: list[dict[str, Any]], finish: str | None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": parts}, "index": 0}
    if finish is not None:
        candidate["finishReason"] = finish
    usage = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "stand-in"}


def _call_parts(reply: Reply) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for index, (name, arguments) in enumerate(reply.calls):
        part: dict[str, Any] = {"functionCall": {"name": name, "args": arguments}}
        if reply.signature is not None and index == 0:
            part["thoughtSignature"] = base64.b64encode(reply.signature.encode()).decode()
        parts.append(part)
    return parts


def _messages(content: dict[str, Any]) -> list[dict[str, Any]]:
    parts = content["parts"]
    results = [
        {
            "role": "tool",
            "text": _result(part["functionResponse"]["response"]),
            "name": part["functionResponse"]["name"],
            "calls": [],
        }
        for part in parts
        if "functionResponse" in part
    ]
    if results:
        return results
    calls = [
        (part["functionCall"]["name"], part["functionCall"].get("args") or {})
        for part in parts
        if "functionCall" in part
    ]
    return [
        {
            "role": "assistant" if content["role"] == "model" else "user",
            "text": "".join(part.get("text", "") for part in parts),
            "calls": calls,
        }
    ]


def _result(response: dict[str, Any]) -> str:
    """By Google's own convention the result stands under ``output``, an error under ``error``."""
    text = response.get("output", response.get("error"))
    return text if isinstance(text, str) else json.dumps(response)
