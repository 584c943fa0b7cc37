"""A checked copy of the marts under a new name, while readers keep the old one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from metrics import models
from metrics.errors import CheckFailed, PublishError
from metrics.models import HERE, Model

FORMAT = "v1.5.0"  # readable by every DuckDB that pyproject.toml allows
KEPT = 5
LATEST = "latest"
SUFFIX, UNFINISHED = ".duckdb", ".part"
ABANDONED = 3_600  # seconds


def marts() -> list[Model]:
    """The tables of a published copy."""
    return [model for model in models.all_models().values() if model.folder == "marts"]


def check(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Run every check over the models and marts; the names, or CheckFailed with the first row."""
    return check_each(lambda query: con.sql(query).to_arrow_table())


def check_each(ask: Callable[[str], pa.Table]) -> list[str]:
    """The same over whatever engine answers `ask`."""
    paths = sorted((HERE / "checks").glob("*.sql"))
    for path in paths:
        found = ask(path.read_text("utf-8"))
        if found.num_rows:
            (first,) = found.slice(0, 1).to_pylist()
            example = ", ".join(f"{name} {value}" for name, value in first.items())
            raise CheckFailed(path.stem, found.num_rows, example)
    return [path.stem for path in paths]


def publish(con: duckdb.DuckDBPyConnection, folder: Path, run_id: str) -> Path:
    """Write the marts of this connection as folder/<run_id>.duckdb and name it the latest.

    A copy that exists is never touched: the name gets a number. Nothing is named the
    latest before it is whole and on disk.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _drop_unfinished(folder)
        path = _free(folder, run_id)
        unfinished = path.with_name(path.name + UNFINISHED)
        try:
            _write(con, unfinished)
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
        _point(folder, path.name)
        _drop_old(folder)
    except OSError as error:
        todo = "make room or change the rights"
        raise PublishError(f"{folder}: {error.strerror} → {todo}") from error
    return path


def _drop_unfinished(folder: Path) -> None:
    for left in folder.glob(f"*{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > ABANDONED:  # nobody writes it any more
            left.unlink()


def _free(folder: Path, run_id: str) -> Path:
    number, path = 1, folder / f"{run_id}{SUFFIX}"
    while path.exists():
        number += 1
        path = folder / f"{run_id}-{number}{SUFFIX}"
    return path


def _write(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    quoted = str(path).replace("'", "''")
    con.execute(f"attach '{quoted}' as copy (storage_version '{FORMAT}')")
    try:
        for mart in marts():
            con.execute(f'create table copy.main."{mart.name}" as from main."{mart.name}"')
            models.comment(con, f'copy.main."{mart.name}"', mart.title, mart.columns)
            _compare(con, mart.name)
        con.execute("checkpoint copy")
    except duckdb.Error as error:
        raise PublishError(f"{path}: {' '.join(str(error).split())}") from error
    finally:
        con.execute("detach copy")


def _compare(con: duckdb.DuckDBPyConnection, name: str) -> None:
    counts = [
        con.execute(f'select count(*) from {place}.main."{name}"').fetchall()[0][0]  # noqa: S608
        for place in ("copy", con.execute("select current_database()").fetchall()[0][0])
    ]
    if counts[0] != counts[1]:
        raise PublishError(f"{name}: {counts[0]} of {counts[1]} rows arrived")


def _point(folder: Path, name: str) -> None:
    """Replace `latest` at once: a reader sees the old name or the new one."""
    pointer = folder / f".{LATEST}{UNFINISHED}"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / LATEST)


def _drop_old(folder: Path) -> None:
    """Keep the newest copies; who still reads an older one keeps its open file."""
    copies = sorted(
        folder.glob(f"*{SUFFIX}"), key=lambda path: (path.stat().st_mtime_ns, path.name)
    )
    for path in copies[:-KEPT]:
        path.unlink(missing_ok=True)
