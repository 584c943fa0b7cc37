"""A run that a page begins: it goes on by itself, is seen by all, ends in order, never twice."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard import running

FAKE = """
import json, signal, sys, time
from pathlib import Path
told = dict(one.removeprefix("--").split("=", 1) for one in sys.argv[1:] if "=" in one)
Path(told["data"], "arguments.json").write_text(json.dumps(sys.argv[1:]))
def stopped(*_):
    print(json.dumps({"status": "interrupted", "accounts": []}), flush=True)
    sys.exit(1)
signal.signal(signal.SIGTERM, stopped)
Path(told["progress"]).write_text('{"account_count": 4, "done_count": 1}')
END
"""
LASTS = "time.sleep(60)"
ENDS = 'print(json.dumps({"status": "complete", "accounts": []}))'
BREAKS = 'sys.stderr.write("plan: one\\\\nerror: the store is in use\\\\n"); sys.exit(1)'

Fake = Callable[[str], None]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """Another program in the command's place; none is left behind."""

    def replace(end: str) -> None:
        program = tmp_path / "fake.py"
        program.write_text(FAKE.replace("END", end), "utf-8")
        monkeypatch.setattr(running, "COMMAND", (sys.executable, str(program)))

    yield replace
    running.stop(tmp_path)
    _until(lambda: not running.state(tmp_path).is_running)


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end, "it did not happen in 30 seconds"
        time.sleep(0.05)


def test_nothing_runs_before_anything_was_begun(tmp_path: Path) -> None:
    assert running.state(tmp_path) == running.State(is_running=False)


def test_a_run_is_seen_until_it_ends(tmp_path: Path, fake: Fake) -> None:
    fake(LASTS)
    assert running.begin(tmp_path, ["an-peeters"])
    _until(lambda: bool(running.state(tmp_path).progress))
    now = running.state(tmp_path)
    assert now.is_running
    assert not now.is_scoring
    assert now.progress["done_count"] == 1
    assert now.began_at is not None
    told = json.loads((tmp_path / "arguments.json").read_text())
    assert told[0] == "collect"
    assert {"--score", "--json", "--only=an-peeters"} <= set(told)


def test_a_second_run_is_refused_while_one_goes_on(tmp_path: Path, fake: Fake) -> None:
    fake(LASTS)
    assert running.begin(tmp_path)
    assert not running.begin(tmp_path)


def test_of_many_who_begin_at_once_one_succeeds(tmp_path: Path, fake: Fake) -> None:
    fake(LASTS)
    began: list[bool] = []
    threads = [
        threading.Thread(target=lambda: began.append(running.begin(tmp_path))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(began) == [False, False, False, True]


def test_stopping_asks_once_and_the_report_stays(tmp_path: Path, fake: Fake) -> None:
    fake(LASTS)
    running.begin(tmp_path)
    _until(lambda: bool(running.state(tmp_path).progress))
    running.stop(tmp_path)
    _until(lambda: not running.state(tmp_path).is_running)
    ended = running.state(tmp_path)
    assert ended.report == {"status": "interrupted", "accounts": []}
    assert not ended.is_stopping


def test_stopping_when_nothing_runs_ends_nobody_elses_process(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(ENDS)
    running.begin(tmp_path)
    _until(lambda: not running.state(tmp_path).is_running)
    killed: list[int] = []
    monkeypatch.setattr(running.os, "kill", lambda pid, sign: killed.append(pid))
    running.stop(tmp_path)
    assert killed == []


def test_another_run_can_begin_after_the_first(tmp_path: Path, fake: Fake) -> None:
    fake(ENDS)
    for _ in range(2):
        assert running.begin(tmp_path)
        _until(lambda: not running.state(tmp_path).is_running)
        assert running.state(tmp_path).report == {"status": "complete", "accounts": []}


def test_what_went_wrong_is_in_the_log(tmp_path: Path, fake: Fake) -> None:
    fake(BREAKS)
    running.begin(tmp_path)
    _until(lambda: not running.state(tmp_path).is_running)
    ended = running.state(tmp_path)
    assert ended.report is None
    assert "error: the store is in use" in ended.log


def test_a_value_that_looks_like_an_option_is_a_value(tmp_path: Path) -> None:
    answer = running.ask(tmp_path, "roster", "add", "--council=dorp", "--name=--yes", "--party=-h")
    assert answer.is_well, answer.errors
    assert "--yes" in (tmp_path / "rosters" / "dorp" / "people.csv").read_text("utf-8")


def test_every_problem_of_an_addition_is_told(tmp_path: Path) -> None:
    answer = running.ask(
        tmp_path, "roster", "add", "--council=dorp", "--name=An", "--office=Alder Man",
        "--level=local", "--jurisdiction=BE-VLG", "--from=yesterday",
        "--platform=bluesky", "--handle=not a handle",
    )  # fmt: skip
    assert not answer.is_well
    said = "\n".join(answer.errors)
    assert all(one in said for one in ("Alder Man", "yesterday", "not a handle"))
    assert not (tmp_path / "rosters").exists()
