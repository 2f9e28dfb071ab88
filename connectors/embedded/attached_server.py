"""A private server that another process of the same shop owns."""

import contextlib
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from redis.exceptions import RedisError

from connectors.embedded.reach import shut_down, still_serves
from connectors.embedded.server_folder import ServerRecord
from connectors.embedded.socket_place import require_private


class AttachedServer:
    """Used, never ended: its owner does that."""

    def __init__(self, record: ServerRecord) -> None:
        self.kind = record.kind
        self.url = record.url
        self._record = record

    def healthy(self) -> bool:
        return _exists(self._record.owner) and still_serves(self.url, self._record.pid)

    def close(self) -> None:
        """Leave the server to its owner."""


def attach(record: ServerRecord) -> AttachedServer | None:
    """Attach to the recorded server if it is that one and answers; hasten the end of an orphan."""
    place = urlsplit(record.url)
    if place.scheme == "unix":
        folder = Path(unquote(place.path)).parent
        if not folder.exists():
            return None
        require_private(folder)
    if not still_serves(record.url, record.pid):
        return None
    if not _exists(record.owner):
        with contextlib.suppress(RedisError):
            shut_down(record.url)
        return None
    return AttachedServer(record)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
