"""One run at a time, as a process of its own: begun, watched and stopped from a page.

The process goes on when the page, the browser or the server ends. What is known of
it lies in DATA/collecting: its output, how far it is, and a lock that it holds for
as long as it lives. So a reload, another tab and a restarted server see the same.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND: tuple[str, ...] = (sys.executable, "-m", "cli")
FOLDER = "collecting"
FILES = ("run-begun.json", "run-progress.json", "run-report.json", "run-log.txt", "stopping")
_begun: list[subprocess.Popen[bytes]] = []  # our own children, to be buried when they end


@dataclass(frozen=True, slots=True)
class State:
    """What a run is doing, or what became of the last one."""

    is_running: bool
    began_at: datetime | None = None
    is_stopping: bool = False
    progress: dict[str, Any] = field(default_factory=dict)  # as `collect --progress` writes it
    report: dict[str, Any] | None = None  # as `collect --json` prints it, when it is there
    log: str = ""

    @property
    def is_scoring(self) -> bool:
        """Whether everything is collected and the numbers are being computed."""
        return self.is_running and self.report is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said: its output, or the lines of its errors."""

    is_well: bool
    output: str
    errors: tuple[str, ...]


def begin(data_dir: Path, only: Sequence[str] = ()) -> bool:
    """Start `collect`, then `score`; False when a run goes on already."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with _lock(folder, fcntl.LOCK_EX) as lock:
        if lock is None:
            return False
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
        command = [*COMMAND, "collect", "--score", "--json", f"--data={data_dir.resolve()}"]
        command += [f"--progress={(folder / 'run-progress.json').resolve()}"]
        command += [f"--only={one}" for one in only]
        with (
            (folder / "run-report.json").open("wb") as out,
            (folder / "run-log.txt").open("wb") as log,
        ):
            process = subprocess.Popen(  # noqa: S603 (a list, and no shell)
                command,
                cwd=ROOT,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                pass_fds=(lock,),
                start_new_session=True,
            )
        _begun.append(process)
        begun = {"pid": process.pid, "began_at": datetime.now(UTC).isoformat()}
        (folder / "run-begun.json").write_text(json.dumps(begun), "utf-8")
    return True


def stop(data_dir: Path) -> None:
    """Ask the run to end as Ctrl-C would: what is collected stays, the next run goes on."""
    folder = data_dir / FOLDER
    if not state(data_dir).is_running:
        return
    pid = _json(folder / "run-begun.json").get("pid")
    if isinstance(pid, int) and not (folder / "stopping").exists():
        (folder / "stopping").touch()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def state(data_dir: Path) -> State:
    """What is going on, or how the last run from a page ended."""
    folder = data_dir / FOLDER
    _bury()
    if not folder.is_dir():
        return State(is_running=False)
    with _lock(folder) as lock:
        is_running = lock is None
    began = _json(folder / "run-begun.json").get("began_at")
    log = folder / "run-log.txt"
    return State(
        is_running=is_running,
        began_at=datetime.fromisoformat(began) if began else None,
        is_stopping=is_running and (folder / "stopping").exists(),
        progress=_json(folder / "run-progress.json"),
        report=_json(folder / "run-report.json") or None,
        log=log.read_text("utf-8", "replace") if log.exists() else "",
    )


def ask(data_dir: Path, *arguments: str) -> Answer:
    """Run a short command to its end, such as `roster add`."""
    done = subprocess.run(  # noqa: S603 (a list, and no shell)
        [*COMMAND, *arguments, f"--data={data_dir.resolve()}"],
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    errors = [line.removeprefix("error: ") for line in done.stderr.splitlines() if line.strip()]
    return Answer(done.returncode == 0, done.stdout, tuple(errors))


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "1000", "NO_COLOR": "1"}


@contextmanager
def _lock(folder: Path, kind: int = fcntl.LOCK_SH) -> Iterator[int | None]:
    """The lock's descriptor, or None while a run holds it; a child that inherits it keeps it.

    Who only looks shares it, for a moment; who begins a run waits for those.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor if _is_taken(descriptor, kind) else None
    finally:
        os.close(descriptor)


def _is_taken(descriptor: int, kind: int) -> bool:
    for _ in range(20):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return True
        if kind == fcntl.LOCK_SH:
            return False
        time.sleep(0.02)
    return False


def _json(path: Path) -> dict[str, Any]:
    """An object from a file that may not be there, or not be whole yet."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _bury() -> None:
    _begun[:] = [process for process in _begun if process.poll() is None]
