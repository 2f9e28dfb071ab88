"""Real servers, and real processes that use them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from connectors.embedded import EmbeddedRedis, ServerCandidate, find_candidates

REPOSITORY = Path(__file__).parents[3]


class Holder:
    """Another process that uses the private Redis."""

    def __init__(self, data_dir: Path, candidates: list[ServerCandidate]) -> None:
        chosen = [(one.kind, str(one.executable or "")) for one in candidates]
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.holder", str(data_dir), json.dumps(chosen)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def tell(self, order: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, str]:
        assert self.process.stdout
        answer: dict[str, str] = json.loads(self.process.stdout.readline())
        return answer

    def do(self, order: str) -> dict[str, str]:
        self.tell(order)
        return self.answer()

    def end(self) -> None:
        """Let it close its Redis and leave."""
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        """Kill it and its children, if any is left."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=30)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="session")
def programs() -> list[ServerCandidate]:
    found = [one for one in find_candidates() if one.executable]
    if not found:
        pytest.skip("there is no Redis program on this machine")
    return found[:1]


@pytest.fixture
def embedded(data_dir: Path, programs: list[ServerCandidate]) -> Iterator[EmbeddedRedis]:
    """Prepare a private Redis without starting it."""
    redis = EmbeddedRedis(data_dir, candidates=programs)
    yield redis
    redis.close()


@pytest.fixture
def start_holder(data_dir: Path) -> Iterator[Callable[[list[ServerCandidate]], Holder]]:
    holders: list[Holder] = []

    def start(candidates: list[ServerCandidate]) -> Holder:
        holders.append(Holder(data_dir, candidates))
        return holders[-1]

    yield start
    for holder in holders:
        holder.kill()


@pytest.fixture
def connect() -> Iterator[Callable[[str], Redis]]:
    clients: list[Redis] = []

    def connect(url: str) -> Redis:
        clients.append(Redis.from_url(url, decode_responses=True))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def server_pid(connect: Callable[[str], Redis]) -> Callable[[str], int]:
    return lambda url: int(connect(url).info("server")["process_id"])


@pytest.fixture
def parent_pid() -> Callable[[int], int]:
    """Look up the parent of a process: of a server, its supervisor."""

    def look_up(pid: int) -> int:
        if Path("/proc/self/stat").exists():
            return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        return int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(pid)]))  # noqa: S607

    return look_up


@pytest.fixture
def is_running() -> Callable[[int], bool]:
    """Tell whether a process runs; one that only waits to be reaped does not."""

    def check(pid: int) -> bool:
        try:
            os.kill(pid, 0)
            status = Path(f"/proc/{pid}/stat")
            return not status.exists() or ") Z " not in status.read_text()
        except (ProcessLookupError, FileNotFoundError):
            return False

    return check


@pytest.fixture
def wait_for_end(is_running: Callable[[int], bool]) -> Callable[[int], None]:
    def wait(pid: int) -> None:
        deadline = time.monotonic() + 20
        while is_running(pid):
            assert time.monotonic() < deadline, f"process {pid} still runs"
            time.sleep(0.02)

    return wait
