"""Refuses every connection of the test process that would leave this machine."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class NetworkRefused(RuntimeError):
    """A test tried to reach another machine; no code should treat that as a usual failure."""


def refuse_unless_local(address: Any) -> None:
    """Let through socket files and loopback addresses."""
    host = address[0] if isinstance(address, tuple) else None
    if host is not None and not _is_local(host):
        message = f"tests must not reach {host!r}: only loopback and socket files"
        raise NetworkRefused(message)


@contextmanager
def no_network() -> Iterator[None]:
    """Guard what Python's sockets connect to, send to and look up."""
    with (
        mock.patch.object(socket.socket, "connect", _guarded(socket.socket.connect, 1)),
        mock.patch.object(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex, 1)),
        mock.patch.object(socket.socket, "sendto", _guarded(socket.socket.sendto, -1)),
        mock.patch.object(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo)),
    ):
        yield


def _guarded(original: Callable[..., Any], position: int) -> Callable[..., Any]:
    def guarded(*arguments: Any) -> Any:
        refuse_unless_local(arguments[position])
        return original(*arguments)

    return guarded


def _guarded_lookup(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        refuse_unless_local((host,))
        return original(host, *arguments, **options)

    return guarded


def _is_local(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {"", "localhost", "testserver"}:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
