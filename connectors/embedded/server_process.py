"""Starts a server program under a supervisor that ends it when this process ends."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from connectors.embedded import supervisor
from connectors.embedded.candidates import ServerKind
from connectors.embedded.errors import ServerDidNotStart
from connectors.embedded.reach import LOADING_SECONDS, State, ask, still_serves
from connectors.embedded.server_folder import ServerFolder, ServerRecord

STOP_SECONDS = supervisor.TERMINATE_SECONDS + 3.0
LOG_LINES = 5


class ServerProcess:
    """A redis-server or valkey-server of our own, reached through its socket file only."""

    def __init__(
        self, kind: ServerKind, executable: Path, *, folder: ServerFolder, socket: Path, lock: int
    ) -> None:
        self.kind = kind
        self.url = f"unix://{quote(str(socket))}?db=0"
        self._folder = folder
        self._pid: int | None = None
        settings = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "daemonize": "no",
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
        }
        command = [str(executable)]
        for name, value in settings.items():
            command += [f"--{name}", value]
        with folder.log.open("wb") as log:
            self._supervisor = subprocess.Popen(  # noqa: S603  found on PATH or in our wheel
                [sys.executable, "-I", "-S", supervisor.__file__, str(lock), str(socket), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder.path,
                pass_fds=(lock,),
                start_new_session=True,  # Ctrl-C is for us: the server goes when we have finished
            )

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for the first answer; a server that cannot give one is stopped."""
        try:
            self._pid = self._first_answer(seconds)
        except BaseException:
            self.close()
            raise

    def record(self) -> ServerRecord:
        return ServerRecord(self.kind, self.url, self._pid, os.getpid())

    def healthy(self) -> bool:
        return self._supervisor.poll() is None and still_serves(self.url, self._pid)

    def close(self) -> None:
        """Let go of the pipe: the supervisor ends the server, then itself."""
        if self._supervisor.stdin:
            self._supervisor.stdin.close()
        try:
            self._supervisor.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            self._supervisor.wait()

    def _first_answer(self, seconds: float) -> int | None:
        started = time.monotonic()
        while True:
            ended = self._supervisor.poll()
            answer = ask(self.url)
            if answer.state is State.READY:
                return answer.pid
            if answer.state is State.UNFIT:
                message = f"it is no server for us: {answer.complaint}"
                raise ServerDidNotStart(message)
            if ended is not None:
                blame_data = ended != supervisor.CANNOT_RUN
                raise ServerDidNotStart(self._last_words(), blame_data=blame_data)
            patience = LOADING_SECONDS if answer.state is State.LOADING else seconds
            if time.monotonic() - started > patience:
                message = f"it did not answer within {patience:g} s"
                raise ServerDidNotStart(message, blame_data=True)
            time.sleep(0.01)

    def _last_words(self) -> str:
        lines = self._folder.log.read_text("utf-8", errors="replace").splitlines()
        return " / ".join(lines[-LOG_LINES:]) or "it ended without a word"
