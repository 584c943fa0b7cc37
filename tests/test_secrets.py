"""Tokens, keys and secret addresses are in no log and no error, however loud logging is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ingest.errors import WinterslaapError
from ingest.http import Config, Http

TOKEN = "s3cr3t-t0k3n"


class Failing(BaseHTTPRequestHandler):
    """Answers 200 to /ok, breaks off at /cut, and 500 to anything else."""

    def do_GET(self) -> None:
        status = 200 if self.path.startswith("/ok") else 500
        self.send_response(status)
        self.send_header("Content-Length", "100" if self.path.startswith("/cut") else "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/ok", "/cut", "/broken"])
def test_a_token_is_told_to_nobody_but_its_server(
    server: str, path: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    config = Config(allow_private=True, attempt_count=2, backoff_seconds=0.0)
    told = ""
    with Http(config) as http:
        try:
            http.get(
                f"{server}{path}?access_token={TOKEN}",
                headers={"Authorization": f"Bearer {TOKEN}"},
                source="mastodon",
                account="an",
            )
        except WinterslaapError as error:
            told = f"{error}{error!r}{error.__cause__}{error.__cause__!r}"
        try:
            http.post(f"{server}{path}/{TOKEN}", b"{}", source="alerts", account="webhook")
        except WinterslaapError as error:
            told += f"{error}{error!r}{error.__cause__}{error.__cause__!r}"
    assert TOKEN not in told + caplog.text + "".join(capfd.readouterr())
    assert bool(told) is (path != "/ok")
