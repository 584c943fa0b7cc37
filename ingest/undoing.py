"""Takes an import out of a store again, with the proof that later runs built on it.

A later walk stores only what was not known, so without the import there would be proven days
without their posts. Hence the spans and cursors of later runs on those accounts go too: the
next walk reads them whole again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.errors import StoreError
from ingest.importing import SOURCE
from ingest.store import Store

_TABLES = (
    "post",
    "received",
    "thread",
    "account_state",
    "span",
    "cursor_position",
    "quarantine",
    "account_run",
)


@dataclass(frozen=True, slots=True)
class Undone:
    """What went, or would go."""

    post_count: int
    span_count: int  # of the import and of later runs
    account_ids: tuple[str, ...]
    is_empty: bool  # whether nothing of anybody is left in the store


def imports(store: Store) -> list[tuple[str, datetime, str]]:
    """Every import in the store, the newest first: run, moment, format."""
    return [
        (run_id, at, form)
        for run_id, at, form in store.rows(
            'select run_id, "at", message from run_event where event = ? order by "at" desc',
            [SOURCE],
        )
    ]


def undo(store: Store, run_id: str, *, is_dry: bool = False) -> Undone:
    """Take out an import. Raises StoreError, and changes nothing, where the run is none."""
    known = [run for run, _, _ in imports(store)]
    if run_id not in known:
        last = f"imports: {', '.join(known[:5])}" if known else "there is no import here"
        raise StoreError(f"import · {run_id}: no such import → {last}")
    ids = [
        account_id
        for (account_id,) in store.rows(
            "select distinct account_id from (select account_id, run_id from post union all "
            "select account_id, run_id from span union all "
            "select account_id, run_id from account_state union all "
            "select account_id, run_id from received) where run_id = ? order by account_id",
            [run_id],
        )
    ]
    began = store.rows("select max(seen_at) from post where run_id = ?", [run_id])[0][0]
    began = began or store.rows("select max(seen_at) from span where run_id = ?", [run_id])[0][0]
    later = "account_id in (select unnest(?)) and seen_at >= ?"
    post_count = store.rows("select count(*) from post where run_id = ?", [run_id])[0][0]
    span_count = store.rows(
        f"select count(*) from span where run_id = ? or {later}",  # noqa: S608 ours
        [run_id, ids, began],
    )[0][0]
    if not is_dry:
        with store.transaction() as con:
            for table in _TABLES:
                con.execute(f"delete from {table} where run_id = ?", [run_id])  # noqa: S608 ours
            for table in ("span", "cursor_position"):
                con.execute(f"delete from {table} where {later}", [ids, began])  # noqa: S608 ours
            con.execute("delete from run_event where run_id = ?", [run_id])
            con.execute("insert into meta values ('erased_in', ?)", [run_id])
        store.compact()
    left = sum(
        store.rows(f"select count(*) from {table}")[0][0]  # noqa: S608 ours
        for table in ("post", "received", "span", "suppression")
    )
    return Undone(post_count, span_count, tuple(ids), left == 0)
