"""Writes a plan: first a copy of every file that changes, then the files."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from ingest.csvfile import write_file
from ingest.errors import Problem, RosterError


def write(data_dir: Path, before: Mapping[str, bytes], files: Mapping[str, bytes]) -> Path | None:
    """Write these files; the folder with copies of those that were there, if any was.

    `before` is what the plan was made from: RosterError, and nothing is written, if a file
    has changed since.
    """
    for path in files:
        target = data_dir / path
        now = target.read_bytes() if target.exists() else None
        if now != before.get(path):
            problem = Problem(path, 0, "", "a change since it was read", "to import again")
            raise RosterError([problem])
    old = [path for path in files if path in before]
    folder = _new_folder(data_dir / "backups" / "rosters") if old else None
    for path in old:
        if folder is not None:
            copy = folder / Path(path).relative_to("rosters")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(data_dir / path, copy)
    for path, content in files.items():
        write_file(data_dir / path, content)
    return folder


def _new_folder(parent: Path) -> Path:
    """A folder named after the moment, with a number where there is one already."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    number, folder = 1, parent / name
    while folder.exists():
        number += 1
        folder = parent / f"{name}-{number}"
    folder.mkdir(parents=True)
    return folder
