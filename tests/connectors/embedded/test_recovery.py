import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis import Redis

from connectors.embedded import EmbeddedRedis, EmbeddedRedisUnavailable, ServerCandidate

Connect = Callable[[str], Redis]
Pid = Callable[[str], int]


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that has nothing to do with us."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_a_killed_server_is_started_again_with_its_data(
    embedded: EmbeddedRedis, connect: Connect, server_pid: Pid
) -> None:
    url = embedded.start()
    pid = server_pid(url)
    connect(url).set("window", "hello")

    os.kill(pid, signal.SIGKILL)

    assert embedded.ensure() == url
    assert server_pid(url) != pid
    assert connect(url).get("window") == "hello"


def test_a_server_whose_supervisor_was_killed_is_replaced(
    embedded: EmbeddedRedis,
    server_pid: Pid,
    parent_pid: Callable[[int], int],
    wait_for_end: Callable[[int], None],
) -> None:
    pid = server_pid(embedded.start())

    os.kill(parent_pid(pid), signal.SIGKILL)
    wait_for_end(pid)

    assert server_pid(embedded.ensure()) != pid


def test_a_server_whose_socket_was_swept_away_is_replaced(
    embedded: EmbeddedRedis, server_pid: Pid, is_running: Callable[[int], bool]
) -> None:
    pid = server_pid(embedded.start())

    Path(urlsplit(embedded.url).path).unlink()

    assert server_pid(embedded.ensure()) != pid
    assert not is_running(pid)


@pytest.mark.long
def test_a_server_that_hangs_is_replaced(embedded: EmbeddedRedis, server_pid: Pid) -> None:
    pid = server_pid(embedded.start())

    os.kill(pid, signal.SIGSTOP)

    assert server_pid(embedded.ensure()) != pid


@pytest.mark.parametrize(
    "record",
    [
        "",
        "{",
        "[]",
        "null",
        '{"kind": "redis-server"}',
        '{"kind": "redis-server", "url": "unix:///nowhere/redis.sock", "pid": 1, "owner": 1}',
        '{"kind": "cache", "url": "unix:///nowhere/redis.sock", "pid": 1, "owner": 1}',
        '{"kind": "fakeredis", "url": "redis://127.0.0.1:1/0", "pid": null, "owner": 1}',
    ],
)
def test_what_a_dead_owner_left_written_is_not_believed(
    embedded: EmbeddedRedis, data_dir: Path, connect: Connect, record: str
) -> None:
    (data_dir / "redis").mkdir(parents=True)
    (data_dir / "redis" / "server.json").write_text(record)

    assert connect(embedded.start()).ping()


def test_a_process_id_used_again_by_somebody_else_is_left_alone(
    embedded: EmbeddedRedis,
    data_dir: Path,
    connect: Connect,
    bystander: subprocess.Popen[bytes],
) -> None:
    stale = {"url": embedded.start(), "kind": embedded.kind, "pid": bystander.pid, "owner": 1}
    embedded.close()
    (data_dir / "redis" / "server.json").write_text(json.dumps(stale))

    assert connect(embedded.start()).ping()
    assert bystander.poll() is None


def test_a_socket_file_left_by_a_crash_is_replaced(
    embedded: EmbeddedRedis, connect: Connect
) -> None:
    socket = Path(urlsplit(embedded.start()).path)
    embedded.close()
    socket.parent.mkdir(mode=0o700)
    socket.write_text("left behind")

    assert connect(embedded.start()).ping()


@pytest.mark.parametrize("junk", [b"*3\r\n$3\r\nSET\r\nnonsense", b"\x00\xff" * 64])
def test_data_that_the_server_cannot_read_is_moved_aside(
    embedded: EmbeddedRedis,
    data_dir: Path,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
    junk: bytes,
) -> None:
    connect(embedded.start()).set("window", "hello")
    embedded.close()
    damaged = [file for file in (data_dir / "redis").rglob("*.aof") if file.stat().st_size]
    for file in damaged:
        file.write_bytes(junk)

    url = embedded.start()

    assert connect(url).get("window") is None
    assert [file.read_bytes() for file in (data_dir / "redis/set-aside").rglob("*.aof")] == [junk]
    assert "set-aside" in caplog.text
    assert caplog.records[-1].levelno == logging.WARNING


def test_a_torn_last_write_loses_only_that_write(
    embedded: EmbeddedRedis, data_dir: Path, connect: Connect
) -> None:
    client = connect(embedded.start())
    client.set("first", "1")
    client.set("second", "2")
    embedded.close()
    for file in (data_dir / "redis").rglob("*.aof"):
        file.write_bytes(file.read_bytes()[:-4])

    client = connect(embedded.start())

    assert client.mget("first", "second") == ["1", None]


def test_an_orphan_is_replaced(
    embedded: EmbeddedRedis,
    data_dir: Path,
    programs: list[ServerCandidate],
    bystander: subprocess.Popen[bytes],
    server_pid: Pid,
) -> None:
    bystander.kill()
    bystander.wait()
    socket = Path(urlsplit(embedded.start()).path)
    embedded.close()
    socket.parent.mkdir(mode=0o700)
    record = json.loads((data_dir / "redis" / "server.json").read_text())
    with (data_dir / "redis" / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        orphan = subprocess.Popen(
            [str(programs[0].executable), "--port", "0", "--unixsocket", str(socket)],
            cwd=data_dir,
            stdout=subprocess.DEVNULL,
            pass_fds=(lock.fileno(),),
        )
    record |= {"pid": orphan.pid, "owner": bystander.pid}
    (data_dir / "redis" / "server.json").write_text(json.dumps(record))

    url = embedded.start()

    assert server_pid(url) != orphan.pid
    assert orphan.wait(10) == 0


def test_a_recovery_that_failed_may_be_tried_again(
    data_dir: Path,
    programs: list[ServerCandidate],
    server_pid: Pid,
    wait_for_end: Callable[[int], None],
) -> None:
    with EmbeddedRedis(data_dir, candidates=programs, patience=1) as embedded:
        pid = server_pid(embedded.url)
        os.kill(pid, signal.SIGKILL)
        wait_for_end(pid)
        with (data_dir / "redis" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # once the supervisor has gone, too
            with pytest.raises(EmbeddedRedisUnavailable, match="Another process holds"):
                embedded.ensure()

        assert server_pid(embedded.ensure()) != pid


def test_an_owner_whose_server_never_answers_is_reported(
    data_dir: Path, programs: list[ServerCandidate]
) -> None:
    (data_dir / "redis").mkdir(parents=True)
    waiting = EmbeddedRedis(data_dir, candidates=programs, patience=0.2)

    with (data_dir / "redis" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(EmbeddedRedisUnavailable, match="Another process holds"):
            waiting.start()
