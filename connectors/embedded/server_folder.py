"""The folder of the private Redis: who owns the server, where it answers, what it saved."""

import fcntl
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self, get_args

from connectors.embedded.candidates import ServerKind
from connectors.embedded.errors import EmbeddedRedisUnavailable

SAVED_DATA = ("appendonly.aof", "appendonlydir", "dump.rdb")


@dataclass(frozen=True)
class ServerRecord:
    """How others reach the running server; only believed while its owner holds the lock."""

    kind: ServerKind
    url: str
    pid: int | None  # of the server process; None when it runs inside its owner
    owner: int  # process whose end is the server's end

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a record; a damaged one is none."""
        try:
            match json.loads(text):
                case {
                    "kind": kind,
                    "url": str(url),
                    "pid": int() | None as pid,
                    "owner": int(owner),
                }:
                    return cls(kind, url, pid, owner) if kind in get_args(ServerKind) else None
        except ValueError:
            pass
        return None


class ServerFolder:
    """``redis/`` in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir.resolve() / "redis"
        self.log = self.path / "redis.log"
        self._lock = self.path / "lock"
        self._record = self.path / "server.json"

    def prepare(self) -> None:
        """Make the folder, readable by us alone, and be sure that we can write in it."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            self._lock.touch(mode=0o600)
        except OSError as error:
            message = f"Cannot write in {self.path}: {error.strerror}. Choose another data folder."
            raise EmbeddedRedisUnavailable(message) from error

    def try_lock(self) -> int | None:
        """Become the owner: an open file that holds the lock while anybody has it open."""
        lock = os.open(self._lock, os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        except OSError as error:
            os.close(lock)
            message = f"Cannot lock {self._lock}: {error.strerror}. Use a local data folder."
            raise EmbeddedRedisUnavailable(message) from error
        return lock

    def read_record(self) -> ServerRecord | None:
        try:
            return ServerRecord.read(self._record.read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            return None

    def write_record(self, record: ServerRecord) -> None:
        """Write it whole or not at all; only the lock's owner may."""
        fresh = self._record.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(record)), "utf-8")
        fresh.replace(self._record)

    def forget_record(self) -> None:
        self._record.unlink(missing_ok=True)

    def has_saved_data(self) -> bool:
        return any((self.path / name).exists() for name in SAVED_DATA)

    def set_aside(self) -> Path:
        """Move the saved data away, replacing what was moved there before."""
        aside = self.path / "set-aside"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        for name in SAVED_DATA:
            if (self.path / name).exists():
                (self.path / name).rename(aside / name)
        return aside
