import os
import stat
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from redis import Redis

from connectors.embedded import EmbeddedRedis, EmbeddedRedisUnavailable, ServerCandidate
from knowledge.errors import ErrorKind

Connect = Callable[[str], Redis]


def test_serves_through_a_private_socket_only(embedded: EmbeddedRedis, connect: Connect) -> None:
    client = connect(embedded.start())
    socket = Path(urlsplit(embedded.url).path)

    assert client.config_get("port") == {"port": "0"}
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "name", ["with spaces", "мой магазин 店", "quo\"te's $HOME %41 #1", "/".join(["deep" * 12] * 5)]
)
def test_any_data_folder_will_do(
    tmp_path: Path, programs: list[ServerCandidate], connect: Connect, name: str
) -> None:
    with EmbeddedRedis(tmp_path / name, candidates=programs) as redis:
        assert connect(redis.url).ping()
        assert len(os.fsencode(unquote(urlsplit(redis.url).path))) <= 103
        assert (tmp_path / name / "redis").is_dir()


@pytest.mark.parametrize("name", ["run user ", "Läufe"])
def test_the_socket_lives_in_the_runtime_folder_of_the_user(
    data_dir: Path, programs: list[ServerCandidate], connect: Connect, name: str
) -> None:
    with (
        tempfile.TemporaryDirectory(prefix=name) as runtime_dir,
        EmbeddedRedis(data_dir, candidates=programs, runtime_dir=Path(runtime_dir)) as redis,
    ):
        assert connect(redis.url).ping()
        assert unquote(urlsplit(redis.url).path).startswith(runtime_dir)


def test_a_runtime_folder_too_deep_for_a_socket_is_passed_over(
    tmp_path: Path, programs: list[ServerCandidate], connect: Connect
) -> None:
    deep = tmp_path / ("d" * 90)
    deep.mkdir()

    with EmbeddedRedis(tmp_path / "data", candidates=programs, runtime_dir=deep) as redis:
        assert connect(redis.url).ping()


def test_closing_ends_the_server_and_leaves_nothing_behind(
    embedded: EmbeddedRedis, server_pid: Callable[[str], int], is_running: Callable[[int], bool]
) -> None:
    url = embedded.start()
    pid = server_pid(url)

    embedded.close()
    embedded.close()

    assert not is_running(pid)
    assert not Path(urlsplit(url).path).parent.exists()


def test_keeps_its_data_over_a_restart(embedded: EmbeddedRedis, connect: Connect) -> None:
    connect(embedded.start()).set("window", "hello")
    embedded.close()

    assert connect(embedded.start()).get("window") == "hello"


def test_starting_again_changes_nothing(
    embedded: EmbeddedRedis, server_pid: Callable[[str], int]
) -> None:
    pid = server_pid(embedded.start())

    assert server_pid(embedded.start()) == server_pid(embedded.ensure()) == pid


def test_many_threads_may_start_and_close(embedded: EmbeddedRedis) -> None:
    urls: list[str] = []
    starts = [threading.Thread(target=lambda: urls.append(embedded.start())) for _ in range(8)]
    closes = [threading.Thread(target=embedded.close) for _ in range(8)]

    for threads in (starts, closes):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(urls) == 8
    assert len(set(urls)) == 1


def test_is_unavailable_before_the_start_and_after_the_end(embedded: EmbeddedRedis) -> None:
    with pytest.raises(EmbeddedRedisUnavailable) as before:
        _ = embedded.url
    embedded.start()
    embedded.close()
    with pytest.raises(EmbeddedRedisUnavailable) as after:
        embedded.ensure()

    assert before.value.kind is after.value.kind is ErrorKind.UNAVAILABLE
