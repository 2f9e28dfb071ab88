"""Embeds texts as OpenAI and Gemini do: their formats, limits and refusals, without meaning."""

import asyncio
import base64
import hashlib
import json
import math
import re
import struct
from collections.abc import Sequence
from typing import Any, Literal

from starlette.requests import Request
from starlette.types import ASGIApp

from tests.stand_ins.gemini_errors import gemini_error
from tests.stand_ins.openai_errors import openai_error
from tests.stand_ins.replies import Reply
from tests.stand_ins.transport import Delivery, whole

_OPENAI_TEXTS = 2048
_OPENAI_TEXT_TOKENS = 8192
_OPENAI_TOKENS = 300_000
_OPENAI_FIELDS = {"model", "input", "encoding_format", "dimensions", "user"}
_OPENAI_SIZES = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
_GEMINI_TEXTS = 100
_GEMINI_TEXT_TOKENS = 2048
_GEMINI_DIMENSIONS = 3072
_GEMINI_FIELDS = {"model", "content", "taskType", "title", "outputDimensionality"}
_TASKS = {
    *("RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY", "CLASSIFICATION"),
    *("CLUSTERING", "QUESTION_ANSWERING", "FACT_VERIFICATION", "CODE_RETRIEVAL_QUERY"),
}
WrongFigures = Literal["", "nan", "null", "infinite", "text", "longer", "shorter"]
WrongPlaces = Literal["", "none", "zero", "twice", "beyond"]


def vector_of(text: str, size: int) -> list[float]:
    """Some vector that is always the same for a text, and not of unit length."""
    digest = hashlib.sha256(text.encode()).digest()
    return [3.0 * (digest[place % 32] - 127) / 128 for place in range(size)]


