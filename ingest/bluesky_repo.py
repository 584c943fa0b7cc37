"""What a Bluesky repository file says: items in batches, and which items are no more.

A whole file must hold everything its tree names. A difference (`since`) leaves
unchanged blocks out, so it never names a deletion; `gone_since` finds those by
comparing the stored keys with the tree, whose shape is fixed by the keys' hashes
(`ingest.car.level_of`), and says when that cannot be decided.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.bluesky_items import GATE, POST, REPOST, Unreadable, read_post, read_repost
from ingest.car import BadBlockError, CarError, Entry, Gap, Repo, level_of
from ingest.model import Batch, Post, Quarantined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime


BATCH = 2_000


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
        if len(posts) + len(bad) >= BATCH:
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
    if entry.key.startswith(REPOST):
        return read_repost(uri, record, reading.fetched_at, reading.opened_at)
    return read_post(
        uri,
        record,
        reading.fetched_at,
        reading.opened_at,
        is_pinned=uri == reading.pinned,
        is_restricted=bool(restricted) and entry.key.partition("/")[2] in restricted,
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
