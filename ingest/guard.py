"""Requests go to public addresses only, and never take longer than they may.

Addresses come from rosters, DID documents, feeds and redirects: strangers choose
them. Each one is judged twice: as it is written (`check_url`, before every hop),
and as DNS answers it, by the connection itself (`GuardedTransport`), which then
connects to the very address that was judged, so that a second answer cannot
differ from the first.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from typing import TYPE_CHECKING

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator

_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "onion", "home.arpa")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_limits = threading.local()


class AddressRefused(Exception):
    """The address is private, loopback, or no web address at all."""


def check_url(url: httpx.URL, *, is_private_allowed: bool) -> None:
    """Raise AddressRefused unless this is a web address that may be asked."""
    if url.scheme not in {"http", "https"} or not url.host:
        raise AddressRefused("not a web address")
    if url.userinfo:
        raise AddressRefused("an address with a password in it")
    if is_private_allowed:
        return
    name = url.host.rstrip(".").lower()
    try:
        _check_address(name)
    except ValueError:
        is_bare = "." not in name
        if is_bare or any(name == local or name.endswith(f".{local}") for local in _LOCAL_NAMES):
            raise AddressRefused("a name of a private network") from None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet; ValueError if it is none."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if not inside and ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside:
            return is_public(str(inside))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _check_address(address: str) -> None:
    if not is_public(address):
        raise AddressRefused("a private address")


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Everything this thread reads, writes and connects in here ends after `seconds`."""
    _limits.ends_at = time.monotonic() + seconds
    try:
        yield
    finally:
        _limits.ends_at = None


def _remaining(timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    ends_at: float | None = getattr(_limits, "ends_at", None)
    if ends_at is None:
        return timeout
    left = ends_at - time.monotonic()
    if left <= 0:
        raise late("the answer took too long")
    return left if timeout is None else min(timeout, left)


class _LimitedStream(httpcore.NetworkStream):
    """A connection whose every step counts against the thread's time limit."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _remaining(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _remaining(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = _remaining(timeout, httpcore.ConnectTimeout)
        return _LimitedStream(self._inner.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    """Looks a name up once, judges all its addresses, connects to one of those."""

    def __init__(self, *, is_private_allowed: bool) -> None:
        self._plain = httpcore.SyncBackend()
        self._is_private_allowed = is_private_allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in judged_addresses(host, port, is_private_allowed=self._is_private_allowed):
            limit = _remaining(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._plain.connect_tcp(
                    address, port, limit, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _LimitedStream(stream)
        raise failure

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - the signature is httpcore's
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        raise AddressRefused("a local socket")

    def sleep(self, seconds: float) -> None:
        self._plain.sleep(seconds)


def judged_addresses(host: str, port: int, *, is_private_allowed: bool) -> list[str]:
    """What DNS answers, asked once; AddressRefused if one of them is private."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError) as error:
        raise httpcore.ConnectError("the name is not known") from error
    addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not is_private_allowed:
        for address in addresses:
            _check_address(address)
    return addresses


def open_socket(host: str, port: int, timeout: float, *, is_private_allowed: bool) -> socket.socket:
    """A connection to a judged address, for protocols that httpx does not speak."""
    failure: OSError = OSError("the name has no address")
    try:
        addresses = judged_addresses(host, port, is_private_allowed=is_private_allowed)
    except httpcore.ConnectError as error:
        raise OSError(str(error)) from error
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
    raise failure


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport, on connections that go to judged addresses only."""

    def __init__(self, *, is_private_allowed: bool, max_connections: int = 20) -> None:
        super().__init__(trust_env=False)
        # httpx offers no argument for the network backend; tests/test_guard.py holds this line.
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=max_connections,
            max_keepalive_connections=max_connections,
            keepalive_expiry=5.0,
            network_backend=_GuardedBackend(is_private_allowed=is_private_allowed),
        )
