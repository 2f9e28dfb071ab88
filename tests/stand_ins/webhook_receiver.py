"""An owner's system: takes order events and checks their signature on the raw bytes."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "whsec_" + base64.b64encode(b"thirty-two bytes of a test secret").decode()


class WebhookReceiver:
    """``statuses`` are answered first, then 204; only what is signed well is kept."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.ids: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/orders"

    def take(self, headers: Any, body: bytes) -> int:
        self.ids.append(headers["webhook-id"])
        if not is_signed(headers, body):
            return 401
        if self.statuses:
            return self.statuses.pop(0)
        self.events.append((headers["webhook-id"], json.loads(body)))
        return 204

    @contextmanager
    def running(self) -> Iterator["WebhookReceiver"]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                self.send_response(receiver.take(self.headers, body))
                self.send_header("location", "http://127.0.0.1:1/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Be quiet."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.port = server.server_port
            thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


def is_signed(headers: Any, body: bytes) -> bool:
    """As the specification says, independent of what signs."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    head = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()
    mac = base64.b64encode(hmac.new(key, head + body, hashlib.sha256).digest()).decode()
    given = headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(one, f"v1,{mac}") for one in given)
