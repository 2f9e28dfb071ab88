"""Connects to addresses of the public internet only, so that a feed cannot point inside."""

import ipaddress
import socket
from collections.abc import Iterable

import httpcore

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(httpcore.ConnectError):
    """The name stands for an address within this network."""


class GuardedNetwork(httpcore.NetworkBackend):
    """Looks a name up once and connects to what it checked: a second answer cannot differ."""

    def __init__(self, *, private_allowed: bool = False) -> None:
        self._inner = httpcore.SyncBackend()
        self._private_allowed = private_allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses(host, port):
            try:
                return self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or AddressRefused(f"{host} is an address within this network")

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} is not known") from error
        addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
        return [one for one in addresses if self._private_allowed or is_public(one)]


def is_public(address: str) -> bool:
    """Also an IPv6 address that stands for an IPv4 one is judged by that."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address):
        inner = known.ipv4_mapped or known.sixtofour
        if inner is None and known in _NAT64:
            inner = ipaddress.IPv4Address(int(known) & 0xFFFFFFFF)
        if inner is not None:
            known = inner
    return known.is_global and not known.is_multicast
