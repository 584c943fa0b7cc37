"""What a Bluesky repository file says: items in batches, and which items are no more.

A whole file must hold everything its tree names. A difference (`since`) leaves
unchanged blocks out, so it never names a deletion; `gone_since` finds those by
comparing the stored keys with the tree, whose shape is fixed by the keys' hashes
(`ingest.car.level_of`), and says when that cannot be decided.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from ingest.atproto import Asker, Refused
from ingest.bluesky_items import (
    GATE,
    POST,
    REPOST,
    Unreadable,
    parse_moment,
    read_post,
    read_repost,
)
from ingest.car import BadBlockError, CarError, Entry, Gap, Repo, level_of
from ingest.model import Batch, Kind, Known, Post, Quarantined, Span, Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ingest.http import Config

_BATCH = 2_000
_DAY = timedelta(hours=24)
_LIST_ALL_EVERY = timedelta(days=28)
_REPO_SIZE = 4  # a repository may be so many times larger than other answers


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file is read with."""

    did: str
    fetched_at: datetime
    opened_at: datetime | None = None
    pinned: str = ""  # address of the pinned post
    is_whole: bool = True


def open_repo(body: bytes, did: str) -> Repo:
    """The file, if it is this account's; CarError if not."""
    repo = Repo(body)
    if not repo.is_header_only and repo.did != did:
        raise CarError("it belongs to another account")
    return repo


def read_items(repo: Repo, reading: Reading) -> Iterator[Batch]:
    """Posts and reposts in the order of their keys, at most 2,000 a batch."""
    restricted = _restricted(repo, reading)
    posts: list[Post] = []
    bad: list[Quarantined] = []
    for entry in _entries(repo, [POST, REPOST], reading):
        uri = f"at://{reading.did}/{entry.key}"
        try:
            post = _item(repo, entry, uri, reading, restricted)
        except (Unreadable, BadBlockError) as error:
            bad.append(Quarantined(uri, str(error), getattr(error, "field", "")))
        else:
            if post:
                posts.append(post)
        if len(posts) + len(bad) >= _BATCH:
            yield Batch(posts=tuple(posts), quarantined=tuple(bad))
            posts, bad = [], []
    if posts or bad:
        yield Batch(posts=tuple(posts), quarantined=tuple(bad))


def gone_since(repo: Repo, did: str, stored: Iterable[str]) -> set[str] | None:
    """The stored addresses that a difference has no room for; None if it cannot decide.

    A key is still there if the tree names it, or if it lies in an unchanged subtree
    and stands low enough for it. Where something above an unchanged subtree went,
    the subtree is that of one side: if stored keys stood on both, only a whole
    listing tells which. (Next to another collection, a like that went unseen can
    hide the deletion of all posts on one side of it; the monthly whole listing
    finds those.)
    """
    found = _named(repo)
    if found is None:
        return None
    named, gaps = found
    gone: set[str] = set()
    stays: dict[int, list[bool]] = {}  # by gap: its stored keys from left to right
    prefix = f"at://{did}/"
    for uri in sorted(stored):
        key = uri.removeprefix(prefix)
        if key in named:
            continue
        at = bisect_left(gaps, key, key=lambda gap: gap.after) - 1
        if at >= 0 and key < gaps[at].before:
            is_low = level_of(key) < (gaps[at].level or 0)
            stays.setdefault(at, []).append(is_low)
            if is_low:
                continue
        gone.add(uri)
    is_clear = all(_is_clear(gaps[at], keys) for at, keys in stays.items())
    return gone if is_clear else None


def _named(repo: Repo) -> tuple[set[str], list[Gap]] | None:
    """The keys and gaps of a difference; None if it changes items it does not hold."""
    named: set[str] = set()
    fresh: set[str] = set()
    gaps: list[Gap] = []
    for part in repo.walk([POST, REPOST, GATE]):
        if isinstance(part, Gap):
            if part.level is None:
                return None  # the whole tree is an older one, or a part of one
            gaps.append(part)
            continue
        named.add(part.key)
        if repo.holds(part.cid):
            fresh.add(part.key)
            collection, _, rkey = part.key.partition("/")
            if collection == GATE and f"{POST}/{rkey}" not in fresh:
                return None  # replies under an older post were restricted
    return named, gaps


