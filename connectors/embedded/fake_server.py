"""The last resort: a Redis made of Python, inside this process, on a loopback port."""

import logging
import os
import sys
import threading
from typing import Any

from fakeredis import TcpFakeServer

from connectors.embedded.candidates import ServerKind
from connectors.embedded.reach import still_serves
from connectors.embedded.server_folder import ServerRecord

logger = logging.getLogger(__name__)


class FakeServer:
    """Keeps nothing when the process ends, is slow, and any local user can reach it."""

    kind: ServerKind = "fakeredis"

    def __init__(self, *, lock: int) -> None:
        self._lock: int | None = lock
        self._process = os.getpid()
        self._server = _QuietServer(("127.0.0.1", 0))
        self._server.daemon_threads = True
        self.url = f"redis://127.0.0.1:{self._server.server_address[1]}/0"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="fakeredis", daemon=True
        )
        self._thread.start()

    def record(self) -> ServerRecord:
        return ServerRecord(self.kind, self.url, None, self._process)

    def healthy(self) -> bool:
        return still_serves(self.url, None)

    def close(self) -> None:
        """Stop serving and free the lock; a forked child has neither thread nor lock to give."""
        if os.getpid() == self._process:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class _QuietServer(TcpFakeServer):
    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Log a client that went away instead of printing to standard error."""
        logger.debug("%s from %s failed: %s", request, client_address, sys.exception())
