"""Speaks the read API of Open Food Facts, version 2, on loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(slots=True)
class FoodFactsServer:
    """``products`` by barcode, whole; ``status`` other than 200 is answered to everything."""

    url: str = ""
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None
    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def answer(self, address: str, agent: str) -> tuple[int, bytes]:
        parts = urlsplit(address)
        if not agent.startswith("SmartCart/") or "(" not in agent:
            self.problems.append(f"nobody says who they are by {agent!r}")
        if not parts.path.startswith("/api/v2/product/"):
            self.problems.append(f"{parts.path} is not the pinned version")
        code = parts.path.rpartition("/")[2]
        self.asked.append(code)
        if self.status != 200:
            return self.status, b"<html>Too many requests</html>"
        if self.body is not None:
            return 200, self.body
        fields = parse_qs(parts.query).get("fields", [""])[0].split(",")
        product = self.products.get(code)
        if product is None:
            missing = {"code": code, "status": 0, "status_verbose": "product not found"}
            return 404, json.dumps(missing).encode()
        known = {name: value for name, value in product.items() if name in fields}
        found = {"code": code, "product": known, "status": 1, "status_verbose": "product found"}
        return 200, json.dumps(found).encode()


@contextmanager
def serving() -> Iterator[FoodFactsServer]:
    facts = FoodFactsServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = facts.answer(self.path, self.headers.get("user-agent", ""))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    facts.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield facts
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
