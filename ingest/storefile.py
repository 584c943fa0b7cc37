"""The file of the store: opening, making, migrating and copying it, with errors that help."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.errors import StoreError

SCHEMA_VERSION = 3
SCHEMA = Path(__file__).with_name("schema.sql")
COMMENTS = Path(__file__).with_name("schema_comments.sql")
MIGRATIONS: Mapping[int, str] = {  # version found → SQL that makes the next one of it
    1: 'create table alert ("at" timestamp, event text, alert_id text, kind text, person_id text, '
    "account_id text, since timestamp, link text, message text)",
    2: "alter table alert add column lang text; alter table post add column answer_keys bigint[]",
}
PATIENCE_SECONDS = 1.0  # for who has the file just now
FILE_FORMAT = "v1.5.0"  # so that a user can go back to DuckDB 1.5
IN_MEMORY = Path(":memory:")  # of a store that no file ever holds
_ARROW = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "BIGINT": pa.int64(),
    "BIGINT[]": pa.list_(pa.int64()),
    "DOUBLE": pa.float64(),
}


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to a store file, or a StoreError that says who has it or what it is.

    Somebody who has it for a moment, as `listen` does, is waited for.
    """
    if path == IN_MEMORY:
        return _in_memory()
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            con = duckdb.connect(
                str(path),
                read_only=read_only,
                config={"storage_compatibility_version": FILE_FORMAT},
            )
            con.execute("set global TimeZone = 'UTC'")
        except duckdb.Error as error:
            if not _is_locked(error) or time.monotonic() > give_up_at:
                raise why(path, error) from error
            time.sleep(0.1)
        else:
            return con


def _in_memory() -> duckdb.DuckDBPyConnection:
    """A database attached as `store`, as `score` attaches a file; it never spills to a disk."""
    con = duckdb.connect(config={"temp_directory": ""})
    con.execute("set global TimeZone = 'UTC'")
    con.execute("attach ':memory:' as store")
    con.execute("use store")
    return con


def check_readable(path: Path) -> None:
    """A StoreError that says what to do if there is no store, or another process has it."""
    connect(path, read_only=True).close()


def why(path: Path, error: duckdb.Error) -> StoreError:
    """What DuckDB could not do with a file, as a line that a person can act on."""
    if _is_locked(error):
        pid = re.search(r"PID (\d+)", str(error))
        who = f"process {pid[1]}" if pid else "another process"
        return StoreError(f"store · {path}: {who} is using it → wait until that has ended")
    if "does not exist" in str(error):
        return StoreError(f"store · {path}: there is none yet → run winterslaap collect")
    reason = str(error).splitlines()[0][:200]
    if "not a valid DuckDB" in reason or "corrupt" in reason.lower():
        return StoreError(f"store · {path}: {reason} → restore it from your backup")
    return StoreError(f"store · {path}: {reason} → make room or mend that, then try again")


def _is_locked(error: duckdb.Error) -> bool:
    return re.search(r"\block\b", str(error)) is not None  # a damaged "block" is none


def prepare(con: duckdb.DuckDBPyConnection, path: Path, key_check: str) -> None:
    """Make the tables of a new store; bring an older one up; refuse a newer or foreign one."""
    tables = con.execute("select count(*) from duckdb_tables()").fetchone()
    if tables == (0,):
        con.begin()
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        con.execute(COMMENTS.read_text(encoding="utf-8"))
        con.execute(
            "insert into meta values ('schema_version', ?), ('key_check', ?)",
            [str(SCHEMA_VERSION), key_check],
        )
        con.commit()
    try:
        meta = dict(con.execute("select name, value from meta").fetchall())
        version = int(meta["schema_version"])
    except (duckdb.Error, KeyError, ValueError) as error:
        raise StoreError(f"store · {path}: this is no store → choose another --data") from error
    if meta.get("key_check") != key_check:
        raise StoreError(
            f"store · {path}: made with another key → restore winterslaap.key from your backup"
        )
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"store · {path}: made by a newer winterslaap (version {version}) → upgrade winterslaap"
        )
    _migrate(con, path, version)


def _migrate(con: duckdb.DuckDBPyConnection, path: Path, version: int) -> None:
    """Bring the tables up to SCHEMA_VERSION: all steps, or none when one fails."""
    if version == SCHEMA_VERSION:
        return
    con.begin()
    try:
        for step in range(version, SCHEMA_VERSION):
            con.execute(MIGRATIONS[step])
        con.execute(COMMENTS.read_text(encoding="utf-8"))
        con.execute(
            "update meta set value = ? where name = 'schema_version'", [str(SCHEMA_VERSION)]
        )
        con.commit()
    except duckdb.Error as error:
        con.rollback()
        reason = str(error).splitlines()[0][:200]
        raise StoreError(
            f"store · {path}: could not be brought to version {SCHEMA_VERSION} ({reason}) "
            "→ nothing was changed; report it and stay with the older winterslaap"
        ) from error


def column_types(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, pa.DataType]]:
    """Arrow types per table and column, in order, as the tables themselves say."""
    types: dict[str, dict[str, pa.DataType]] = {}
    for table, column, kind in con.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and not internal order by table_oid, column_index"
    ).fetchall():
        types.setdefault(table, {})[column] = _ARROW[kind]
    return types


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str, options: str) -> None:
    """Attach a file under a name; DuckDB 1.5 takes no parameter for a path."""
    quoted = str(path).replace("'", "''")
    con.execute(f"attach '{quoted}' as {name} ({options})")


def copy_into(con: duckdb.DuckDBPyConnection, database: str, target: Path) -> None:
    """A consistent copy of an attached database in a new file."""
    attach(con, target, "copied", f"storage_version '{FILE_FORMAT}'")
    try:
        con.execute(f'copy from database "{database}" to copied')
        con.execute("checkpoint copied")
    finally:
        con.execute("detach copied")
