"""Commands as programs: input from a pipe, signals, a port that is taken."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.processes import SmartCart, bare_environment

pytestmark = pytest.mark.timeout(120)
HARDWARE = Path(__file__).parents[2] / "data" / "hardware.jsonl"


def smartcart(
    data: Path, *arguments: str, lines: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "connectors.cli", "--data-dir", str(data), *arguments],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env=bare_environment(),
    )


def answers(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.long
def test_a_chat_is_read_from_a_pipe_and_goes_on_later(stocked: Path) -> None:
    first = smartcart(stocked, "chat", lines=["add two bananas", "exit", "add milk"])
    assert first.returncode == 0, first.stderr
    assert "> add two bananas" in first.stdout
    assert "1 line" in first.stdout

    (again,) = answers(smartcart(stocked, "chat", "--continue", "--json", lines=["my cart"]))
    assert len(again["cart"]["lines"]) == 1
    (fresh,) = answers(smartcart(stocked, "chat", "--json", lines=["my cart"]))
    assert fresh["cart"]["lines"] == []


@pytest.mark.long
def test_a_catalog_to_try_is_a_shop_of_its_own(stocked: Path) -> None:
    (found,) = answers(
        smartcart(stocked, "chat", "--catalog", str(HARDWARE), "--json", lines=["find a hammer"])
    )

    shown = [one for block in found["blocks"] for one in block.get("products", [])]
    assert shown
    assert all(one["id"].startswith("H") for one in shown)
    milk = json.loads(smartcart(stocked, "search", "oat milk", "--json").stdout)
    assert milk["items"]


@pytest.mark.long
def test_a_server_opens_chats_beside_it_and_closes_in_order(tmp_path: Path) -> None:
    server = SmartCart(tmp_path).wait()
    try:
        beside = smartcart(tmp_path / "app", "chat", "--json", lines=["add two bananas"])
        (answer,) = answers(beside)
        assert len(answer["cart"]["lines"]) == 1
        assert httpx.get(f"{server.url}/readyz").json()["status"] == "ready"
        server.popen.send_signal(signal.SIGTERM)
        assert server.popen.wait(timeout=30) == 0
    finally:
        server.stop()
    log = server.log.read_text()
    assert f"is open at {server.url}" in log
    assert "offline (no key is set, none is needed)" in log
    assert "The shop is closed." in log
    assert "Traceback" not in log


@pytest.mark.long
def test_a_taken_port_is_told_before_anything_is_opened(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        result = smartcart(tmp_path / "data", "serve", "--port", str(port))

    assert result.returncode == 2
    assert f"Cannot listen on 127.0.0.1:{port}" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "data").exists()
