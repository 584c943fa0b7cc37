"""What a live event says of the watched: their own items, replies to them, mentions of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest.bluesky_items import POST, REPOST, Unreadable, author_of, read_post, read_repost
from ingest.live_events import Event, Op
from ingest.model import Batch, Kind, Post, Quarantined, Received


@dataclass(slots=True)
class Found:
    """What came for one account and is not stored yet."""

    posts: dict[str, Post] = field(default_factory=dict)
    received: dict[str, Received] = field(default_factory=dict)
    bad: dict[str, Quarantined] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.posts) + len(self.received) + len(self.bad)

    def batch(self) -> Batch:
        """The same for the store."""
        return Batch(
            posts=tuple(self.posts.values()),
            received=tuple(self.received.values()),
            quarantined=tuple(self.bad.values()),
        )


def sort_in(
    event: Event, accounts: Mapping[str, str], found: dict[str, Found], now: datetime
) -> None:
    """Add an event's items to those they concern; `accounts` holds account ids by DID."""
    for op in event.ops:
        if event.did in accounts:
            _own(op, found.setdefault(accounts[event.did], Found()), now)
        if op.record is not None and f"/{POST}/" in op.uri:
            _others(op, event, accounts, found, now)


def _own(op: Op, found: Found, now: datetime) -> None:
    is_repost = f"/{REPOST}/" in op.uri
    if not is_repost and f"/{POST}/" not in op.uri:
        return
    if op.record is None:
        kind = Kind.REPOST if is_repost else Kind.POST
        found.posts[op.uri] = Post(op.uri, None, kind, is_deleted=True)
        return
    read = read_repost if is_repost else read_post
    try:
        found.posts[op.uri] = read(op.uri, op.record, now, None)
    except Unreadable as error:
        found.bad[op.uri] = Quarantined(op.uri, str(error), error.field)


def _others(
    op: Op, event: Event, accounts: Mapping[str, str], found: dict[str, Found], now: datetime
) -> None:
    """A reply or a mention, for each of the watched that it concerns."""
    try:
        post = read_post(op.uri, op.record, now, None)
    except Unreadable as error:
        told = repr(op.record)
        for did in (did for did in accounts if did in told and did != event.did):
            bad = Quarantined(op.uri, str(error), error.field)
            found.setdefault(accounts[did], Found()).bad[op.uri] = bad
        return
    is_reply = post.kind in {Kind.REPLY, Kind.SELF_REPLY}
    parent = post.parent_uri if is_reply else None
    asked = author_of(parent) if parent else None
    for did in dict.fromkeys((asked or "", *post.mentions)):
        if did == event.did or did not in accounts:
            continue
        mine = found.setdefault(accounts[did], Found())
        mine.received[op.uri] = Received(
            uri=op.uri,
            created_at=post.created_at,
            indexed_at=min(event.at, now),
            author=event.did,
            text=post.text,
            parent_uri=parent,
            root_uri=post.root_uri,
            langs=post.langs,
            is_mention=did in post.mentions,
        )
