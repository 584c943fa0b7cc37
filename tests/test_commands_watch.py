"""forget, key rotate, alerts and a webhook, as one types them."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

import cli
from ingest.store import Store
from tests.collecting import Invented, write_roster
from tests.invented import SECRET, bytes_of

CITIZEN = "burger1@elders.example"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    write_roster(tmp_path, per_host=1)
    monkeypatch.setattr("ingest.collect.load_sources", lambda: {"feeds": Invented()})
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], data_dir: Path) -> Any:
    def command(*arguments: str) -> SimpleNamespace:
        with pytest.raises(SystemExit) as ended:
            cli.main([*arguments, "--data", str(data_dir)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return SimpleNamespace(code=ended.value.code, out=out, err=err)

    return command


def stored(data_dir: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with Store(
        data_dir / "winterslaap.duckdb", (data_dir / "winterslaap.key").read_bytes()
    ) as store:
        return store.rows(query, values)


def as_mastodon(data_dir: Path) -> None:
    """Give the citizens of the invented world the hashes that Mastodon's would have."""
    with Store(data_dir / "winterslaap.duckdb", SECRET) as store:
        for table, column in (("received", "asker_key"), ("post", "partner_key")):
            old, new = (store.keys.partner(name, CITIZEN) for name in ("feeds", "mastodon"))
            store.rows(f"update {table} set {column} = ? where {column} = ?", [new, old])


def test_forgetting_asks_first_and_says_what_still_holds_them(run: Any, data_dir: Path) -> None:
    run("collect")
    as_mastodon(data_dir)
    run("backup")
    would = run("forget", CITIZEN, "--dry-run")
    assert would.code == 0
    assert would.err == (
        "36 rows of what citizens wrote and 36 links from replies to them would go\n"
    )
    unasked = run("forget", CITIZEN)
    assert unasked.code == 1
    assert "nobody is there to ask → add --yes" in unasked.err
    assert stored(data_dir, "select count(*) from suppression") == [(0,)]
    done = run("forget", CITIZEN, "--yes")
    assert done.code == 0
    assert "forgotten → winterslaap score" in done.err
    assert "that still hold them: 1 →" in done.err
    assert run("forget", CITIZEN, "--dry-run").err.startswith("0 rows")


def test_handles_may_come_from_standard_input(
    run: Any, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("collect")
    as_mastodon(data_dir)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"\n {CITIZEN}\ndid:plc:iemand\n"))
    assert run("forget", "-", "--yes").code == 0
    assert stored(data_dir, "select count(*) from suppression") == [(2,)]


def test_old_items_go_by_age(run: Any, data_dir: Path) -> None:
    run("collect")
    said = run("forget", "--older-than", "28d", "--yes")
    assert said.err.startswith("108 rows of what citizens wrote and 216 links")
    assert stored(data_dir, "select count(*) from received") == [(0,)]
    run("collect")
    assert stored(data_dir, "select count(*) from received") == [(0,)]


@pytest.mark.parametrize(
    "arguments",
    [[], [CITIZEN, "--older-than", "8y"], ["--older-than", "soon"], ["--older-than", "3d"]],
)
def test_what_to_forget_must_be_said_plainly(run: Any, arguments: list[str]) -> None:
    assert run("forget", *arguments).code == 2


def test_without_a_store_there_is_nothing_to_forget_rotate_or_tell(
    run: Any, data_dir: Path
) -> None:
    for command in (["forget", CITIZEN, "--yes"], ["key", "rotate"], ["alerts"]):
        said = run(*command)
        assert (said.code, said.err.count("\n")) == (1, 1)
        assert "there is none yet → run winterslaap collect" in said.err
    assert not (data_dir / "winterslaap.duckdb").exists()


def test_rotating_says_what_to_keep(run: Any, data_dir: Path) -> None:
    run("collect")
    said = run("key", "rotate")
    assert said.code == 0
    assert "is now a chain of 2 keys → keep a copy of it apart from your backups" in said.err
    assert (data_dir / "winterslaap.key").stat().st_size == 64
    assert run("collect").err.splitlines()[-1].startswith("complete: 3 accounts")


# alerts


class Hook(BaseHTTPRequestHandler):
    status: ClassVar[int] = 200
    bodies: ClassVar[list[Any]] = []

    def do_POST(self) -> None:
        self.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[str]:
    Hook.status, Hook.bodies[:] = 200, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/T0K3N?k=T0K3N"
    server.shutdown()
    thread.join()
    server.server_close()


class Gone:
    """A source that has lost every account."""

    def walk(self, account: Any, *_: object) -> Any:
        from ingest.errors import AccountGone

        yield from ()
        raise AccountGone("feeds", account.account_id, "answers 410", "take it off the roster")


def test_after_a_run_the_webhook_has_what_is_new_and_later_runs_say_nothing_twice(
    run: Any, data_dir: Path, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.collect.load_sources", lambda: {"feeds": Gone()})
    monkeypatch.setenv("WINTERSLAAP_WEBHOOK", hook)
    first = run("collect", "--allow-private")
    assert first.code == 1
    (body,) = Hook.bodies
    assert len(body["alerts"]) == 3
    assert "mens-a0-feed: answers 410 → take it off the roster" in body["text"]
    assert (data_dir / "alerts.xml").read_text().count("</entry>") == 3
    run("collect", "--allow-private")
    assert len(Hook.bodies) == 1
    shown = run("alerts", "--allow-private")
    assert shown.err.count("answers 410") == 3
    assert "3 in 28 days; the feed is" in shown.err
    told = json.loads(run("alerts", "--json", "--allow-private").out)
    assert {one["alert"]["kind"] for one in told} == {"coverage_broken"}


def test_a_webhook_that_fails_changes_neither_the_run_nor_its_exit_code(
    run: Any, data_dir: Path, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Hook.status = 404
    monkeypatch.setenv("WINTERSLAAP_WEBHOOK", hook)
    run("collect", "--allow-private")
    monkeypatch.setattr("ingest.collect.load_sources", lambda: {"feeds": Gone()})
    said = run("collect", "--allow-private")
    assert "answered 404 → correct the webhook's address; the next run tries again" in said.err
    assert "failed: 3 of 3 accounts are not complete" in said.err
    assert run("alerts", "--allow-private").code == 1
    private = run("alerts")
    assert "is a private address → correct the webhook's address" in private.err
    assert b"T0K3N" not in (said.err + private.err).encode() + bytes_of(data_dir)


def test_the_webhook_s_address_is_not_in_the_help(
    run: Any, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINTERSLAAP_WEBHOOK", hook)
    assert "T0K3N" not in run("collect", "--help").out + run("alerts", "--help").out


def test_trouble_with_alerts_is_one_line_after_the_run(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.alerts.watch.write_file", full)
    said = run("collect")
    assert said.code == 0
    assert said.err.endswith("alerts: [Errno 28] No space left on device\n")
