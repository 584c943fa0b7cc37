"""A new key for the citizens' hashes: every hash is hashed again, and old ones fit no more.

The new key is chained behind the old one: `key'(x) = H(new, H(old, x))`. So what is
stored can be re-hashed without knowing who is behind it, and the same citizen is met
again in later runs. The key file holds all links, the oldest first.

Store and key change together, or neither does: the new key lies beside the old one as
`winterslaap.key.next` until the store made with it has taken the old store's name.
`settled_key` finishes or undoes what a killed rotation left.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.errors import StoreError
from ingest.privacy import KEY_BYTES, Keys, chained, read_key, write_key
from ingest.store import Store, database_name, key_check
from ingest.storefile import FILE_FORMAT, attach, connect

BATCH = 100_000  # rows at a time


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did."""

    row_count: int  # rows with a hash in them
    link_count: int  # keys in the chain


def settled_key(store_path: Path, key_path: Path) -> bytes:
    """The key that fits this store, made if there is none; ends a rotation that was killed."""
    following = _next(key_path)
    if following.exists():
        _settle(store_path, key_path, following)
    return read_key(key_path)


def _settle(store_path: Path, key_path: Path, following: Path) -> None:
    told = None
    if store_path.exists():
        with connect(store_path, read_only=True) as con:  # fails while a rotation is under way
            told = con.execute("select value from meta where name = 'key_check'").fetchone()
    if told == (key_check(Keys(read_key(following))),):
        following.replace(key_path)
    else:
        following.unlink(missing_ok=True)


def rotate(store_path: Path, key_path: Path) -> Rotated:
    """Hash every hash in the store again with a new key, and chain that to the key file.

    May be killed at any moment: before or after, the key fits the store. Raises
    StoreError when the store is in use or there is none.
    """
    if not store_path.exists():
        raise StoreError(f"store · {store_path}: there is none yet → run winterslaap collect")
    secret = settled_key(store_path, key_path)
    link = secrets.token_bytes(KEY_BYTES)
    following = _next(key_path)
    try:
        with Store(store_path, secret) as store:
            for left_over in key_path.parent.glob(f".{following.name}.*"):
                left_over.unlink()
            write_key(following, secret + link)
            row_count = store.rewrite(partial(_rehash, secret=secret + link), Keys(secret + link))
            _sync(store_path.parent)
            following.replace(key_path)
    except BaseException:
        with suppress(StoreError, OSError):
            settled_key(store_path, key_path)
        raise
    return Rotated(row_count, len(secret + link) // KEY_BYTES)


def _next(key_path: Path) -> Path:
    return key_path.with_name(key_path.name + ".next")


def _rehash(con: duckdb.DuckDBPyConnection, target: Path, *, secret: bytes) -> int:
    """The store in a new file, row by row in the same order, with every hash hashed again."""
    again, name = chained(secret[-KEY_BYTES:]), database_name(con)
    con.execute("checkpoint")
    attach(con, target, "copied", f"storage_version '{FILE_FORMAT}'")
    try:
        con.execute(f'copy from database "{name}" to copied (schema)')
        row_count = sum(_copy(con, table, again) for table in _tables(con, name))
        con.execute(
            "update copied.main.meta set value = ? where name = 'key_check'",
            [key_check(Keys(secret))],
        )
        con.execute("checkpoint copied")
    finally:
        con.execute("detach copied")
    return row_count


def _tables(con: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    found = con.execute(
        "select table_name from duckdb_tables() where database_name = ? order by table_oid",
        [database],
    ).fetchall()
    return [table for (table,) in found]


def _copy(con: duckdb.DuckDBPyConnection, table: str, again: Callable[[int], int]) -> int:
    """Copy one table; how many of its rows have a hash in them."""
    row_count = 0
    with con.cursor() as reading:
        for batch in reading.table(table).to_arrow_reader(BATCH):
            rows, has_hashes = _with_new_hashes(pa.Table.from_batches([batch]), again)
            row_count += rows.num_rows if has_hashes else 0
            con.register("rehashed", rows)
            con.execute(f'insert into copied.main."{table}" select * from rehashed')  # noqa: S608
            con.unregister("rehashed")
    return row_count


def _with_new_hashes(rows: pa.Table, again: Callable[[int], int]) -> tuple[pa.Table, bool]:
    """The rows with every column named `…_key` hashed again."""
    has_hashes = False
    for place, column in enumerate(rows.schema):
        if column.name.endswith("_key") and column.type == pa.int64():
            has_hashes = True
            coded = rows.column(place).combine_chunks().dictionary_encode()
            fresh = pa.array([again(key) for key in coded.dictionary.to_pylist()], pa.int64())
            rows = rows.set_column(place, column, fresh.take(coded.indices))
    return rows, has_hashes


def _sync(folder: Path) -> None:
    """Have the names in a folder on disk before the next one is changed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
