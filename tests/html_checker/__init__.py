"""The Nu Html Checker from npm, run with Java, once installed in the git-ignored `build/`."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "html-checker"
JAR = BUILD / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
NEWER = ".*paint-order.*"  # a property of SVG 2 that the checker's style sheets do not know
SECONDS = 240


class CheckerMissing(RuntimeError):
    """What this machine lacks for the checker, in one line."""


def messages(pages: Sequence[Path]) -> list[dict[str, Any]]:
    """What the checker has to say about these pages: errors and warnings."""
    java, npm = shutil.which("java"), shutil.which("npm")
    if not (java and npm):
        raise CheckerMissing("the HTML checker needs Java and npm")
    _install(npm)
    command = [java, "-Xmx512m", "-jar", str(JAR), "--format", "json", "--exit-zero-always"]
    command += ["--filterpattern", NEWER, *map(str, pages)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    found: list[dict[str, Any]] = json.loads(made.stderr)["messages"]
    return found


def _install(npm: str) -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text("utf-8")
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = BUILD / ".installed"
        if done.exists() and done.read_text("utf-8") == wanted:
            return
        (BUILD / "package.json").write_text(wanted, "utf-8")
        command = [npm, "install", "--ignore-scripts", "--no-package-lock", "--no-audit"]
        made = subprocess.run(
            [*command, "--no-fund"],
            cwd=BUILD,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if made.returncode or not JAR.is_file():
            raise CheckerMissing(f"npm cannot install the HTML checker: {made.stderr[-300:]}")
        done.write_text(wanted, "utf-8")
