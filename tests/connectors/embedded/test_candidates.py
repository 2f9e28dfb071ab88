import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis

from connectors.embedded import EmbeddedRedis, ServerCandidate, find_candidates


@pytest.fixture
def place(tmp_path: Path, programs: list[ServerCandidate]) -> Callable[[str], Path]:
    """Put the server program of this machine under another name into a folder."""

    def link(name: str) -> Path:
        path = tmp_path / name
        assert programs[0].executable
        path.symlink_to(programs[0].executable)
        return path

    return link


def test_programs_on_the_path_come_first(tmp_path: Path, place: Callable[[str], Path]) -> None:
    valkey = ServerCandidate("valkey-server", place("valkey-server"))
    redis = ServerCandidate("redis-server", place("redis-server"))

    assert find_candidates(str(tmp_path))[:2] == [redis, valkey]


def test_there_is_always_the_fake_in_the_end(tmp_path: Path) -> None:
    assert find_candidates(str(tmp_path))[-1] == ServerCandidate("fakeredis")


def test_the_bundled_server_keeps_its_name_when_our_environment_is_on_the_path() -> None:
    kinds = [one.kind for one in find_candidates(str(Path(sys.executable).parent))]

    assert "redis-server" not in kinds


def test_a_valkey_server_serves(
    tmp_path: Path,
    data_dir: Path,
    place: Callable[[str], Path],
    connect: Callable[[str], Redis],
) -> None:
    place("valkey-server")

    with EmbeddedRedis(data_dir, candidates=find_candidates(str(tmp_path))) as redis:
        assert redis.kind == "valkey-server"
        assert connect(redis.url).ping()
