"""Own acts that were read otherwise than today: given out, and stored again.

Otherwise: with other lists, or without the keys by which answers are compared. An act
that is read again is one more row, later than its last one, with the same words and
other features. Every batch is one transaction, so that a killed
reading goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import pyarrow as pa

from ingest.store import Store

BATCH = 2_000  # acts at a time: about a second of reading

_STALE = """
    create or replace temp table to_read as
    select row_number() over (order by place) as number, place
    from (
        select rowid as place, text, kind, features, answer_keys from post
        qualify row_number() over (partition by account_id, uri order by seen_at desc) = 1
    )
    where text is not null
        and (
            coalesce(features ->> '$.version' not in (select unnest($versions)), true)
            or kind in ('reply', 'quote') and answer_keys is null
        )
"""
_LEFT = """
    select count(*) from (
        select {kept} as is_kept, features from {table}
        qualify row_number() over (partition by account_id, {key} order by seen_at desc) = 1
    )
    where is_kept and features ->> '$.version' not in (select unnest($versions))
"""
_ACTS = """
    select place, account_id, kind, text, post.lang, features
    from to_read join post on post.rowid = place
    where number > $after and number <= $upto
        and post.rowid between $first and $last
    order by number
"""
_APPEND = """
    insert into post
    select post.* replace (
        $at as seen_at, fresh.lang as lang, fresh.features as features,
        fresh.answer_keys as answer_keys
    )
    from post join fresh on post.rowid = fresh.place
    where post.rowid between $first and $last
    order by fresh.place
"""


class Act(NamedTuple):
    """An own act as it was read last; `features` is JSON, None where it never was."""

    place: int  # of its row
    account_id: str
    kind: str
    text: str
    lang: str | None
    features: str | None


class Fresh(NamedTuple):
    """How an act reads now."""

    place: int
    lang: str | None
    features: str
    answer_keys: list[int] | None


@dataclass(frozen=True, slots=True)
class Stale:
    """What was read otherwise than today."""

    act_count: int  # can be read again
    deleted_count: int  # own acts whose text is gone
    received_count: int  # received items: their text was never kept


def find_stale(store: Store, versions: Collection[str]) -> Stale:
    """Notes which own acts are to be read again, and counts what cannot be."""
    wanted = {"versions": sorted(versions)}
    store.rows(_STALE, wanted)
    deleted = _LEFT.format(table="post", key="uri", kept="text is null")
    received = _LEFT.format(table="received", key="item_key", kept="true")
    return Stale(
        act_count=store.rows("select count(*) from to_read")[0][0],
        deleted_count=store.rows(deleted, wanted)[0][0],
        received_count=store.rows(received, wanted)[0][0],
    )


def batches(store: Store, size: int = BATCH) -> Iterator[list[Act]]:
    """The acts that `find_stale` noted, in the order in which they were stored."""
    after = 0
    while True:
        bounds = {"after": after, "upto": after + size}
        first, last = store.rows(
            "select min(place), max(place) from to_read where number > $after and number <= $upto",
            bounds,
        )[0]
        if first is None:
            return
        yield [Act(*row) for row in store.rows(_ACTS, {**bounds, "first": first, "last": last})]
        after += size


def append(store: Store, acts: Sequence[Fresh], now: datetime) -> None:
    """Stores a batch as it reads now: all of it, or nothing."""
    if not acts:
        return
    types = (pa.int64(), pa.string(), pa.string(), pa.list_(pa.int64()))
    columns = [pa.array(*column) for column in zip(zip(*acts, strict=True), types, strict=True)]
    fresh = pa.table(columns, names=Fresh._fields)
    places = [act.place for act in acts]
    with store.transaction() as con:
        con.register("fresh", fresh)
        try:
            moment = {"at": store.next_moment(now), "first": min(places), "last": max(places)}
            con.execute(_APPEND, moment)
        finally:
            con.unregister("fresh")
