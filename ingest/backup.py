"""A copy of the store that can be put back: consistent, counted, never half there."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.errors import StoreError
from ingest.rotation import settled_key
from ingest.storefile import attach, check_readable, copy_into


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written."""

    path: Path
    key_path: Path | None
    row_count: int


def backup(store_path: Path, target: Path, key_path: Path | None = None) -> Backup:
    """A copy of the store in a new file and, if a key path is given, of the key beside it.

    DuckDB itself copies inside one transaction; the file of the store is never
    read otherwise. Both copies get mode 0600. Without its key a copy can be
    read and scored, but not collected into.
    """
    key_target = None if key_path is None else target.with_name(target.name + ".key")
    for path in filter(None, (target, key_target)):
        if path.exists():
            raise StoreError(f"backup · {path}: there is a file already → name another one")
    check_readable(store_path)
    if key_path is not None:
        settled_key(store_path, key_path)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        row_count = _copy(store_path, part)
        part.chmod(0o600)
        if key_path is not None and key_target is not None:
            _copy_key(key_path, key_target)
        part.replace(target)
    except OSError as error:
        raise StoreError(
            f"backup · {target}: {error.strerror} → choose a place you may write to"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Backup(target, key_target, row_count)


def _copy(store_path: Path, part: Path) -> int:
    """Copy the tables; the number of rows, counted in both."""
    try:
        with duckdb.connect() as con:
            attach(con, store_path, "store", "read_only")
            copy_into(con, "store", part)
            attach(con, part, "copied", "read_only")
            counts = [_row_counts(con, database) for database in ("store", "copied")]
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:200]
        raise StoreError(f"backup · {part}: {reason} → make room and try again") from error
    if counts[0] != counts[1]:
        raise StoreError(f"backup · {part}: rows are missing → check the disk and try again")
    return sum(counts[0].values())


def _row_counts(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    tables = con.execute(
        "select table_name from duckdb_tables() where database_name = ?", [database]
    ).fetchall()
    counts = {}
    for (table,) in tables:
        row = con.execute(f'select count(*) from "{database}"."{table}"').fetchone()  # noqa: S608
        counts[table] = int(row[0]) if row else 0
    return counts


def _copy_key(key_path: Path, target: Path) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key_path.read_bytes())
