import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis import Redis

from connectors.embedded import EmbeddedRedis, EmbeddedRedisUnavailable, ServerCandidate
from tests.connectors.embedded.conftest import REPOSITORY

Connect = Callable[[str], Redis]


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], ServerCandidate]:
    """Make a program that is not the server it claims to be."""

    def write(text: str) -> ServerCandidate:
        path = tmp_path / "redis-server"
        path.write_text(text)
        path.chmod(0o755)
        return ServerCandidate("redis-server", path)

    return write


def test_a_data_folder_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(EmbeddedRedisUnavailable, match="Choose another data folder"):
        EmbeddedRedis(tmp_path / "file" / "data").start()


def test_a_data_folder_that_is_read_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    code = (
        "import os, pathlib, sys, connectors.embedded as embedded;"
        "os.getuid() or os.setuid(65534);"  # root may write anywhere
        "embedded.EmbeddedRedis(pathlib.Path(sys.argv[1])).start()"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "data")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "EmbeddedRedisUnavailable: Cannot write in" in done.stderr


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_socket_folder_open_to_others_is_refused(embedded: EmbeddedRedis, mode: int) -> None:
    folder = Path(urlsplit(embedded.start()).path).parent
    embedded.close()
    folder.mkdir()
    folder.chmod(mode)

    with pytest.raises(EmbeddedRedisUnavailable, match="instead of 700"):
        embedded.start()
    folder.rmdir()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_socket_folder_of_somebody_else_is_refused(embedded: EmbeddedRedis) -> None:
    folder = Path(urlsplit(embedded.start()).path).parent
    embedded.close()
    folder.mkdir(mode=0o700)
    os.chown(folder, 65534, 65534)

    with pytest.raises(EmbeddedRedisUnavailable, match="belongs to user 65534"):
        embedded.start()
    folder.rmdir()


@pytest.mark.parametrize("leads_somewhere", [True, False])
def test_a_link_in_place_of_the_socket_folder_is_refused(
    embedded: EmbeddedRedis, tmp_path: Path, *, leads_somewhere: bool
) -> None:
    folder = Path(urlsplit(embedded.start()).path).parent
    embedded.close()
    folder.symlink_to(tmp_path if leads_somewhere else tmp_path / "nowhere")

    with pytest.raises(EmbeddedRedisUnavailable, match="not a folder"):
        embedded.start()
    folder.unlink()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("#!/bin/sh\necho no memory; exit 1\n", "no memory"),
        ("#!/bin/sh\nexit 3\n", "without a word"),
        ("#!/nowhere/sh\n", "cannot run"),
        ("not a program", "cannot run"),
        ("#!/bin/sh\nexec sleep 60\n", "did not answer within"),
    ],
)
def test_a_program_that_does_not_serve_is_reported_in_its_own_words(
    data_dir: Path, program: Callable[[str], ServerCandidate], text: str, complaint: str
) -> None:
    broken = EmbeddedRedis(data_dir, candidates=[program(text)], patience=0.5)

    with pytest.raises(EmbeddedRedisUnavailable, match=complaint):
        broken.start()


def test_a_program_that_speaks_otherwise_is_refused(
    data_dir: Path, program: Callable[[str], ServerCandidate]
) -> None:
    stranger = program(f"""#!/bin/sh
exec '{sys.executable}' -c '
import socketserver, sys
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline():
            self.wfile.write(b"-ERR unknown command\\r\\n")
path = sys.argv[sys.argv.index("--unixsocket") + 1]
socketserver.UnixStreamServer(path, Handler).serve_forever()
' "$@"
""")

    with pytest.raises(EmbeddedRedisUnavailable, match="no server for us"):
        EmbeddedRedis(data_dir, candidates=[stranger]).start()


def test_the_next_program_is_tried_and_the_data_kept(
    data_dir: Path,
    embedded: EmbeddedRedis,
    programs: list[ServerCandidate],
    program: Callable[[str], ServerCandidate],
    connect: Connect,
) -> None:
    connect(embedded.start()).set("window", "hello")
    embedded.close()

    candidates = [program("#!/nowhere/sh\n"), *programs]
    with EmbeddedRedis(data_dir, candidates=candidates) as redis:
        assert redis.kind == programs[0].kind
        assert connect(redis.url).get("window") == "hello"
