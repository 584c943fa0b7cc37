"""One account's walk: what the store knew before it, and what each page adds.

A page that says nothing new adds nothing, so a walk can be repeated, cut short
and taken up again in any order.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain
from typing import Any

import duckdb
import msgspec

from ingest.model import (
    Account,
    AccountState,
    Batch,
    Known,
    KnownPost,
    Post,
    Quarantined,
    Span,
    Stream,
    Thread,
)
from ingest.privacy import Keys
from ingest.rows import NotCitizens, PostRow, ReceivedRow, RowMaker, TextStep
from ingest.store import Rows, Store

BACKDATED = timedelta(hours=24)
MOST_ITEMS, MOST_SECONDS = 1_000, 1.0  # gathered before they are stored
_LAST = (
    "from {table} where account_id = ? "
    "qualify row_number() over (partition by {key} order by seen_at desc) = 1"
)


@dataclass(frozen=True, slots=True)
class Appended:
    """How many rows a page added."""

    post_count: int = 0
    received_count: int = 0


class Walk:
    """The account's rows in memory while it is walked; the store's only way in for pages."""

    def __init__(
        self,
        store: Store,
        account: Account,
        run_id: str,
        text_step: TextStep,
        *,
        now: Callable[[], datetime],
        language: str | None = None,
        others: NotCitizens | None = None,
    ) -> None:
        self._store, self._id, self._run_id, self._now = store, account.account_id, run_id, now
        self._maker = RowMaker(
            store.keys, text_step, account.platform, language, others or NotCitizens()
        )
        self._posts: dict[str, PostRow] = {}
        self._first_seen: dict[str, datetime] = {}
        query = f"select {', '.join(PostRow._fields)}, min(seen_at) over (partition by uri) "
        for *values, first in self._last_rows(query, "post", "uri"):
            row = PostRow(*values)
            self._posts[row.uri], self._first_seen[row.uri] = row, first
        query = f"select {', '.join(ReceivedRow._fields)} "
        self._received = {
            row.item_key: row
            for row in (ReceivedRow(*v) for v in self._last_rows(query, "received", "item_key"))
        }
        self._cursors: dict[str, str] = dict(
            self._last_rows("select name, value ", "cursor_position", "name")
        )
        states = self._last_rows(
            "select * exclude (account_id, run_id, seen_at) ", "account_state", "1"
        )
        self._state = states[0] if states else None
        self._quarantined = set(
            store.rows(
                "select item_key, field, reason from quarantine where account_id = ?", [self._id]
            )
        )
        self._pinned: set[str] = set()

    def _last_rows(self, query: str, table: str, key: str) -> list[tuple[Any, ...]]:
        return self._store.rows(query + _LAST.format(table=table, key=key), [self._id])

    def known(self) -> Known:
        """What is stored of the account, as its source wants it."""
        spans = self._store.rows(
            "select stream, start_at, end_at, proof, seen_at from span where account_id = ? "
            "order by seen_at, start_at",
            [self._id],
        )
        acts = _Proven((start, end, seen) for s, start, end, _, seen in spans if s == Stream.ACTS)
        threads = self._last_rows(
            "select root_uri, reply_count, is_partial, seen_at ", "thread", "root_key"
        )
        created = self._store.rows(
            "select max_by(created_at, seen_at) from account_state "
            "where account_id = ? and created_at is not null",
            [self._id],
        )[0][0]
        return Known(
            posts={uri: self._known_post(row, acts) for uri, row in self._posts.items()},
            threads={uri: (n, _aware(seen)) for uri, n, _, seen in threads if uri is not None},
            partial_threads=frozenset(uri for uri, _, is_cut, _ in threads if uri and is_cut),
            cursors=dict(self._cursors),
            spans=tuple(
                Span(Stream(stream), _aware(start), _aware(end), proof)
                for stream, start, end, proof, _ in spans
            ),
            created_at=None if created is None else _aware(created),
        )

    def _known_post(self, row: PostRow, proven: _Proven) -> KnownPost:
        return KnownPost(
            created_at=None if row.created_at is None else _aware(row.created_at),
            reply_count=row.reply_count,
            is_pinned=row.is_pinned,
            is_backdated=_is_backdated(row, self._first_seen.get(row.uri), proven),
            is_deleted=row.is_deleted,
        )

    def append(self, batch: Batch) -> Appended:
        """Store what a page says that was not known yet: all of it, or nothing when it fails."""
        posts = self._maker.posts(self._noting_pins(batch.posts), self._posts)
        received = self._maker.received(batch.received, self._received)
        states = [] if batch.state is None else [state_row(batch.state)]
        states = [row for row in states if row != self._state]
        bad = sorted(
            {quarantine_row(self._maker, self._store.keys, one) for one in batch.quarantined}
            - self._quarantined
        )
        cursors = dict(batch.cursors.items() - self._cursors.items())
        own = self._posts.keys() | {row.uri for row in posts}
        with self._store.transaction() as con:
            at = self._store.next_moment(self._now())
            self._insert("post", posts, at)
            self._insert("received", received, at)
            self._insert("thread", self._threads(batch.threads, own), at)
            self._insert("account_state", states, at)
            self._insert("span", list(map(span_row, dict.fromkeys(batch.spans))), at)
            self._insert("cursor_position", sorted(cursors.items()), at)
            self._insert("quarantine", bad, at)
            erase(con, self._id, self._run_id, [row.uri for row in posts if row.is_deleted])
        self._posts.update((row.uri, row) for row in posts)
        self._received.update((row.item_key, row) for row in received)
        self._state = states[0] if states else self._state
        self._quarantined.update(bad)
        self._cursors.update(cursors)
        return Appended(len(posts), len(received))

    def _insert(self, table: str, rows: Rows, at: datetime) -> None:
        self._store.insert(table, [(self._id, self._run_id, at, *row) for row in rows])

    def _noting_pins(self, posts: Iterable[Post]) -> list[Post]:
        """The posts, those seen pinned in any page of this walk as pinned."""
        posts = list(posts)
        self._pinned.update(post.uri for post in posts if post.is_pinned)
        return [
            msgspec.structs.replace(post, is_pinned=True)
            if post.uri in self._pinned and not post.is_pinned and not post.is_deleted
            else post
            for post in posts
        ]

    def _threads(self, threads: Iterable[Thread], own: Set[str]) -> Rows:
        """One row per thread; the address of its first item only if that is the person's."""
        last = {thread.root_uri: thread for thread in threads}
        return [
            (self._store.keys.item(uri), uri if uri in own else None, t.reply_count, t.is_partial)
            for uri, t in last.items()
        ]


