"""No request reaches a private address unless that is allowed."""

from __future__ import annotations

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ingest import guard
from ingest.errors import AccessDenied, SourceUnavailable
from ingest.http import Config, Http

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/drip":
            self._drip()
            return
        body = f"host={self.headers['Host']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        """A header line that never ends, a byte at a time: each read is in time."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        try:
            for _ in range(200):
                self.wfile.write(b"a")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def _answers(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> list[str]:
    """DNS answers these addresses, one round per question; the questions asked."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        addresses = [host]  # an address is its own answer, no name server is asked
        if not host[0].isdigit():
            addresses = rounds[min(len(asked), len(rounds) - 1)]
            asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(guard.socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not guard.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert guard.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://localhost./",
        "http://a.localhost/",
        "http://printer.local/",
        "http://intranet/",
        "http://127.0.0.1:8000/",
        "http://[::1]/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "https://user:secret@example.org/",
        "https:///path",
    ],
)
def test_addresses_that_nobody_should_ask_are_refused_as_written(url: str) -> None:
    with pytest.raises(guard.AddressRefused):
        guard.check_url(httpx.URL(url), is_private_allowed=False)


def test_a_name_that_dns_leads_to_loopback_is_refused(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    asked = _answers(monkeypatch, ["127.0.0.1"])
    with Http(Config()) as http, pytest.raises(AccessDenied) as caught:
        http.get(f"http://evil.example:{port}/", source="feeds", account="a1")
    assert asked == ["evil.example"]
    assert str(caught.value) == (
        f"feeds · a1: evil.example:{port}/ is a private address → "
        "correct the address in accounts.csv"
    )


def test_one_private_answer_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _answers(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with Http(Config()) as http, pytest.raises(AccessDenied):
        http.get("http://mixed.example/", source="feeds", account="a1")


def test_the_address_that_was_judged_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    """A name server that answers differently the second time is not asked twice."""
    asked = _answers(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    with Http(Config(allow_private=True)) as http:
        reply = http.get(f"http://rebinding.example:{port}/x", source="feeds", account="a1")
    assert reply.body == f"host=rebinding.example:{port}".encode()
    assert asked == ["rebinding.example"]


def test_a_redirect_to_a_private_address_is_refused() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "public.example"
        return httpx.Response(302, headers={"Location": "http://169.254.169.254/latest/meta-data"})

    with (
        Http(Config(), transport=httpx.MockTransport(handler)) as http,
        pytest.raises(AccessDenied, match="a private address"),
    ):
        http.get("https://public.example/", source="feeds", account="a1")


def test_a_redirect_to_a_file_is_refused() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "file:///etc/passwd"})

    with (
        Http(Config(), transport=httpx.MockTransport(handler)) as http,
        pytest.raises(AccessDenied, match="not a web address"),
    ):
        http.get("https://public.example/", source="feeds", account="a1")


def test_an_unknown_name_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*args: Any, **kwargs: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(guard.socket, "getaddrinfo", getaddrinfo)
    config = Config(attempt_count=2, backoff_seconds=0.0)
    with Http(config) as http, pytest.raises(SourceUnavailable) as caught:
        http.get("https://nowhere.example/feed?token=s3cret", source="feeds", account="a1")
    assert str(caught.value) == (
        "feeds · a1: nowhere.example/feed could not be reached (no connection) → try again later"
    )


def test_a_server_that_drips_bytes_cannot_hold_us_longer_than_the_total_time(port: int) -> None:
    config = Config(
        allow_private=True,
        timeout_seconds=5.0,
        total_seconds=0.4,
        attempt_count=1,
        backoff_seconds=0.0,
    )
    began = time.monotonic()
    with Http(config) as http, pytest.raises(SourceUnavailable, match="in time"):
        http.get(f"http://127.0.0.1:{port}/drip", source="feeds", account="a1")
    assert time.monotonic() - began < 3.0


def test_local_sockets_are_refused() -> None:
    backend = guard.GuardedTransport(is_private_allowed=True)._pool._network_backend
    with pytest.raises(guard.AddressRefused):
        backend.connect_unix_socket("/run/anything")
