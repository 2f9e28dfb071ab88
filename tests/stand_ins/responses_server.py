"""Speaks OpenAI's Responses API as OpenAI does, streamed and whole, for the real client."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from tests.stand_ins.embedding_vendors import OpenAiEmbeddings
from tests.stand_ins.model_server import Asked, ModelServer, Refused, Reply, Rule
from tests.stand_ins.openai_errors import openai_error
from tests.stand_ins.responses_answer import Item, ResponsesAnswer
from tests.stand_ins.responses_rules import items_of, responses_refusal
from tests.stand_ins.transport import Delivery, whole


class ResponsesServer(ModelServer):
    """``embeddings`` answers what is asked under ``/v1/embeddings``."""

    paths = ("/v1/responses", "/v1/models", "/v1/chat/completions", "/v1/embeddings")

    def __init__(self, *script: Reply, rules: "list[Rule] | tuple[Rule, ...]" = ()) -> None:
        super().__init__(*script, rules=rules)
        self.embeddings = OpenAiEmbeddings()
        self._issued: dict[str, str | None] = {}

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def other(self, request: Request) -> ASGIApp | None:
        if request.url.path.endswith("/embeddings"):
            return await self.embeddings.answer(request)
        if request.url.path.endswith("/models"):
            return JSONResponse({"object": "list", "data": [{"id": "stand-in", "object": "model"}]})
        if request.url.path.endswith("/chat/completions"):
            self.problems.append("the Responses API was chosen, and Chat Completions was asked")
            return self.refuse(404, self.problems[-1])
        return None

    def verify(self) -> None:
        super().verify()
        assert self.embeddings.problems == []

    def read(self, request: Request, body: dict[str, Any]) -> Asked:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            raise Refused("no key was sent")
        refusal = responses_refusal(body, self._issued)
        if refusal is not None:
            raise Refused(refusal)
        items = items_of(body)
        system = [_text(one) for one in items if one.get("role") in {"system", "developer"}]
        tools = body.get("tools", [])
        return Asked(
            system="\n".join([body.get("instructions") or "", *system]).strip(),
            messages=_messages(items),
            tools=[tool["name"] for tool in tools],
            schemas={tool["name"]: tool["parameters"] for tool in tools},
            streamed=bool(body.get("stream")),
            raw=body,
            headers=dict(request.headers),
        )

    def refuse(self, status: int, message: str, reply: Reply | None = None) -> ASGIApp:
        return openai_error(status, message, reply)

    def respond(self, asked: Asked, reply: Reply) -> ASGIApp:
        answer = ResponsesAnswer(asked, reply)
        self._issued |= answer.issued
        if not asked.streamed:
            body = json.dumps(answer.response).encode()
            return Delivery(whole(body), reply, media_type="application/json")
        media = "application/json" if reply.broken == "not json" else "text/event-stream"
        return Delivery(list(answer.events()), reply, media_type=media)


def _messages(items: list[Item]) -> list[dict[str, Any]]:
    """Calls belong to what the model said right before them."""
    messages: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for item in items:
        match item["type"]:
            case "function_call":
                names[item["call_id"]] = item["name"]
                if not messages or messages[-1]["role"] != "assistant":
                    messages.append({"role": "assistant", "text": "", "calls": [], "name": ""})
                call = (item["name"], json.loads(item["arguments"]))
                messages[-1]["calls"].append(call)
            case "function_call_output":
                name = names[item["call_id"]]
                text = _flat(item["output"])
                messages.append({"role": "tool", "text": text, "calls": [], "name": name})
            case "message" if item["role"] not in {"system", "developer"}:
                text = _text(item)
                messages.append({"role": item["role"], "text": text, "calls": [], "name": ""})
    return messages


def _text(item: Item) -> str:
    return _flat(item["content"])


def _flat(content: str | list[dict[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", part.get("refusal", ""))) for part in content)
