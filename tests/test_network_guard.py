import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.network_guard import NetworkRefused, no_network


@pytest.mark.parametrize(
    "leave",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=0.1),
        lambda: socket.create_connection(("example.invalid", 80), timeout=0.1),
        lambda: socket.getaddrinfo("example.invalid", 443),
        lambda: socket.getaddrinfo(b"example.invalid", 443),
    ],
    ids=["by address", "by name", "lookup", "lookup of bytes"],
)
def test_other_machines_are_out_of_reach(leave: Callable[[], object]) -> None:
    with no_network(), pytest.raises(NetworkRefused):
        leave()


@pytest.mark.parametrize("call", ["connect", "connect_ex"])
@pytest.mark.parametrize(
    ("family", "address"),
    [(socket.AF_INET, ("192.0.2.1", 80)), (socket.AF_INET6, ("2001:db8::1", 80, 0, 0))],
)
def test_no_address_family_gets_out(
    family: socket.AddressFamily, address: tuple[object, ...], call: str
) -> None:
    with no_network(), socket.socket(family) as client, pytest.raises(NetworkRefused):
        getattr(client, call)(address)


def test_no_datagram_gets_out() -> None:
    with no_network(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        with pytest.raises(NetworkRefused):
            client.sendto(b"hello", ("192.0.2.1", 53))
        with pytest.raises(NetworkRefused):
            client.sendto(b"hello", 0, ("192.0.2.1", 53))


def test_this_machine_is_within_reach() -> None:
    with (
        no_network(),
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_socket_files_are_within_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with no_network(), socket.socket(socket.AF_UNIX) as server:
        server.bind("guard.sock")
        server.listen()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect("guard.sock")
            assert client.getpeername() == "guard.sock"


def test_the_guard_leaves_with_its_block() -> None:
    before = socket.socket.connect
    with no_network():
        assert socket.socket.connect is not before
    assert socket.socket.connect is before
