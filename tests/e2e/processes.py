"""Starts the product and the servers it can run on as processes of their own, for tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from connectors.embedded.candidates import find_candidates

START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(url, timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    ended = process.poll()
    state = "is still running" if ended is None else f"ended with {ended}"
    message = f"{url} did not answer and {state}; its log says:\n"
    message += log.read_text(errors="replace")[-3000:]
    raise AssertionError(message)


class Process:
    """A program in its own process group, with its output in a file."""

    def __init__(self, command: list[str], log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=dict(environment),
            )

    def kill(self) -> None:
        """As the kernel would when memory runs out: no goodbye."""
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> None:
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()


def bare_environment(**settings: str) -> dict[str, str]:
    """What a program needs to start, without any setting of the person who runs the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return (
        kept | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONWARNINGS": "ignore"} | settings
    )


class SmartCart(Process):
    """``smartcart serve`` on a port of its own."""

    def __init__(self, folder: Path, name: str = "app", **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = bare_environment(
            SMARTCART_DATA_DIR=str(folder / name), SMARTCART_PORT=str(self.port), **settings
        )
        command = [sys.executable, "-m", "connectors.cli", "serve"]
        super().__init__(command, folder / f"{name}.log", environment)

    def wait(self) -> "SmartCart":
        wait_until_ready(f"{self.url}/readyz", self.popen, self.log)
        return self


class Shopper:
    """Talks to running servers over the public API; may change servers between messages."""

    def __init__(self, *urls: str) -> None:
        self._urls = urls
        self._next = 0
        session = httpx.post(f"{urls[0]}/api/v1/sessions", json={}, timeout=30)
        session.raise_for_status()
        self.headers = {"Authorization": f"Bearer {session.json()['token']}"}
        self.conversation_id: str | None = None

    def url(self) -> str:
        """Servers in turn."""
        chosen = self._urls[self._next % len(self._urls)]
        self._next += 1
        return chosen

    def say(self, text: str, **more: Any) -> dict[str, Any]:
        body: dict[str, Any] = {"text": text, **more}
        if self.conversation_id is not None:
            body["conversation_id"] = self.conversation_id
        reply = httpx.post(
            f"{self.url()}/api/v1/messages", json=body, headers=self.headers, timeout=90
        )
        assert reply.status_code == httpx.codes.OK, reply.text
        answer: dict[str, Any] = reply.json()
        self.conversation_id = answer["conversation_id"]
        return answer

    def get(self, path: str) -> Any:
        reply = httpx.get(f"{self.url()}/api/v1/{path}", headers=self.headers, timeout=30)
        assert reply.status_code == httpx.codes.OK, reply.text
        return reply.json()


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis over TCP, as a server of its own."""
    executable = next(one.executable for one in find_candidates() if one.executable)
    port = free_port()
    command = [str(executable), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir"]
    process = Process([*command, str(folder)], folder / "redis.log", bare_environment())
    try:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.stop()


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """The Chroma server of the chromadb package."""
    port = free_port()
    program = str(Path(sys.executable).parent / "chroma")
    command = [program, "run", "--path", str(folder / "chroma"), "--port", str(port)]
    process = Process([*command, "--host", "127.0.0.1"], folder / "chroma.log", bare_environment())
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(f"{url}/api/v2/heartbeat", process.popen, process.log)
        yield url
    finally:
        process.stop()
