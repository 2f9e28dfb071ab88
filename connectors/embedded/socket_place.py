"""Chooses the private folder of the server's socket file, short enough for every system."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from connectors.embedded.errors import EmbeddedRedisUnavailable

MAX_PATH_BYTES = 103  # macOS allows 104 with the closing zero byte, Linux 108


def socket_path(data_dir: Path, runtime_dir: Path | None = None) -> Path:
    """Return the socket file's path for a data folder; its folder exists and is only ours."""
    owner_and_place = f"{os.getuid()}:{data_dir.resolve()}".encode()
    name = f"smartcart-{hashlib.sha256(owner_and_place).hexdigest()[:12]}"
    bases = [runtime_dir, Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108  checked below
    for base in bases:
        if base is None or not os.access(base, os.W_OK | os.X_OK):
            continue
        path = base.absolute() / name / "redis.sock"
        if len(os.fsencode(path)) <= MAX_PATH_BYTES:
            _make_private(path.parent)
            return path
    places = ", ".join(str(base) for base in bases if base)
    message = f"None of these can hold the private Redis socket (too long or read-only): {places}"
    raise EmbeddedRedisUnavailable(message)


def require_private(folder: Path) -> None:
    """Refuse a folder in which somebody else could have put the socket."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        reason = "it is not a folder"
    elif found.st_uid != os.getuid():
        reason = f"it belongs to user {found.st_uid}"
    elif found.st_mode & 0o077:
        reason = f"its mode is {stat.S_IMODE(found.st_mode):o} instead of 700"
    else:
        return
    message = f"Will not keep the private Redis socket in {folder}: {reason}. Remove that folder."
    raise EmbeddedRedisUnavailable(message)


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        if not folder.is_symlink() and folder.is_dir():
            raise
    require_private(folder)
