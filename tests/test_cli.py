"""The command: it teaches, answers in one line, and never shows a traceback."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

import cli
import terminal
from ingest import collection, roster
from ingest.demo import prepare
from ingest.demo.council import council
from ingest.store import Store
from tests.collecting import Invented, collecting, write_roster
from tests.invented import SECRET, bytes_of

ROOT = Path(__file__).parent.parent
COMMANDS = [
    ["roster", "check"],
    ["roster", "list"],
    ["roster", "add"],
    ["collect"],
    ["status"],
    ["token", "set"],
    ["token", "forget"],
    ["token", "list"],
    ["backup"],
    ["score"],
    ["serve"],
    ["demo"],
]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    write_roster(tmp_path, per_host=1)
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command here: exit code, standard output, standard error."""
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: object) -> SimpleNamespace:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return SimpleNamespace(code=ended.value.code, out=out, err=err)

    return command


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sources of this world instead of the real ones."""
    monkeypatch.setattr("ingest.collect.load_sources", lambda: {"feeds": Invented()})


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_teaches_with_an_example_and_explains_every_option(
    run: Any, command: list[str]
) -> None:
    said = run(*command, "--help")
    assert said.code == 0
    assert f"$ winterslaap {' '.join(command)}" in said.out
    for line in said.out.splitlines():
        option = re.match(r"│ [*]? +--([a-z-]+)(.*)│$", line)
        if option and option[1] != "help":
            assert re.search(r"[A-Za-z]{2,}.* [a-z]", re.sub(r"<.*?>", "", option[2])), line


def test_help_is_broken_where_the_terminal_ends(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = run("token", "set", "--help").out.splitlines()
    prose = [line.strip() for line in said if line.startswith(" A token") or "Preferences" in line]
    assert prose == ["A token that may read is enough: on the server, under Preferences,"]
    following = said[said.index(next(line for line in said if "Preferences" in line)) + 1]
    assert len(following.rstrip()) > 60


def test_every_command_is_in_the_help(run: Any) -> None:
    said = run("--help")
    for command in COMMANDS:
        assert command[0] in said.out


def test_an_option_that_is_not_there_is_exit_code_2(run: Any) -> None:
    assert run("collect", "--no-such").code == 2
    assert run("no-such").code == 2
    assert run("collect", "--since", "14/10/2018").code == 2


def test_the_first_five_minutes(run: Any, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "mine")
    empty = run("roster", "check", *data)
    assert (empty.code, empty.err.count("\n")) == (1, 1)
    assert "winterslaap roster add" in empty.err
    person = ("--council", "mytown", "--name", "An Peeters", "--party", "Lijst Plein")
    office = ("--office", "councillor", "--level", "local", "--jurisdiction", "BE-VLG")
    account = ("--platform", "bluesky", "--handle", "anpeeters.example")
    added = run("roster", "add", *person, *office, "--from", "2019-01-01", *account, *data)
    assert (added.code, added.err) == (0, "")
    assert run("roster", "check", *data).out == "1 people and 1 accounts: no problems\n"
    second = ("--person", "an-peeters", "--platform", "mastodon", "--handle", "an@toet.example")
    assert run("roster", "add", "--council", "mytown", *second, *data).code == 0
    listed = run("roster", "list", *data).out
    assert "An Peeters" in listed
    assert "mastodon an@toet.example" in listed
    rows = json.loads(run("roster", "list", "--json", *data).out)
    assert [row["account_id"] for row in rows["accounts"]] == [
        "an-peeters-bluesky",
        "an-peeters-mastodon",
    ]
    assert rows["mandates"][0]["from_on"] == "2019-01-01"


def test_lists_fit_80_columns_and_break_no_word(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with prepare(tmp_path):
        listed = run("roster", "list", "--data", tmp_path).out
        planned = run("collect", "--plan", "--data", tmp_path).out
    assert "  mastodon victor_verzonnen@plein.voorbeeldstad.test, 2017-11-06 – now" in listed
    assert "  candidate councillor, 2024-07-01 – 2024-10-13" in listed
    table = planned.splitlines()[:-1]  # the last line is one for a pipe
    assert max(map(len, [*listed.splitlines(), *table])) <= 80
    assert "saskia-sprookje-mastodon-schepen" in planned


def test_every_problem_of_a_roster_is_a_line(run: Any, data_dir: Path) -> None:
    accounts = data_dir / "rosters" / "voorbeeldstad" / "accounts.csv"
    accounts.write_text(accounts.read_text().replace("feeds", "myspace"))
    said = run("roster", "check", "--data", data_dir)
    assert said.code == 1
    assert said.err.count("\n") == said.err.count("error: rosters/voorbeeldstad/accounts.csv") == 3


@pytest.mark.usefixtures("invented")
def test_collect_status_and_backup(run: Any, data_dir: Path) -> None:
    data = ("--data", data_dir)
    first = run("collect", *data)
    assert (first.code, first.out) == (0, "")
    plan, told = first.err.splitlines()
    assert plan.startswith("plan: 3 accounts (3 new), about 12 requests to 3 hosts")
    assert told.startswith("complete: 3 accounts collected; 36")
    second = run("collect", "--json", "--only", "mens-a0", *data)
    report = json.loads(second.out)
    assert [ran["status"] for ran in report["accounts"]] == ["unchanged"]
    said = run("status", *data)
    assert "2024-01-02 – 2025-02-03: 399 days" in said.out
    status = json.loads(run("status", "--json", *data).out)
    assert status["accounts"][0]["acts"] == [{"first_on": "2024-01-02", "last_on": "2025-02-03"}]
    copied = run("backup", data_dir / "copy.duckdb", "--with-key", *data)
    assert copied.code == 0
    assert (data_dir / "copy.duckdb.key").read_bytes() == SECRET
    assert run("backup", data_dir / "copy.duckdb", *data).code == 1
    assert run("backup", *data).code == 0
    assert len(list((data_dir / "backups").iterdir())) == 1


def test_the_folder_may_come_from_the_environment(
    run: Any, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINTERSLAAP_DATA", str(data_dir))
    assert run("roster", "check").out == "3 people and 3 accounts: no problems\n"


def test_an_account_that_fails_is_one_line_and_exit_code_1(
    run: Any, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wrong:
        def walk(self, *_: object) -> Any:
            yield from ()
            raise KeyError("@burger zei geheim")

    monkeypatch.setattr("ingest.collect.load_sources", lambda: {"feeds": Wrong()})
    said = run("collect", "--data", data_dir)
    assert said.code == 1
    assert said.err.startswith("plan: ")
    assert said.err.count("\n") == 1 + 4
    assert (
        "failed: feeds · mens-a0-feed: a mistake in winterslaap (KeyError at test_cli.py:"
        in said.err
    )
    assert "burger" not in said.err


def test_a_store_in_use_is_one_line_that_names_the_process(run: Any, data_dir: Path) -> None:
    with collecting(data_dir, 5.0) as process:
        for command in (["collect"], ["status"], ["backup"], ["score"]):
            said = run(*command, "--data", data_dir)
            assert said.code == 1
            assert said.err.count("\n") == 1
            assert "using it → wait until" in said.err
    assert process.returncode is not None


@pytest.mark.parametrize("interrupted", ["ingest.roster.read", "ingest.store.Store.begin_run"])
def test_ctrl_c_anywhere_is_no_traceback(
    run: Any, data_dir: Path, monkeypatch: pytest.MonkeyPatch, interrupted: str
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(interrupted, stop)
    assert run("collect", "--data", data_dir).code == 130


def test_options_reach_the_collector(
    run: Any, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def remember(data: Path, people: roster.Roster, config: Any, **options: Any) -> Any:
        seen.update(config=config, data=data, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.collect.run", remember)
    options = ("--appview", "http://localhost:1", "--plc", "http://localhost:2", "--allow-private")
    run(
        "collect", "--data", data_dir, "--since", "2018-01-01", "--contact", "a@b.example", *options
    )
    config = seen["config"]
    assert (config.appview_url, config.plc_url) == ("http://localhost:1", "http://localhost:2")
    assert (config.allow_private, config.contact) == (True, "a@b.example")
    assert str(config.since) == "2018-01-01"
    assert seen["max_requests"] is None


def test_the_progress_bar_shows_accounts_posts_and_waiting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    with terminal.progress_bar(3) as show:
        show(collection.Progress(3, 2, 1_234, 56, "toet.example", 12.0))
    drawn = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capsys.readouterr().err)
    assert (
        "2/3 accounts · 1,234 posts · 56 received · 12 s of waiting, now for toet.example" in drawn
    )


def test_it_starts_quickly_and_from_any_folder(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "cli.py"), "roster", "check", "--data", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1


def test_a_source_that_cannot_be_reached_is_told_plainly(
    run: Any, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    monkeypatch.setattr("ingest.guard.GuardedTransport.handle_request", refused)
    monkeypatch.setattr("stamina.is_active", lambda: True)
    said = run("collect", "--only", "mens-a0", "--data", data_dir)
    assert said.code == 1
    assert "feeds · mens-a0-feed: " in said.err
    assert "→ try again later" in said.err
    with Store(data_dir / "winterslaap.duckdb", SECRET) as store:
        assert store.rows("select status, error from account_run") == [
            ("failed", "SourceUnavailable")
        ]


@pytest.mark.timeout(900)
def test_the_demo_runs_through_and_scores_the_same_again(run: Any, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "demo")
    said = run("demo", "--no-serve", *data)
    assert said.code == 0
    assert "Everybody in this council is invented." in said.err
    assert "Lotte Luchtkasteel" in said.out
    assert "nobody asked" in said.out
    first = json.loads(run("score", "--json", *data).out)
    assert run("demo", "--no-serve", *data).out == said.out
    second = json.loads(run("score", "--json", *data).out)
    assert second["people"] == first["people"]
    assert second["path"] != first["path"]
    kept = bytes_of(tmp_path)
    citizens = council().citizens
    said_by_citizens = {item.text for item in council().items if item.voice in citizens}
    long = {text for text in said_by_citizens if len(text) > 40}
    assert len(long) > 1_000
    assert [voice.user for voice in citizens if voice.user.encode() in kept] == []
    assert [text for text in long if text.encode() in kept] == []
    other = run("roster", "add", "--council", "mytown", "--name", "An Peeters", *data)
    assert other.code == 0
    assert run("demo", "--no-serve", *data).code == 1


def test_a_window_needs_both_ends(run: Any, data_dir: Path) -> None:
    assert run("score", "--from", "2020-01-01", "--data", data_dir).code == 2


def test_scoring_before_collecting_says_what_to_do(run: Any, data_dir: Path) -> None:
    said = run("score", "--data", data_dir)
    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "winterslaap collect" in said.err


def test_serve_answers_until_ctrl_c(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "cli.py"), "serve", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--data", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert is_healthy(port)
            os.killpg(process.pid, signal.SIGINT)
            said, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}" in said
    assert "Traceback" not in said


def is_healthy(port: int) -> bool:
    for _ in range(240):
        try:
            return httpx.get(f"http://127.0.0.1:{port}/_stcore/health").status_code == 200
        except httpx.TransportError:
            time.sleep(0.25)
    return False