def tokens_of(text: str) -> int:
    """Some four letters of English, two bytes of anything else."""
    plain = sum(letter.isascii() for letter in text)
    return -(-plain // 4) + (len(text.encode()) - plain) // 2


class EmbeddingVendor:
    """Answers each request by the next ``Reply`` of ``script``, else as it should.

    ``short_by`` leaves vectors out; ``refused`` names words no text may have in it, ``breaks_on``
    words it fails at; ``figures`` says what is wrong with the figures of the first vector.
    """

    def __init__(self) -> None:
        self.script: list[Reply] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.texts: list[str] = []
        """Every text that was embedded."""
        self.problems: list[str] = []
        """Requests that no shop should make; those over a limit of tokens are not among them."""
        self.short_by = 0
        self.refused: set[str] = set()
        self.breaks_on: set[str] = set()
        self.figures: WrongFigures = ""

    def forget(self) -> None:
        """Let a test begin with nothing asked and nothing wrong."""
        self.__init__()  # type: ignore[misc]

    async def answer(self, request: Request) -> ASGIApp:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        reply = self.script.pop(0) if self.script else Reply()
        if not reply.broken.startswith("stall"):
            await asyncio.sleep(reply.seconds)
        if reply.status != 200:
            return self.error(reply.status, "as the script says", reply)
        problem = self.problem(request, body)
        if problem is not None:
            self.problems.append(problem)
            return self.error(400, problem)
        texts = self.texts_in(body)
        too_much = self.over_limit(texts)
        if too_much is None and any(word in text for text in texts for word in self.refused):
            too_much = "the input was refused"
        if too_much is not None:
            return self.error(400, too_much)
        if any(word in text for text in texts for word in self.breaks_on):
            return self.error(500, "failed to encode response: json: unsupported value: NaN")
        self.texts += texts
        answer = json.dumps({} if reply.broken == "empty" else self.vectors(body, texts))
        return Delivery(whole(answer.encode()), reply, media_type="application/json")

    def problem(self, request: Request, body: dict[str, Any]) -> str | None:
        raise NotImplementedError

    def texts_in(self, body: dict[str, Any]) -> list[str]:
        raise NotImplementedError

    def over_limit(self, texts: Sequence[str]) -> str | None:
        raise NotImplementedError

    def vectors(self, body: dict[str, Any], texts: Sequence[str]) -> dict[str, Any]:
        raise NotImplementedError

    def error(self, status: int, message: str, reply: Reply | None = None) -> ASGIApp:
        raise NotImplementedError

    def figures_of(self, text: str, size: int) -> list[Any]:
        right = vector_of(text, size)
        match self.figures:
            case "longer":
                return [*right, *right]
            case "shorter":
                return right[: size // 2]
        wrong = {"nan": math.nan, "null": None, "infinite": math.inf, "text": "much"}
        return [wrong[self.figures], *right[1:]] if self.figures else right


class OpenAiEmbeddings(EmbeddingVendor):
    """``sizes`` are the dimensions of models; ``places`` says what is wrong with its numbering."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes = dict(_OPENAI_SIZES)
        self.places: WrongPlaces = ""

    def problem(self, request: Request, body: dict[str, Any]) -> str | None:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return "no key was sent"
        if unknown := set(body) - _OPENAI_FIELDS:
            return f"unrecognized request arguments: {sorted(unknown)}"
        texts = self.texts_in(body)
        if not 0 < len(texts) <= _OPENAI_TEXTS or not all(texts):
            return "'$.input' is invalid"
        if body.get("dimensions") is not None and body["model"] == "text-embedding-ada-002":
            return "this model does not support specifying dimensions"
        if body.get("encoding_format", "float") not in {"float", "base64"}:
            return "the encoding format is float or base64"
        return None

    def texts_in(self, body: dict[str, Any]) -> list[str]:
        given = body["input"]
        return [given] if isinstance(given, str) else list(given)

    def over_limit(self, texts: Sequence[str]) -> str | None:
        counts = [tokens_of(text) for text in texts]
        if max(counts) > _OPENAI_TEXT_TOKENS:
            return (
                f"This model's maximum context length is {_OPENAI_TEXT_TOKENS} tokens, however you"
                f" requested {max(counts)} tokens. Please reduce your prompt."
            )
        if sum(counts) > _OPENAI_TOKENS:
            return f"Requested {sum(counts)} tokens, max {_OPENAI_TOKENS} tokens per request"
        return None

    def vectors(self, body: dict[str, Any], texts: Sequence[str]) -> dict[str, Any]:
        size = body.get("dimensions") or self.sizes.get(body["model"], 8)
        data = [
            {"object": "embedding", "index": place, "embedding": self._written(body, text, size)}
            for place, text in enumerate(texts)
        ]
        used = sum(tokens_of(text) for text in texts)
        return {
            "object": "list",
            "data": self._placed(data)[self.short_by :],
            "model": body["model"],
            "usage": {"prompt_tokens": used, "total_tokens": used},
        }

    def error(self, status: int, message: str, reply: Reply | None = None) -> ASGIApp:
        return openai_error(status, message, reply)

    def _placed(self, data: list[dict[str, Any]]) -> list[dict[str, Any]]:
        match self.places:
            case "none":
                return [{**one, "index": None} for one in data]
            case "zero":
                return [{**one, "index": 0} for one in data]
            case "twice":
                return [{**one, "index": max(one["index"], 1)} for one in data]
            case "beyond":
                return [{**one, "index": one["index"] + 1} for one in data]
        # Turned round: the index says which is which.
        return list(reversed(data))

    def _written(self, body: dict[str, Any], text: str, size: int) -> list[Any] | str:
        vector = self.figures_of(text, size)
        if body.get("encoding_format") != "base64":
            return vector
        return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


class GeminiEmbeddings(EmbeddingVendor):
    def problem(self, request: Request, body: dict[str, Any]) -> str | None:
        if not request.headers.get("x-goog-api-key"):
            return "no key was sent"
        asked = body["requests"]
        if unknown := set(body) - {"requests"}:
            return f"Invalid JSON payload received. Unknown name {sorted(unknown)}"
        if not 0 < len(asked) <= _GEMINI_TEXTS:
            return "BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch"
        model = re.search(r"models/([^:]+):", request.url.path)
        named = f"models/{model[1]}" if model else None
        return next((wrong for one in asked if (wrong := _gemini_problem(one, named))), None)

    def texts_in(self, body: dict[str, Any]) -> list[str]:
        return [_gemini_text(one) for one in body["requests"]]

    def over_limit(self, texts: Sequence[str]) -> str | None:
        most = max(tokens_of(text) for text in texts)
        if most > _GEMINI_TEXT_TOKENS:
            return f"the input token count ({most}) exceeds the maximum ({_GEMINI_TEXT_TOKENS})"
        return None

    def vectors(self, body: dict[str, Any], texts: Sequence[str]) -> dict[str, Any]:
        sizes = [one.get("outputDimensionality", _GEMINI_DIMENSIONS) for one in body["requests"]]
        made = [
            {"values": self.figures_of(text, size)} for text, size in zip(texts, sizes, strict=True)
        ]
        return {"embeddings": made[self.short_by :]}

    def error(self, status: int, message: str, reply: Reply | None = None) -> ASGIApp:
        return gemini_error(status, message, reply)


def _gemini_problem(asked: dict[str, Any], model: str | None) -> str | None:
    if unknown := set(asked) - _GEMINI_FIELDS:
        return f"Invalid JSON payload received. Unknown name {sorted(unknown)} at 'requests[0]'"
    if asked["model"] != model:
        return "BatchEmbedContentsRequest.requests.model: does not match the path"
    if not _gemini_text(asked):
        return "EmbedContentRequest.content contains an empty Part."
    if asked.get("taskType") not in _TASKS:
        return f"invalid task type {asked.get('taskType')!r}"
    if not 0 < asked.get("outputDimensionality", 1) <= _GEMINI_DIMENSIONS:
        return "output_dimensionality must be less than or equal to 3072"
    return None


def _gemini_text(asked: dict[str, Any]) -> str:
    return "".join(part.get("text", "") for part in asked["content"]["parts"])
