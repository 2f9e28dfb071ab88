"""Speaks Gemini's generateContent as Google does, for the real client to talk to."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp

from tests.stand_ins.embedding_vendors import GeminiEmbeddings
from tests.stand_ins.gemini_errors import error_of, gemini_error
from tests.stand_ins.model_server import Asked, ModelServer, Piece, Refused, Reply, Rule, pieces
from tests.stand_ins.replies import Usage, WrittenCall
from tests.stand_ins.transport import Delivery, whole
from tests.stand_ins.vendor_rules import google_refusal

# Google's own way around its check, for calls another model made.
_SKIPPED = {"skip_thought_signature_validator", "context_engineering_is_the_way_to_go"}


class GeminiServer(ModelServer):
    """``embeddings`` answers what is asked under ``:batchEmbedContents``."""

    paths = ("/v1beta/models/{call:path}",)

    def __init__(self, *script: Reply, rules: "list[Rule] | tuple[Rule, ...]" = ()) -> None:
        super().__init__(*script, rules=rules)
        self.embeddings = GeminiEmbeddings()
        self._signatures: set[str] = set()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def other(self, request: Request) -> ASGIApp | None:
        if request.url.path.endswith("mbedContents"):
            return await self.embeddings.answer(request)
        return None

    def verify(self) -> None:
        super().verify()
        assert self.embeddings.problems == []

    def read(self, request: Request, body: dict[str, Any]) -> Asked:
        if not request.headers.get("x-goog-api-key"):
            raise Refused("no key was sent")
        refusal = google_refusal(body)
        if refusal is not None:
            raise Refused(refusal)
        contents = body["contents"]
        self.check_signatures(contents)
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

    def refuse(self, status: int, message: str, reply: Reply | None = None) -> ASGIApp:
        return gemini_error(status, message, reply)

    def respond(self, asked: Asked, reply: Reply) -> ASGIApp:
        if reply.signature is not None:
            self._signatures.add(reply.signature)
        if not asked.streamed:
            if reply.broken in {"failed", "error event"}:
                return self.refuse(500, "An internal error has occurred.")
            body = json.dumps(_whole_answer(reply)).encode()
            return Delivery(whole(body), reply, media_type="application/json")
        media = "application/json" if reply.broken == "not json" else "text/event-stream"
        return Delivery(list(_stream(reply)), reply, media_type=media)

    def check_signatures(self, contents: list[dict[str, Any]]) -> None:
        for content in contents:
            for part in content["parts"]:
                signature = part.get("thoughtSignature")
                if signature is None or signature in _SKIPPED:
                    continue
                read = base64.b64decode(signature, altchars=b"-_").decode(errors="replace")
                if read not in self._signatures | _SKIPPED:
                    raise Refused("Corrupted thought signature.")


def _whole_answer(reply: Reply) -> dict[str, Any]:
    match reply.broken:
        case "empty":
            return _answer(None, None, reply.usage)
        case "declined" | "refusal":
            return _answer([], "SAFETY", reply.usage)
        case "arguments" if reply.calls:
            return _answer([], "MALFORMED_FUNCTION_CALL", reply.usage)
    parts = [*_thoughts(reply), *([{"text": reply.said}] if reply.said else [])]
    return _answer([*parts, *_call_parts(reply)], _finish(reply), reply.usage)


def _stream(reply: Reply) -> Iterator[Piece]:
    def event(parts: list[dict[str, Any]], finish: str | None = None) -> bytes:
        return _event(_answer(parts, finish, reply.usage))

    if reply.broken == "empty":
        return
    if reply.broken in {"declined", "refusal"}:
        yield Piece("finish", event([], "SAFETY"))
        return
    for thought in _thoughts(reply):
        yield Piece("opening", event([thought]))
    for piece in pieces(reply.said, 12):
        yield Piece("text", event([{"text": piece}]))
    match reply.broken:
        case "failed" | "error event":
            yield Piece("finish", _event({"error": error_of(503, "The model is overloaded.")}))
            return
        case "arguments" if reply.calls:
            # Google reads the calls of its models itself, and says so when it cannot.
            yield Piece("finish", event([], "MALFORMED_FUNCTION_CALL"))
            return
    if calls := _call_parts(reply):
        # Calls come whole; a line that is cut within one leaves half an event.
        data = event(calls)
        middle = len(data) // 2
        yield Piece("arguments", data[:middle])
        yield Piece("arguments", data[middle:])
    if reply.broken != "unfinished":
        yield Piece("finish", event([_last_part(reply)], _finish(reply)))


def _last_part(reply: Reply) -> dict[str, Any]:
    """Empty; the signature of thoughts that led to no call comes with it."""
    if reply.signature is None or reply.calls:
        return {"text": ""}
    return {"text": "", "thoughtSignature": base64.b64encode(reply.signature.encode()).decode()}


def _finish(reply: Reply) -> str:
    if reply.finish is not None:
        return reply.finish
    match reply.broken:
        case "length":
            return "MAX_TOKENS"
        case "wrong finish":
            return "OTHER"
    return "STOP"


def _event(answer: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(answer)}\r\n\r\n".encode()


def _answer(
    parts: list[dict[str, Any]] | None, finish: str | None, usage: Usage | None
) -> dict[str, Any]:
    """``parts`` None leaves out the candidate, an empty list its content."""
    answer: dict[str, Any] = {"modelVersion": "stand-in", "responseId": "stand-in"}
    if parts is not None:
        candidate: dict[str, Any] = {"index": 0}
        if parts:
            candidate["content"] = {"role": "model", "parts": parts}
        if finish is not None:
            candidate["finishReason"] = finish
        answer["candidates"] = [candidate]
    if usage is not None:
        answer["usageMetadata"] = {
            "promptTokenCount": usage.input,
            "candidatesTokenCount": usage.output - usage.reasoning,
            "totalTokenCount": usage.total,
            **({"thoughtsTokenCount": usage.reasoning} if usage.reasoning else {}),
            **({"cachedContentTokenCount": usage.cached} if usage.cached else {}),
        }
    return answer


def _thoughts(reply: Reply) -> list[dict[str, Any]]:
    return [] if reply.reasoning is None else [{"text": reply.reasoning, "thought": True}]


def _call_parts(reply: Reply) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for index, call in enumerate(reply.written_calls):
        part: dict[str, Any] = {"functionCall": _function_call(reply, call)}
        if reply.signature is not None and index == 0:
            part["thoughtSignature"] = base64.b64encode(reply.signature.encode()).decode()
        parts.append(part)
    return parts


def _function_call(reply: Reply, call: WrittenCall) -> dict[str, Any]:
    function: dict[str, Any] = {"name": call.name, "args": _arguments(call.arguments)}
    if reply.broken == "same id":
        function["id"] = call.id
    return function


def _arguments(written: str) -> Any:
    """Google has read them already; what it could not read is passed on as text."""
    try:
        return json.loads(written)
    except ValueError:
        return written


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
            "text": "".join(part.get("text", "") for part in parts if not part.get("thought")),
            "calls": calls,
        }
    ]


def _result(response: dict[str, Any]) -> str:
    """By Google's own convention the result stands under ``output``, an error under ``error``."""
    text = response.get("output", response.get("error"))
    return text if isinstance(text, str) else json.dumps(response)
