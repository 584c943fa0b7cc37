"""Collecting on a schedule: a steady pace, no overlap, an end when asked, right examples."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import typer.main

import cli
from commands.watching import keep_running
from ingest.errors import StoreError
from ingest.schedule import repeat
from ingest.store import Store
from tests.collecting import collecting, write_roster
from tests.invented import SECRET

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "ingest" / "examples"
HOUR = timedelta(hours=1)


class Times(threading.Event):
    """A clock that only waiting and working moves; it stops after so many pauses."""

    def __init__(self, pauses: int = 4) -> None:
        super().__init__()
        self.now, self.left = 0.0, pauses
        self.began: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        self.left -= 1
        if not self.left:
            self.set()
        return self.is_set()

    def work(self, seconds: float) -> None:
        self.began.append(self.now)
        self.now += seconds


def test_runs_begin_one_period_apart_the_first_at_once() -> None:
    times = Times()
    count = repeat(lambda: times.work(900), HOUR, times, clock=times, draw=lambda: 0.5)
    assert (count, times.began) == (4, [0, 3600, 7200, 10800])


@pytest.mark.parametrize(("drawn", "second"), [(0.0, 3240), (1.0, 3960)])
def test_a_tenth_sooner_or_later(drawn: float, second: float) -> None:
    times = Times(2)
    repeat(lambda: times.work(10), HOUR, times, clock=times, draw=lambda: drawn)
    assert times.began[1] == pytest.approx(second)


def test_a_run_longer_than_its_period_is_followed_a_minute_later() -> None:
    times = Times(3)
    repeat(lambda: times.work(5_000), HOUR, times, clock=times)
    assert times.began == [0, 5_060, 10_120]


def test_a_stop_during_a_run_is_the_end() -> None:
    stop = threading.Event()
    assert repeat(stop.set, HOUR, stop) == 1


def test_a_run_that_cannot_be_made_or_stops_itself_does_not_end_the_schedule(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.schedule.LEAST_PAUSE_SECONDS", 0.0)
    runs: list[threading.Event] = []

    def once(stop: threading.Event) -> None:
        runs.append(stop)
        if len(runs) == 1:
            raise StoreError("store · x: process 7 is using it → wait until that has ended")
        if len(runs) == 2:
            stop.set()  # as --max-requests does
        if len(runs) == 3:
            signal.raise_signal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    keep_running(once, timedelta(0))
    assert [stop.is_set() for stop in runs] == [False, True, True]
    said = capsys.readouterr().err
    assert "error: store · x: process 7 is using it" in said
    assert said.endswith("stopped after 3 runs\n")
    assert signal.getsignal(signal.SIGTERM) is before


# a real process

SLOW = """
import sys, cli
from ingest import collect
from tests.collecting import Invented
seconds = float(sys.argv.pop(1))
collect.load_sources = lambda: {"feeds": Invented(seconds)}
cli.main(sys.argv[1:])
"""


@contextmanager
def running(data_dir: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SLOW, str(seconds), "collect", "--every", "10m"]
    command += ["--data", str(data_dir)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    write_roster(tmp_path, per_host=1)
    return tmp_path


def read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stderr is not None
    said = ""
    while words not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    return said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_between_runs_it_ends_at_once(data_dir: Path, number: signal.Signals) -> None:
    with running(data_dir, 0) as process:
        said = read_until(process, "next run at")
        assert "complete: 3 accounts collected" in said
        began = time.monotonic()
        process.send_signal(number)
        _, rest = process.communicate(timeout=20)
        assert time.monotonic() - began < 10
    assert (process.returncode, rest) == (0, "stopped after 1 run\n")


def test_during_a_run_it_ends_with_a_store_that_goes_on(data_dir: Path) -> None:
    store = data_dir / "winterslaap.duckdb"
    with running(data_dir, 0.4) as process:
        while not store.exists():
            assert process.poll() is None
            time.sleep(0.05)
        time.sleep(0.6)
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "interrupted: stopped before its end → collect again, it goes on from here" in said
    assert said.endswith("stopped after 1 run\n")
    with Store(store, SECRET) as opened:
        ended = opened.rows("select status from run_event where event = 'ended'")
        assert ended == [("interrupted",)]
        assert not opened.rows("select * from span")


def test_another_run_under_way_is_told_and_waited_for(data_dir: Path) -> None:
    with collecting(data_dir, 0.4) as other, running(data_dir, 0) as process:
        said = read_until(process, "next run at")
        assert f"error: store · {data_dir / 'winterslaap.duckdb'}: process {other.pid}" in said
        process.terminate()
        process.communicate(timeout=20)
        assert process.returncode == 0


@pytest.mark.parametrize("every", ["5m", "often", "0h"])
def test_a_pace_that_is_none_or_too_quick_is_refused(data_dir: Path, every: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["collect", "--every", every, "--data", str(data_dir)])
    assert ended.value.code == 2
    assert not (data_dir / "winterslaap.duckdb").exists()


# the examples


def commands() -> list[str]:
    """Every command line in the examples."""
    texts = [path.read_text("utf-8") for path in sorted(EXAMPLES.iterdir())]
    return re.findall(r"^(?!#).*bin/winterslaap (.*)$", "\n".join(texts), re.MULTILINE)


def test_every_command_in_the_examples_is_understood() -> None:
    assert len(commands()) == 5
    for line in commands():
        name, *arguments = shlex.split(line)
        command = typer.main.get_command(cli.app).commands[name]  # type: ignore[attr-defined]
        command.make_context(name, arguments)


def test_the_crontab_names_times_that_exist() -> None:
    limits = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
    lines = (EXAMPLES / "winterslaap.crontab").read_text("utf-8").splitlines()
    jobs = [line for line in lines if line and line[0] != "#" and not re.match(r"\w+=", line)]
    assert len(jobs) == 3
    for job in jobs:
        *times, command = job.split(maxsplit=5)
        assert command.startswith("/")
        assert "%" not in command  # cron's line end
        for field, (first, last) in zip(times, limits, strict=True):
            assert re.fullmatch(r"\*(/\d+)?|\d+", field)
            assert all(first <= int(number) <= last for number in re.findall(r"\d+", field))


def units() -> list[Path]:
    return sorted((*EXAMPLES.glob("*.service"), *EXAMPLES.glob("*.timer")))


@pytest.mark.parametrize("path", units(), ids=lambda path: path.name)
def test_a_unit_has_what_systemd_needs(path: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path, "utf-8")
    assert unit["Unit"]["Description"]
    assert unit["Install"]["WantedBy"]
    if path.suffix == ".timer":
        assert unit["Timer"]["OnCalendar"]
        assert path.with_suffix(".service").exists()
        return
    service = unit["Service"]
    assert service["ExecStart"].startswith("/")
    assert service["KillSignal"] == "SIGTERM"
    assert service["ReadWritePaths"] in path.read_text("utf-8").split("WINTERSLAAP_DATA=")[1]


def test_systemd_itself_finds_nothing_wrong(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        return  # the test above reads the keys
    for path in units():
        text = path.read_text("utf-8").replace("User=winterslaap", "User=root")
        text = text.replace("/opt/winterslaap/.venv/bin/winterslaap", shutil.which("true") or "")
        (tmp_path / path.name).write_text(text)
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / path.name for path in units())],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in ran.stderr.splitlines() if str(tmp_path) in line]
    assert ours == [], ran.stderr
    assert ran.returncode == 0, ran.stderr
