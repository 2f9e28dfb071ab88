"""A loopback server that answers embedding requests in the wire formats of OpenAI and Gemini."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


def vector_of(text: str, size: int) -> list[float]:
    """Some vector that is always the same for a text, and not of unit length."""
    digest = hashlib.sha256(text.encode()).digest()
    return [3.0 * (digest[place % 32] - 127) / 128 for place in range(size)]


@dataclass(slots=True)
class VendorServer:
    """``failures`` are (status, body) answered first; ``requests`` and ``texts`` what was asked."""

    url: str = ""
    failures: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    short_by: int = 0

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.failures:
            return self.failures.pop(0)
        if path.endswith("/embeddings"):
            return 200, self._openai(body)
        if re.search(r"/models/[^/]+:batchEmbedContents$", path):
            return 200, self._gemini(body)
        return 404, {"error": {"message": f"no such path {path}", "code": 404}}

    def _openai(self, body: dict[str, Any]) -> dict[str, Any]:
        size = body.get("dimensions", 8)
        self.texts += body["input"]
        data = [
            {"object": "embedding", "index": place, "embedding": vector_of(text, size)}
            for place, text in enumerate(body["input"])
        ]
        data = list(reversed(data))[self.short_by :]
        return {
            "object": "list",
            "data": data,
            "model": body["model"],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }

    def _gemini(self, body: dict[str, Any]) -> dict[str, Any]:
        self.texts += [one["content"]["parts"][0]["text"] for one in body["requests"]]
        requests = body["requests"][self.short_by :]
        return {
            "embeddings": [
                {
                    "values": vector_of(
                        one["content"]["parts"][0]["text"], one["outputDimensionality"]
                    )
                }
                for one in requests
            ]
        }


@contextmanager
def serving() -> Iterator[VendorServer]:
    vendor = VendorServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            vendor.requests.append((self.path, headers, body))
            status, answer = vendor.answer(self.path.split("?")[0], body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    vendor.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
