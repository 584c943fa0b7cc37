"""Walking a Bluesky repository: whole at first, then by differences, proof and cursors last.

On another server the first listing is whole again: what a server calls new `since` a
revision is what came to it since then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from ingest.atproto import Asker, Refused
from ingest.bluesky_items import POST, REPOST, parse_moment
from ingest.bluesky_repo import BATCH, Reading, gone_since, open_repo, read_items
from ingest.car import CarError, Repo
from ingest.model import Batch, Kind, Known, Post, Span, Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.http import Config

_DAY = timedelta(hours=24)
_LIST_ALL_EVERY = timedelta(days=28)
_REPO_SIZE = 4  # a repository may be so many times larger than other answers


@dataclass(slots=True)
class Acts:
    """Reads what one person did since the last walk; afterwards `own` lists the posts."""

    ask: Asker
    known: Known
    did: str
    home: str
    opened_at: datetime | None
    pinned: str
    sure_until: datetime | None = None  # when the server was last looked up; None: in this walk
    own: dict[str, float] = field(default_factory=dict)  # moments of own posts by record key
    oldest: datetime | None = None  # own item that is not backdated
    is_whole: bool = False

    def batches(self) -> Iterator[Batch]:
        """New, changed and deleted items; their span and the cursors last."""
        began_at, cursors = self.ask.config.now(), self.known.cursors
        prefix = f"at://{self.did}/"
        stored = {uri for uri, post in self.known.posts.items() if uri.startswith(prefix)} - {
            uri for uri, post in self.known.posts.items() if post.is_deleted
        }
        gone: set[str] | None = None
        repo, proof = None, "overlap"
        is_same = cursors.get("did") == self.did and cursors.get("home") == self.home
        if is_same and cursors.get("rev") and self._reaches_back():
            repo = self._since(cursors["rev"])
        if repo and repo.is_header_only:
            is_last = repo.root.hex() == cursors.get("commit")
            proof, gone = "unchanged", set() if is_last else None
        elif repo and not self._is_listing_due(began_at):
            gone = gone_since(repo, self.did, stored)
        if repo is None or gone is None:
            repo = None  # the difference need not stay in memory beside the whole
            repo, proof = self._fetch(None), "listing_to_end"
        yield from self._changes(repo, stored, gone)
        moved = {"did": self.did, "handle": self.ask.account.handle, "home": self.home}
        if not repo.is_header_only:
            moved |= {"rev": repo.rev, "commit": repo.root.hex()}
        self.is_whole = gone is None
        if self.is_whole:
            moved |= {"listed_at": began_at.isoformat(), "listed_from": self._from()}
        yield Batch(spans=self.span(Stream.ACTS, began_at, proof), cursors=moved)

    def _from(self) -> str:
        since = self.ask.config.since
        return since.isoformat() if since else ""

    def _reaches_back(self) -> bool:
        """Whether the last whole listing was kept as far back as this run wants."""
        listed_from = self.known.cursors.get("listed_from", "")
        return not listed_from or self._from() >= listed_from

    def _is_listing_due(self, now: datetime) -> bool:
        listed_at = parse_moment(self.known.cursors.get("listed_at"))
        return listed_at is None or now - listed_at >= _LIST_ALL_EVERY

    def _since(self, rev: str) -> Repo | None:
        """What changed since a revision; None where this server cannot tell."""
        try:
            repo = self._fetch(rev)
        except Refused:
            return None
        return repo if repo.is_header_only or repo.rev > rev else None

    def _fetch(self, since: str | None) -> Repo:
        params = {"did": self.did, "since": since} if since else {"did": self.did}
        limit = self.ask.config.max_bytes * _REPO_SIZE
        reply = self.ask.pds(self.home, "com.atproto.sync.getRepo", params, limit)
        repo = open_repo(reply.body, self.did)
        if repo.is_header_only and not since:
            raise CarError("it is empty")
        return repo

    def _changes(self, repo: Repo, stored: set[str], gone: set[str] | None) -> Iterator[Batch]:
        """The items a file holds, then the deletions; `gone` None: the file is whole."""
        left = set(stored) if gone is None else gone
        for uri in stored - left:
            self._keep(uri, self.known.posts[uri].created_at)
        if not repo.is_header_only:
            now = self.ask.config.now()
            reading = Reading(self.did, now, self.opened_at, self.pinned, is_whole=gone is None)
            for batch in read_items(repo, reading):
                left.difference_update(post.uri for post in batch.posts)
                left.difference_update(bad.item for bad in batch.quarantined)
                posts = tuple(post for post in batch.posts if self._is_wanted(post))
                if posts or batch.quarantined:
                    yield replace(batch, posts=posts)
        yield from self._deletions(left)

    def _is_wanted(self, post: Post) -> bool:
        moments = [m for m in (post.created_at, post.indexed_at) if m]
        moment = min(moments, default=None)
        since = _since_moment(self.ask.config)
        if moment is None or (since and moment < since):
            return False
        is_backdated = max(moments) - moment > _DAY and post.created_at == moment
        if not is_backdated:
            self.oldest = min(self.oldest or moment, moment)
        self._keep(post.uri, moment)
        return True

    def _keep(self, uri: str, moment: datetime | None) -> None:
        collection, _, rkey = uri.removeprefix(f"at://{self.did}/").partition("/")
        if collection == POST:
            self.own[rkey] = moment.timestamp() if moment else 0.0

    def _deletions(self, uris: set[str]) -> Iterator[Batch]:
        gone = [
            Post(
                uri=uri,
                created_at=self.known.posts[uri].created_at,
                kind=Kind.REPOST if f"/{REPOST}/" in uri else Kind.POST,
                is_deleted=True,
            )
            for uri in sorted(uris)
        ]
        for at in range(0, len(gone), BATCH):
            yield Batch(posts=tuple(gone[at : at + BATCH]))

    def span(self, stream: Stream, end_at: datetime, proof: str) -> tuple[Span, ...]:
        """From the account's opening, or its oldest item, to this moment.

        A remembered server proves no more than up to when it was looked up: meanwhile the
        account may have moved, and the old server gone on answering.
        """
        end_at = min(end_at, self.sure_until or end_at)
        starts = [span.start_at for span in self.known.spans if span.stream is Stream.ACTS]
        opened_at = self.opened_at or self.known.created_at
        start_at = opened_at - _DAY if opened_at else min([*starts, self.oldest or end_at])
        start_at = max(start_at, _since_moment(self.ask.config) or start_at)
        return (Span(stream, start_at, end_at, proof),) if start_at < end_at else ()


def _since_moment(config: Config) -> datetime | None:
    return datetime.combine(config.since, time.min, UTC) if config.since else None
