"""The store: append-only tables in one DuckDB file, and the only code that writes them.

One process at a time; inside it one connection behind a lock, so that threads
may call anything here. Every append is one transaction: a killed process loses
at most the page it was writing. Moments in the tables are UTC without a zone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from ingest.privacy import Keys
from ingest.storefile import IN_MEMORY, column_types, connect, copy_into, prepare, why

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (the tables hold UTC without its zone)
_DISK_ERRORS = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException)
Rows = Sequence[tuple[Any, ...]]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class AccountRun:
    """One row of `account_run`: how one account's walk ended."""

    account_id: str
    source: str
    began_at: datetime
    ended_at: datetime
    status: str  # complete | unchanged | incomplete | failed | skipped
    error: str | None
    message: str
    request_count: int
    post_count: int
    received_count: int
    quarantined_count: int
    waited_seconds: float


class Store:
    """An open store. `with Store(path, secret) as store:` closes it again.

    With IN_MEMORY for a path no file holds it, and closing it is the end of it.
    """

    def __init__(self, path: Path, secret: bytes) -> None:
        self.path, self.keys = path, Keys(secret)
        self._lock = threading.RLock()
        if path != IN_MEMORY:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._open()
        self._seen_at = self._latest_moment()
        for left_over in path.parent.glob(f"{path.name}.compact*"):
            left_over.unlink()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write everything to the file and let other processes in."""
        with self._lock:
            self._con.close()

    def _open(self) -> None:
        self._con = connect(self.path)
        try:
            prepare(self._con, self.path, key_check(self.keys))
            self._types = column_types(self._con)
        except BaseException:
            self._con.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Everything inside it is stored, or nothing of it."""
        with self._lock:
            self._con.begin()
            try:
                yield self._con
                self._con.commit()
            except BaseException as error:
                with suppress(duckdb.Error):
                    self._con.rollback()
                if isinstance(error, _DISK_ERRORS):
                    raise why(self.path, error) from error
                raise

    def beside(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own to a store in memory, where its tables are `store.post`, ….

        It ends when the store is closed.
        """
        return self._con.cursor()

    def rows(
        self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[Any, ...]]:
        """What a query selects."""
        with self._lock:
            return self._con.execute(query, parameters).fetchall()

    def insert(self, table: str, rows: Rows) -> None:
        """Append whole rows, their values in the order of schema.sql, as one Arrow batch."""
        if not rows:
            return
        types = self._types[table]
        columns = [
            pa.array(c, t) for c, t in zip(zip(*rows, strict=True), types.values(), strict=True)
        ]
        with self._lock:
            self._con.register("new_rows", pa.table(columns, names=list(types)))
            try:
                self._con.execute(f'insert into "{table}" select * from new_rows')  # noqa: S608
            finally:
                self._con.unregister("new_rows")

    def next_moment(self, now: datetime) -> datetime:
        """`now` as the tables hold it, but later than every row, also when a clock went back."""
        with self._lock:
            moment = now.astimezone(UTC).replace(tzinfo=None)
            self._seen_at = max(moment, self._seen_at + timedelta(microseconds=1))
            return self._seen_at

    def _latest_moment(self) -> datetime:
        tables = [table for table, types in self._types.items() if "seen_at" in types]
        latest = (self.rows(f'select max(seen_at) from "{t}"')[0][0] for t in tables)  # noqa: S608
        return max((at for at in latest if at is not None), default=EPOCH)

    def begin_run(self, now: datetime) -> str:
        """The id of a new run. Runs whose process ended without a word become `interrupted`."""
        with self.transaction():
            began = self.rows("select count(*) from run_event where event = 'began'")[0][0]
            open_runs = self.rows(
                "select run_id from run_event group by run_id having not bool_or(event = 'ended')"
            )
            message = "the process ended without a word → collect again, it goes on from here"
            at = self.next_moment(now)
            self.insert(
                "run_event", [(r, at, "ended", "interrupted", message) for (r,) in open_runs]
            )
            run_id = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{began + 1}"
            self.insert("run_event", [(run_id, self.next_moment(now), "began", "running", None)])
        return run_id

    def end_run(self, run_id: str, status: str, message: str, now: datetime) -> None:
        """Write down how a run ended."""
        at = self.next_moment(now)
        with self.transaction():
            self.insert("run_event", [(run_id, at, "ended", status, message)])

    def record(self, run_id: str, ran: AccountRun) -> None:
        """Write down how one account's walk ended."""
        row = (
            run_id,
            ran.account_id,
            ran.source,
            ran.began_at.astimezone(UTC).replace(tzinfo=None),
            ran.ended_at.astimezone(UTC).replace(tzinfo=None),
            ran.status,
            ran.error,
            ran.message,
            ran.request_count,
            ran.post_count,
            ran.received_count,
            ran.quarantined_count,
            ran.waited_seconds,
        )
        with self.transaction():
            self.insert("account_run", [row])

    def replace_known(self, known: Rows, own: Rows, now: datetime) -> None:
        """Put (partner_key, class) and (person_id, partner_key) in place of all earlier ones.

        These two tables mirror the roster and observe nothing, so they do not grow.
        """
        at = self.next_moment(now)
        with self.transaction() as con:
            con.execute("delete from known_key")
            con.execute("delete from own_key")
            self.insert("known_key", [(*row, at) for row in sorted(known)])
            self.insert("own_key", [(*row, at) for row in sorted(own)])

    def forgotten(self) -> frozenset[int]:
        """The keys of citizens who asked to be forgotten."""
        return frozenset(key for (key,) in self.rows("select partner_key from suppression"))

    def kept_from(self) -> datetime | None:
        """The moment before which no citizen's item is kept; None: all are."""
        found = self.rows("select max(value) from meta where name = 'kept_from'")[0][0]
        return None if found is None else datetime.fromisoformat(found)

    def keep_from(self, moment: datetime) -> None:
        """Keep nothing of citizens from before a moment, now and in later runs."""
        value = moment.isoformat(sep=" ", timespec="seconds")
        self.rows("insert into meta values ('kept_from', ?)", [value])

    def compact(self) -> None:
        """Rewrite the file with what is still in the tables, and nothing of what was erased."""
        self.rewrite(_compacted, self.keys)

    def rewrite(self, write: Callable[[duckdb.DuckDBPyConnection, Path], _T], keys: Keys) -> _T:
        """Put the file that `write` makes, with hashes by `keys`, in this one's place at once."""
        if self.path == IN_MEMORY:
            raise ValueError("a store in memory has no file to rewrite")
        with self._lock:
            fresh = self.path.with_name(self.path.name + ".compact")
            written = write(self._con, fresh)
            # The new file takes the name while the old one is still locked: nobody slips between.
            fresh.replace(self.path)
            self._con.close()
            self.keys = keys
            self._open()
            return written

    def compact_if_erased(self) -> bool:
        """Rewrite the file if a text was erased since it was last rewritten."""
        if not self.rows("select 1 from meta where name = 'erased_in' limit 1"):
            return False
        self.compact()
        return True


def key_check(keys: Keys) -> str:
    """What the store keeps to know its key again."""
    return str(keys.of("the key of this store"))


def _compacted(con: duckdb.DuckDBPyConnection, target: Path) -> None:
    con.execute("delete from meta where name = 'erased_in'")
    con.execute("checkpoint")
    copy_into(con, database_name(con), target)


def database_name(con: duckdb.DuckDBPyConnection) -> str:
    """What DuckDB calls the file of a connection."""
    return str(con.execute("select current_database()").fetchall()[0][0])
