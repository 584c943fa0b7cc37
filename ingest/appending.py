"""Rows of one account appended from a file of any length, in flat memory.

A walk holds all rows of its account; an import looks up the last rows of those items it
brings again, batch by batch. What says nothing new adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.model import Account, Batch, Post, Received
from ingest.rows import NotCitizens, PostRow, ReceivedRow, RowMaker, TextStep
from ingest.store import Rows, Store
from ingest.walk import erase, quarantine_row, span_row, state_row

MOST_POSTS = 4_000  # gathered before they are stored


@dataclass(slots=True)
class Tally:
    """What the rows of an account became."""

    new_count: int = 0
    known_count: int = 0
    received_count: int = 0
    quarantined_count: int = 0
    span_count: int = 0


class Appender:
    """The way into the store for one account's items; `flush` stores what was gathered."""

    def __init__(
        self,
        store: Store,
        account: Account,
        run_id: str,
        text_step: TextStep,
        *,
        now: Callable[[], datetime],
        others: NotCitizens,
        language: str | None = None,
    ) -> None:
        self.account, self.tally = account, Tally()
        self._store, self._run_id, self._now = store, run_id, now
        self._maker = RowMaker(store.keys, text_step, account.platform, language, others)
        self._waiting: list[Post] = []
        self._known = self._keys("post", "post_key")
        self._heard = self._keys("received", "item_key")
        last = self._select("account_state", "* exclude (account_id, run_id, seen_at)", "1")
        self._state = last[0] if last else None
        self._bad = set(
            store.rows(
                "select item_key, field, reason from quarantine where account_id = ?",
                [account.account_id],
            )
        )

    @property
    def is_new(self) -> bool:
        """Whether no platform ever said anything of the account here."""
        return self._state is None

    def add(self, batch: Batch) -> None:
        """Take in a batch; its posts are stored once they are many, all else at once."""
        self._waiting += batch.posts
        has_more = batch.received or batch.spans or batch.state or batch.quarantined
        if len(self._waiting) >= MOST_POSTS or has_more:
            self.flush(batch)

    def flush(self, batch: Batch | None = None) -> None:
        """Store what was gathered, and the rest of a batch: all of it, or nothing."""
        batch = batch or Batch()
        waiting, self._waiting = self._waiting, []
        posts = self._maker.posts(waiting, self._last_posts(waiting))
        received = self._maker.received(batch.received, self._last_received(batch.received))
        states = [] if batch.state is None else [state_row(batch.state)]
        states = [row for row in states if row != self._state]
        bad = {quarantine_row(self._maker, self._store.keys, one) for one in batch.quarantined}
        bad -= self._bad
        spans = self._new_spans(batch)
        with self._store.transaction() as con:
            at = self._store.next_moment(self._now())
            self._insert("post", posts, at)
            self._insert("received", received, at)
            self._insert("account_state", states, at)
            self._insert("span", spans, at)
            self._insert("quarantine", sorted(bad), at)
            gone = [row.uri for row in posts if row.is_deleted]
            erase(con, self.account.account_id, self._run_id, gone)
        self._known.update(row.post_key for row in posts)
        self._heard.update(row.item_key for row in received)
        self._state = states[0] if states else self._state
        self._bad |= bad
        self._count(len(waiting), len(posts), len(received), len(bad), len(spans))

    def _count(self, read: int, posts: int, received: int, bad: int, spans: int) -> None:
        self.tally.new_count += posts
        self.tally.known_count += read - posts
        self.tally.received_count += received
        self.tally.quarantined_count += bad
        self.tally.span_count += spans

    def _insert(self, table: str, rows: Rows, at: datetime) -> None:
        self._store.insert(table, [(self.account.account_id, self._run_id, at, *r) for r in rows])

    def _keys(self, table: str, key: str) -> set[int]:
        query = f"select distinct {key} from {table} where account_id = ?"  # noqa: S608
        return {found for (found,) in self._store.rows(query, [self.account.account_id])}

    def _last_posts(self, posts: Sequence[Post]) -> dict[str, PostRow]:
        if not self._known:
            return {}
        keys = [key for post in posts if (key := self._store.keys.item(post.uri)) in self._known]
        rows = self._last("post", "post_key", PostRow._fields, keys)
        return {row.uri: row for row in (PostRow(*values) for values in rows)}

    def _last_received(self, items: Sequence[Received]) -> dict[int, ReceivedRow]:
        keys = [key for one in items if (key := self._store.keys.item(one.uri)) in self._heard]
        rows = self._last("received", "item_key", ReceivedRow._fields, keys)
        return {row.item_key: row for row in (ReceivedRow(*values) for values in rows)}

    def _last(
        self, table: str, key: str, fields: Sequence[str], keys: Sequence[int]
    ) -> list[tuple[Any, ...]]:
        """The last rows of these items; nothing is asked where none is known."""
        if not keys:
            return []
        return self._select(table, ", ".join(fields), key, keys)

    def _select(
        self, table: str, columns: str, key: str, keys: Sequence[int] | None = None
    ) -> list[tuple[Any, ...]]:
        among = "" if keys is None else f"and {key} in (select unnest(?)) "
        return self._store.rows(
            f"select {columns} from {table} where account_id = ? {among}"  # noqa: S608 all ours
            f"qualify row_number() over (partition by {key} order by seen_at desc) = 1",
            [self.account.account_id] if keys is None else [self.account.account_id, keys],
        )

    def _new_spans(self, batch: Batch) -> list[tuple[object, ...]]:
        """The spans of a batch that this account does not have yet."""
        known = set(
            self._store.rows(
                "select stream, start_at, end_at, proof from span where account_id = ?",
                [self.account.account_id],
            )
            if batch.spans
            else ()
        )
        return [row for row in map(span_row, dict.fromkeys(batch.spans)) if row not in known]
