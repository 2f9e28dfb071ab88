"""A file lock that one process of a machine holds: the owner of the embedded Chroma.

Two processes on one embedded Chroma miss each other's writes or damage it.
"""

import fcntl
import os
from pathlib import Path
from typing import Self


class OwnerLock:
    """Held until released or the process ends, however it ends."""

    def __init__(self, file: int, path: Path) -> None:
        self._file: int | None = file
        self.path = path

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """None when another process (or another part of this one) holds it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        return cls(file, path)

    @property
    def held(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)  # closing lets go of the lock
            self._file = None
