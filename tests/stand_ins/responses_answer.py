"""One response of the Responses API: the object, and the events that build it up."""

import json
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.stand_ins.model_server import Asked, Piece, Reply, pieces
from tests.stand_ins.replies import Usage

_NUMBERS = count(1)
_UNFINISHED = {"length": "max_output_tokens", "declined": "content_filter"}
Item = dict[str, Any]


class ResponsesAnswer:
    """One response object, and the events that build it up."""

    def __init__(self, asked: Asked, reply: Reply) -> None:
        self._asked = asked
        self._reply = reply
        self._id = f"resp_{next(_NUMBERS)}"
        self._sequence = count()
        self.items = list(self._made_items())
        reasons = [item["id"] for item in self.items if item["type"] == "reasoning"]
        reason = reasons[0] if reasons else None
        self.issued: dict[str, str | None] = {
            item["id"]: None if item["id"] == reason else reason for item in self.items
        }

    @property
    def response(self) -> dict[str, Any]:
        """As it is at the end."""
        failed = self._reply.broken in {"failed", "error event"}
        why = _UNFINISHED.get(self._reply.broken)
        status = "failed" if failed else "incomplete" if why else "completed"
        if self._reply.broken == "wrong finish":
            status = "in_progress"
        return self._envelope(
            self._reply.finish or status,
            [] if failed else self.items,
            error={"code": "server_error", "message": "The model failed."} if failed else None,
            incomplete_details={"reason": why} if why else None,
            usage=_usage(self._reply.usage),
        )

    def events(self) -> Iterator[Piece]:
        begun = self._envelope("in_progress", [])
        yield self._piece("opening", "response.created", response=begun)
        yield self._piece("opening", "response.in_progress", response=begun)
        for place, item in enumerate(self.items):
            yield from self._item_events(place, item)
        match self._reply.broken:
            case "unfinished":
                return
            case "error event":
                problem = {"code": "server_error", "message": "The model failed.", "param": None}
                yield self._piece("finish", "error", **problem)
                return
        kind = {"failed": "failed", "incomplete": "incomplete"}.get(self.response["status"])
        yield self._piece("finish", f"response.{kind or 'completed'}", response=self.response)

    def _made_items(self) -> Iterator[Item]:
        reply = self._reply
        if reply.broken == "empty":
            return
        if reply.reasoning is not None:
            summary = [{"type": "summary_text", "text": reply.reasoning}]
            secret = "reasoning.encrypted_content" in (self._asked.raw.get("include") or [])
            thought = {"id": f"rs_{next(_NUMBERS)}", "type": "reasoning", "summary": summary}
            yield {**thought, "encrypted_content": "c2VjcmV0"} if secret else thought
        if reply.broken == "declined":
            return
        status = "incomplete" if reply.broken == "length" else "completed"
        if reply.said:
            part: Item = {"type": "output_text", "text": reply.said, "annotations": []}
            if reply.broken == "refusal":
                part = {"type": "refusal", "refusal": reply.said}
            yield {
                "id": f"msg_{next(_NUMBERS)}",
                "type": "message",
                "role": "assistant",
                "status": status,
                "content": [part],
            }
        for call in reply.written_calls:
            yield {
                "id": f"fc_{next(_NUMBERS)}",
                "type": "function_call",
                "status": status,
                "call_id": call.id,
                "name": call.name,
                "arguments": call.arguments,
            }

    def _item_events(self, place: int, item: Item) -> Iterator[Piece]:
        begun = {**item, "status": "in_progress"}
        match item["type"]:
            case "reasoning":
                begun = {"id": item["id"], "type": "reasoning", "summary": []}
                inner = self._reasoning_events(place, item)
            case "message":
                begun["content"] = []
                inner = self._message_events(place, item)
            case _:
                begun["arguments"] = ""
                inner = self._call_events(place, item)
        yield self._piece("opening", "response.output_item.added", output_index=place, item=begun)
        yield from inner
        yield self._piece("opening", "response.output_item.done", output_index=place, item=item)

    def _reasoning_events(self, place: int, item: Item) -> Iterator[Piece]:
        at = {"item_id": item["id"], "output_index": place, "summary_index": 0}
        (part,) = item["summary"]
        kind = "response.reasoning_summary"
        yield self._piece("opening", f"{kind}_part.added", **at, part={**part, "text": ""})
        for piece in pieces(part["text"], 20):
            yield self._piece("opening", f"{kind}_text.delta", **at, delta=piece)
        yield self._piece("opening", f"{kind}_text.done", **at, text=part["text"])
        yield self._piece("opening", f"{kind}_part.done", **at, part=part)

    def _message_events(self, place: int, item: Item) -> Iterator[Piece]:
        at = {"item_id": item["id"], "output_index": place, "content_index": 0}
        (part,) = item["content"]
        field = "refusal" if part["type"] == "refusal" else "text"
        kind = "response.refusal" if field == "refusal" else "response.output_text"
        more: Item = {} if field == "refusal" else {"logprobs": []}
        yield self._piece("opening", "response.content_part.added", **at, part={**part, field: ""})
        for piece in pieces(part[field]):
            yield self._piece("text", f"{kind}.delta", **at, **more, delta=piece)
        yield self._piece("opening", f"{kind}.done", **at, **more, **{field: part[field]})
        yield self._piece("opening", "response.content_part.done", **at, part=part)

    def _call_events(self, place: int, item: Item) -> Iterator[Piece]:
        at = {"item_id": item["id"], "output_index": place}
        kind = "response.function_call_arguments"
        for piece in pieces(item["arguments"], 9):
            yield self._piece("arguments", f"{kind}.delta", **at, delta=piece)
        yield self._piece("opening", f"{kind}.done", **at, arguments=item["arguments"])

    def _piece(self, of: Any, kind: str, /, **fields: Any) -> Piece:
        event = {"type": kind, "sequence_number": next(self._sequence), **fields}
        return Piece(of, f"event: {kind}\ndata: {json.dumps(event)}\n\n".encode())

    def _envelope(self, status: str, output: list[Item], **fields: Any) -> dict[str, Any]:
        raw = self._asked.raw
        return {
            "id": self._id,
            "object": "response",
            "created_at": int(time.time()),
            "status": status,
            "error": None,
            "incomplete_details": None,
            "instructions": raw.get("instructions"),
            "metadata": {},
            "model": raw.get("model", "stand-in"),
            "output": output,
            "parallel_tool_calls": True,
            "store": raw.get("store", True),
            "temperature": 1.0,
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": raw.get("tools", []),
            "top_p": 1.0,
            "usage": None,
            **fields,
        }


def _usage(usage: Usage | None) -> dict[str, Any] | None:
    if usage is None:
        return None
    return {
        "input_tokens": usage.input,
        "input_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": 0},
        "output_tokens": usage.output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.total,
    }