class Buffer:
    """Gathers small pages, so that a thread of two replies is not a transaction of its own."""

    def __init__(self, walk: Walk, on_added: Callable[[Appended], None]) -> None:
        self._walk, self._on_added = walk, on_added
        self._pages: list[Batch] = []
        self._began = time.monotonic()

    def add(self, page: Batch) -> None:
        """Take a page; store all gathered ones once they are many or old."""
        self._pages.append(page)
        items = sum(len(p.posts) + len(p.received) + len(p.threads) for p in self._pages)
        if items >= MOST_ITEMS or time.monotonic() - self._began >= MOST_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Store what was gathered."""
        pages, self._pages, self._began = self._pages, [], time.monotonic()
        if pages:
            self._on_added(self._walk.append(_joined(pages)))


def _joined(pages: Sequence[Batch]) -> Batch:
    """One page that says what these say one after the other."""
    states = [page.state for page in pages if page.state is not None]
    return Batch(
        posts=tuple(chain.from_iterable(page.posts for page in pages)),
        received=tuple(chain.from_iterable(page.received for page in pages)),
        threads=tuple(chain.from_iterable(page.threads for page in pages)),
        spans=tuple(chain.from_iterable(page.spans for page in pages)),
        quarantined=tuple(chain.from_iterable(page.quarantined for page in pages)),
        state=states[-1] if states else None,
        cursors={name: value for page in pages for name, value in page.cursors.items()},
    )


def erase(con: duckdb.DuckDBPyConnection, account_id: str, run_id: str, uris: list[str]) -> None:
    """Take deleted texts out of all earlier rows; `compact` takes them out of the file."""
    if not uris:
        return
    con.execute(
        "update post set text = null, answer_keys = null "
        "where account_id = ? and text is not null and uri in (select unnest(?))",
        [account_id, uris],
    )
    con.execute("insert into meta values ('erased_in', ?)", [run_id])


def quarantine_row(maker: RowMaker, keys: Keys, item: Quarantined) -> tuple[object, ...]:
    """An item that could not be read as a row of `quarantine`, from `item_key` on."""
    return (keys.item(item.item), item.field, maker.safe_line(item.reason))


def state_row(state: AccountState) -> tuple[object, ...]:
    """What a platform said as a row of `account_state`, from `native_id` on."""
    return (
        state.native_id,
        state.handle,
        state.host,
        state.status.value,
        None if state.created_at is None else _naive(state.created_at),
        state.moved_to,
        state.shows.acts,
        state.shows.replies,
        state.shows.received_under_own_posts,
        state.shows.received_mentions,
        state.shows.full_history,
    )


class _Proven:
    """The moments of own items that were known when something was first seen."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime, datetime]]) -> None:
        self._spans = sorted(spans, key=lambda span: span[2])
        self._seen = [seen for _, _, seen in self._spans]
        self._reached = list(accumulate((end for _, end, _ in self._spans), max))

    def holds(self, moment: datetime, before: datetime) -> bool:
        """Whether spans seen before a moment hold another one, a day from their end."""
        count = bisect_left(self._seen, before)
        if not count or moment >= self._reached[count - 1] - BACKDATED:
            return False
        return any(start <= moment < end - BACKDATED for start, end, _ in self._spans[:count])


def _is_backdated(row: PostRow, first_seen: datetime | None, proven: _Proven) -> bool:
    """METHOD §0.9: long before its first index, or on a day already known without it."""
    created, indexed = row.created_at, row.indexed_at
    if created is None:
        return False
    if indexed is not None and indexed - created > BACKDATED:
        return True
    moment = created if indexed is None else min(created, indexed)
    return first_seen is not None and proven.holds(moment, before=first_seen)


def span_row(span: Span) -> tuple[object, ...]:
    """Proven moments as a row of `span`, from `stream` on."""
    return (span.stream.value, _naive(span.start_at), _naive(span.end_at), span.proof)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
