"""`winterslaap listen` as a process: it hears, ends on a signal, and says what it did."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.live_world import ANNA, BEN, Said, Streaming, World, record, uri

ROOT = Path(__file__).parent.parent


class _AppView(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        actors = parse_qs(urlsplit(self.path).query).get("actors", [])
        body = json.dumps({"profiles": [{"did": did, "labels": []} for did in actors]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


@contextmanager
def appview() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _AppView)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def command(data_dir: Path, *options: str) -> list[str]:
    run = [sys.executable, "-c", "import cli; cli.main()", "listen", "--data", str(data_dir)]
    return [*run, "--allow-private", *options]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_what_came_is_stored(tmp_path: Path, how: signal.Signals) -> None:
    world = World(tmp_path).collected()
    asked = Said(BEN, 2, record("Wanneer?", 2, parent=uri(ANNA, 1))).jetstream()
    with appview() as url, Streaming([[asked]]).running() as server:
        options = ("--stream", server.url, "--appview", url, "--json")
        with subprocess.Popen(
            command(tmp_path, *options), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            give_up_at = time.monotonic() + 30
            while not server.asked and time.monotonic() < give_up_at:
                time.sleep(0.05)
            time.sleep(0.5)
            process.send_signal(how)
            told, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors.decode()
    heard = json.loads(told)
    assert (heard["message_count"], heard["received_count"]) == (1, 1)
    assert world.rows("select account_id, is_question from received") == [("anna-bluesky", True)]


def test_who_has_the_store_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path).collected()
    code = (
        "import sys, time, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); "
        "time.sleep(0.4); c.close()"
    )
    hold = [sys.executable, "-c", code, str(tmp_path / "winterslaap.duckdb")]
    with subprocess.Popen(hold, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert len(world.rows("select * from account_state")) == 2


def test_before_a_first_collect_it_says_what_to_do(tmp_path: Path) -> None:
    World(tmp_path).store().close()
    answer = subprocess.run(
        command(tmp_path, "--stream", "ws://127.0.0.1:9"), cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 1
    assert "run winterslaap collect first" in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("wrong", [("--for", "soon"), ("--kind", "smoke")])
def test_a_wrong_option_is_refused(tmp_path: Path, wrong: tuple[str, str]) -> None:
    answer = subprocess.run(command(tmp_path, *wrong), cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 2
