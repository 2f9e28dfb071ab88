"""A web server of feeds on loopback: ETags, ranges, redirects, connections that break off."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(slots=True)
class FeedServer:
    """``break_after`` are numbers of bytes after which the next answers end too early."""

    url: str = ""
    content: bytes = b""
    break_after: list[int] = field(default_factory=list)
    ranges: bool = True
    weak: bool = False
    status: int = 200
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def etag(self) -> str:
        digest = hashlib.sha256(self.content).hexdigest()[:16]
        return f'W/"{digest}"' if self.weak else f'"{digest}"'

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.asked.append((path, headers))
        if path in self.redirects:
            return 302, {"Location": self.redirects[path]}, b""
        if self.status != 200:
            return self.status, {}, b"no"
        said = {"ETag": self.etag, "Last-Modified": "Mon, 23 Nov 2026 08:00:00 GMT"}
        if headers.get("if-none-match") == self.etag:
            return 304, said, b""
        wanted = headers.get("range")
        if wanted and self.ranges and headers.get("if-range") == self.etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(self.content):
                return 416, {"Content-Range": f"bytes */{len(self.content)}"}, b""
            end = len(self.content) - 1
            said["Content-Range"] = f"bytes {start}-{end}/{len(self.content)}"
            return 206, said, self.content[start:]
        return 200, said, self.content


@contextmanager
def serving() -> Iterator[FeedServer]:
    feeds = FeedServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said, body = feeds.answer(self.path, headers)
            self.send_response(status)
            for name, value in said.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            cut = feeds.break_after.pop(0) if feeds.break_after and body else len(body)
            self.wfile.write(body[:cut])
            self.close_connection = cut < len(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    feeds.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield feeds
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
