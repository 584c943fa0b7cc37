"""Walks a source as `collect` does, with a memory in place of the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import httpx
import msgspec

from ingest.errors import SourceError
from ingest.http import Config, Http
from ingest.model import (
    Account,
    AccountState,
    Batch,
    Known,
    KnownPost,
    Post,
    Received,
    Span,
    Stream,
    Thread,
)

NOW = datetime(2024, 10, 15, 6, tzinfo=UTC)
Handler = Callable[[httpx.Request], httpx.Response]


@dataclass
class Memory:
    """What one account's walks left behind, and what the last of them said."""

    posts: dict[str, Post] = field(default_factory=dict)
    received: dict[str, Received] = field(default_factory=dict)
    threads: dict[str, tuple[Thread, datetime]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    cursors: dict[str, str] = field(default_factory=dict)
    state: AccountState | None = None
    batches: list[Batch] = field(default_factory=list)  # of the last walk
    error: SourceError | None = None  # of the last walk
    asked: list[httpx.URL] = field(default_factory=list)  # in the last walk

    def walk(
        self,
        source: ModuleType,
        account: Account,
        handler: Handler,
        now: datetime = NOW,
        **settings: Any,
    ) -> Memory:
        """Walk once more, at `now`."""
        self.batches, self.error, self.asked = [], None, []

        def noted(request: httpx.Request) -> httpx.Response:
            self.asked.append(request.url)
            return handler(request)

        config = Config(
            now=lambda: now, backoff_seconds=0.001, attempt_count=2, max_wait_seconds=1, **settings
        )
        with Http(config, transport=httpx.MockTransport(noted)) as http:
            try:
                for batch in source.walk(account, self.known(), http, config):
                    self._keep(batch, now)
            except SourceError as error:
                self.error = error
        return self

    def known(self) -> Known:
        return Known(
            posts={uri: _known(post) for uri, post in self.posts.items()},
            threads={uri: (t.reply_count, at) for uri, (t, at) in self.threads.items()},
            partial_threads=frozenset(u for u, (t, _) in self.threads.items() if t.is_partial),
            cursors=dict(self.cursors),
            spans=tuple(self.spans),
            created_at=self.state.created_at if self.state else None,
        )

    def _keep(self, batch: Batch, now: datetime) -> None:
        self.batches.append(batch)
        for post in batch.posts:
            last = self.posts.get(post.uri)
            if post.is_deleted and last is not None:
                post = msgspec.structs.replace(last, text="", is_deleted=True)
            self.posts[post.uri] = post
        self.received.update({item.uri: item for item in batch.received})
        self.threads.update({thread.root_uri: (thread, now) for thread in batch.threads})
        self.spans.extend(batch.spans)
        self.cursors.update(batch.cursors)
        self.state = batch.state or self.state

    @property
    def new_posts(self) -> list[Post]:
        return [post for batch in self.batches for post in batch.posts]

    @property
    def notes(self) -> list[str]:
        return [note for batch in self.batches for note in batch.notes]

    @property
    def new_spans(self) -> dict[Stream, list[Span]]:
        found = [span for batch in self.batches for span in batch.spans]
        return {s: [span for span in found if span.stream is s] for s in Stream}


def _known(post: Post) -> KnownPost:
    return KnownPost(
        created_at=post.created_at,
        reply_count=post.reply_count,
        is_pinned=post.is_pinned,
        is_backdated=False,
        is_deleted=post.is_deleted,
    )