def _is_clear(gap: Gap, stays: list[bool]) -> bool:
    if all(stays):
        return True
    sides = sum(1 for i, is_kept in enumerate(stays) if is_kept and not (i and stays[i - 1]))
    is_ours = gap.after.partition("/")[0] == gap.before.partition("/")[0]
    return sides == 0 or (sides == 1 and is_ours)


def _entries(repo: Repo, collections: list[str], reading: Reading) -> Iterator[Entry]:
    for part in repo.walk(collections):
        if isinstance(part, Entry):
            yield part
        elif reading.is_whole:
            raise CarError("a part of its tree is missing")


def _item(
    repo: Repo, entry: Entry, uri: str, reading: Reading, restricted: set[str]
) -> Post | None:
    record = repo.block(entry.cid)
    if record is None:
        if reading.is_whole:
            raise CarError("a record is missing")
        return None
    collection, _, rkey = entry.key.partition("/")
    if collection == REPOST:
        return read_repost(uri, record, reading.fetched_at, reading.opened_at)
    return read_post(
        uri,
        record,
        reading.fetched_at,
        reading.opened_at,
        is_pinned=uri == reading.pinned,
        is_restricted=rkey in restricted,
    )


def _restricted(repo: Repo, reading: Reading) -> set[str]:
    """Record keys of the posts under which not everybody may reply."""
    found = set()
    for entry in _entries(repo, [GATE], reading):
        try:
            gate = repo.block(entry.cid)
        except BadBlockError:
            continue  # a gate is no item: the post is read without it
        if gate and isinstance(gate.get("allow"), list):
            found.add(entry.key.partition("/")[2])
    return found


@dataclass(slots=True)
class Acts:
    """Reads what one person did since the last walk; afterwards `own` lists the posts."""

    ask: Asker
    known: Known
    did: str
    home: str
    opened_at: datetime | None
    pinned: str
    own: dict[str, float] = field(default_factory=dict)  # moments of own posts by record key
    oldest: datetime | None = None  # own item that is not backdated

    def batches(self) -> Iterator[Batch]:
        """New, changed and deleted items; their span and the cursors last."""
        began_at, cursors = self.ask.config.now(), self.known.cursors
        prefix = f"at://{self.did}/"
        stored = {uri for uri, post in self.known.posts.items() if uri.startswith(prefix)} - {
            uri for uri, post in self.known.posts.items() if post.is_deleted
        }
        gone: set[str] | None = None
        repo, proof = None, "overlap"
        if cursors.get("did") == self.did and cursors.get("rev"):
            repo = self._since(cursors["rev"])
        if repo and repo.is_header_only:
            is_same = repo.root.hex() == cursors.get("commit")
            proof, gone = "unchanged", set() if is_same else None
        elif repo and not self._is_listing_due(began_at):
            gone = gone_since(repo, self.did, stored)
        if repo is None or gone is None:
            repo = None  # the difference need not stay in memory beside the whole
            repo, proof = self._fetch(None), "listing_to_end"
        yield from self._changes(repo, stored, gone)
        moved = {"did": self.did, "handle": self.ask.account.handle}
        if not repo.is_header_only:
            moved |= {"rev": repo.rev, "commit": repo.root.hex()}
        if gone is None:
            moved["listed_at"] = began_at.isoformat()
        yield Batch(spans=self.span(Stream.ACTS, began_at, proof), cursors=moved)

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
        for at in range(0, len(gone), _BATCH):
            yield Batch(posts=tuple(gone[at : at + _BATCH]))

    def span(self, stream: Stream, end_at: datetime, proof: str) -> tuple[Span, ...]:
        """From the account's opening, or its oldest item, to this moment."""
        starts = [span.start_at for span in self.known.spans if span.stream is Stream.ACTS]
        opened_at = self.opened_at or self.known.created_at
        start_at = opened_at - _DAY if opened_at else min([*starts, self.oldest or end_at])
        start_at = max(start_at, _since_moment(self.ask.config) or start_at)
        return (Span(stream, start_at, end_at, proof),) if start_at < end_at else ()


def _since_moment(config: Config) -> datetime | None:
    return datetime.combine(config.since, time.min, UTC) if config.since else None
