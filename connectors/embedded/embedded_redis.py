"""EmbeddedRedis: start the shop's private Redis, or join the one that already runs."""

import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from connectors.embedded.attached_server import attach
from connectors.embedded.candidates import ServerCandidate, ServerKind, find_candidates
from connectors.embedded.errors import EmbeddedRedisUnavailable, ServerDidNotStart
from connectors.embedded.running_server import OwnedServer, RunningServer
from connectors.embedded.server_folder import ServerFolder
from connectors.embedded.server_process import ServerProcess
from connectors.embedded.socket_place import socket_path

logger = logging.getLogger(__name__)


class EmbeddedRedis:
    """One private server per data folder, shared by the processes that use that folder.

    Its first user owns it and ends it; when the owner is gone, callers see connection errors
    and ``ensure`` makes the next one the owner. All methods may block for seconds: call them
    from a thread, not from the event loop.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        candidates: Sequence[ServerCandidate] | None = None,
        runtime_dir: Path | None = None,
        patience: float = 15.0,
    ) -> None:
        """``runtime_dir`` is the user's folder for sockets, where the system has one."""
        self._data_dir = data_dir
        self._candidates = candidates
        self._runtime_dir = runtime_dir
        self._patience = patience
        self._folder = ServerFolder(data_dir)
        self._changing = threading.RLock()
        self._server: RunningServer | None = None

    def start(self) -> str:
        """Return the URL of a server that answers; repeated calls return the same one."""
        with self._changing:
            if self._server is None:
                self._server = self._open()
            return self._server.url

    def ensure(self) -> str:
        """Return the URL of a server that answers now, starting or joining another if need be.

        The URL changes only when the kind of server does. After a failure, ask again later.
        """
        with self._changing:
            running = self._running()
            if not running.healthy():
                logger.warning("The private Redis (%s) is gone; starting again", running.kind)
                running.close()
                self._server = self._open()
            return self.url

    def close(self) -> None:
        """End our own server, or leave that of another process; may be called twice."""
        with self._changing:
            server, self._server = self._server, None
            if server is not None:
                server.close()

    @property
    def url(self) -> str:
        return self._running().url

    @property
    def kind(self) -> ServerKind:
        return self._running().kind

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _running(self) -> RunningServer:
        server = self._server
        if server is None:
            message = "The private Redis is not started, or closed already."
            raise EmbeddedRedisUnavailable(message)
        return server

    def _open(self) -> RunningServer:
        """Own the server if nobody does, else join the owner's as soon as it answers."""
        self._folder.prepare()
        started = time.monotonic()
        while True:
            lock = self._folder.try_lock()
            if lock is not None:
                return self._start_as_owner(lock)
            record = self._folder.read_record()
            server = record and attach(record)
            if server:
                return server
            if time.monotonic() - started > self._patience:
                message = (
                    f"Another process holds {self._folder.path} but its Redis does not answer. "
                    "Stop that process, or choose another data folder."
                )
                raise EmbeddedRedisUnavailable(message)
            time.sleep(0.02)

    def _start_as_owner(self, lock: int) -> RunningServer:
        try:
            self._folder.forget_record()
            server = self._start_first_that_runs(lock)
            try:
                self._folder.write_record(server.record())
            except BaseException:
                server.close()
                raise
        except OSError as error:
            message = f"The private Redis in {self._folder.path} failed to start: {error}"
            raise EmbeddedRedisUnavailable(message) from error
        finally:
            os.close(lock)  # the server holds copies of its own
        return server

    def _start_first_that_runs(self, lock: int) -> OwnedServer:
        failures: list[str] = []
        for candidate in self._candidates or find_candidates():
            if candidate.executable is None:
                logger.warning(
                    "No Redis on this machine: using a slow one that forgets everything at "
                    "the end. Install redis-server or valkey-server, or set a Redis URL."
                )
                from connectors.embedded.fake_server import FakeServer  # noqa: PLC0415  slow, rare

                return FakeServer(lock=os.dup(lock))
            try:
                return self._start_program(candidate.kind, candidate.executable, lock)
            except ServerDidNotStart as failure:
                failures.append(f"{candidate.kind} ({candidate.executable}): {failure}")
                logger.warning("The private Redis failed to start: %s", failures[-1])
        message = f"No private Redis could be started. {'; '.join(failures)}"
        raise EmbeddedRedisUnavailable(message)

    def _start_program(self, kind: ServerKind, executable: Path, lock: int) -> ServerProcess:
        """Start it, if need be without the data that an earlier server left."""
        try:
            return self._start_once(kind, executable, lock)
        except ServerDidNotStart as failure:
            if not (failure.blame_data and self._folder.has_saved_data()):
                raise
            aside = self._folder.set_aside()
            logger.warning("The private Redis cannot read its data, now in %s: %s", aside, failure)
            return self._start_once(kind, executable, lock)

    def _start_once(self, kind: ServerKind, executable: Path, lock: int) -> ServerProcess:
        socket = socket_path(self._data_dir, self._runtime_dir)
        server = ServerProcess(kind, executable, folder=self._folder, socket=socket, lock=lock)
        server.wait_until_ready(self._patience)
        return server
