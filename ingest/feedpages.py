"""A feed document as posts, and the moments that it proves.

A feed is a window: it says nothing about the days before its oldest item. Inside
the window every item is there, so days without one are days without a post;
that holds only where the items stand in order of time and have dates.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from ingest.coverage import Stretch
from ingest.feeddocument import Document, Item
from ingest.mastodon_api import EARLIEST
from ingest.model import Kind, Post, Quarantined
from ingest.plaintext import clean, from_html

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)
_MOST_OUT_OF_ORDER = 0.2  # of the dated items: pinned ones; beyond, time is not the order
_FEWEST_OLDEST_FIRST = 5  # fewer items that rise may be old ones pinned on top of a newer one


@dataclass(frozen=True, slots=True)
class Entry:
    """An item's place in the window: the moments it may be ordered by; None: no date."""

    published_at: datetime | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What one document became, in the document's order."""

    posts: tuple[Post, ...]
    quarantined: tuple[Quarantined, ...]
    entries: tuple[Entry, ...]
    items: tuple[Item, ...]  # of the posts, in their order
    notes: tuple[str, ...]


def read_page(document: Document, address: str, fetched_at: datetime) -> FeedPage:
    """Posts of a document; `address` is the feed's, for guids that are unique only there."""
    posts: dict[str, Post] = {}
    entries: list[Entry] = []
    items: list[Item] = []
    quarantined: list[Quarantined] = []
    links: set[tuple[str, datetime | None]] = set()
    double_count = 0
    own = {uri for item in document.items if (uri := uri_of(item, address))}
    for item in document.items:
        uri = uri_of(item, address)
        if uri is None:
            digest = hashlib.sha256(f"{item.title}{item.markup}".encode("utf-8", "replace"))
            quarantined.append(Quarantined(digest.hexdigest(), "no guid, link or date", "guid"))
            continue
        post = _post(item, uri, own, address, document.lang, fetched_at)
        place = (item.link or uri, post.created_at)
        if uri in posts or place in links:
            double_count += 1
            continue
        posts[uri] = post
        links.add(place)
        items.append(item)
        changed_at = _plausible(item.updated_at)
        entries.append(
            Entry(
                min(post.created_at, fetched_at) if post.created_at else None,
                min(max(changed_at, post.created_at), fetched_at)
                if changed_at and post.created_at
                else None,
            )
        )
    notes = [document.problem and f"not well formed, read as far as it goes: {document.problem}"]
    notes.append(f"items that stand twice in the feed: {double_count}" if double_count else None)
    undated_count = sum(entry.published_at is None for entry in entries)
    notes.append(f"items without a usable date: {undated_count}" if undated_count else None)
    return FeedPage(
        mark_pinned(tuple(posts.values()), entries),
        tuple(quarantined),
        tuple(entries),
        tuple(items),
        tuple(note for note in notes if note),
    )


def uri_of(item: Item, address: str) -> str | None:
    """The item's guid, made unique by the feed's address where it is a bare number or word.

    Without guid the link, without link a hash of date and title, else None.
    """
    if item.guid:
        return _unique(item.guid, address)
    if item.link:
        return item.link
    if item.published_at is None:
        return None
    digest = hashlib.sha256(f"{item.published_at}{item.title}".encode("utf-8", "replace"))
    return f"{address}#{digest.hexdigest()[:24]}"


def _unique(guid: str, address: str) -> str:
    return guid if _SCHEME.match(guid) else f"{address}#{guid}"


def _post(
    item: Item, uri: str, own: set[str], address: str, lang: str | None, fetched_at: datetime
) -> Post:
    created_at = _plausible(item.published_at) or _plausible(item.updated_at)
    text = _text(item)
    code = (item.lang or lang or "").strip().lower()
    parent = _unique(item.parent, address) if item.parent else None
    kind = Kind.POST
    if parent:
        kind = Kind.SELF_REPLY if parent in own and parent != uri else Kind.REPLY
    return Post(
        uri=uri,
        created_at=created_at,
        kind=kind,
        text=text,
        indexed_at=fetched_at if created_at and created_at > fetched_at else None,
        parent_uri=parent,
        root_uri=parent,
        langs=(code,) if code else (),
        reply_count=item.comment_count,
    )


def _plausible(at: datetime | None) -> datetime | None:
    return at if at is not None and at >= EARLIEST else None


def _text(item: Item) -> str:
    """Title and content; a title that only repeats the content's beginning is left out."""
    title, content = clean(from_html(item.title)), from_html(item.markup)
    start = "".join(title.rstrip("….").split()).casefold()
    if not start or "".join(content[: len(title) * 2 + 20].split()).casefold().startswith(start):
        return content or title
    return f"{title}\n\n{content}" if content else title


def mark_pinned(posts: Sequence[Post], entries: Sequence[Entry]) -> tuple[Post, ...]:
    """The same posts; those that stand out of the order of time are marked as pinned."""
    kept = _in_order(_keys(entries))
    marked = []
    for index, post in enumerate(posts):
        is_pinned = index not in kept and entries[index].published_at is not None
        marked.append(msgspec.structs.replace(post, is_pinned=True) if is_pinned else post)
    return tuple(marked)


def proven(
    entries: Sequence[Entry], end_at: datetime, *, is_complete: bool = False
) -> list[Stretch]:
    """The stretches that documents prove whose entries are given newest first.

    From the oldest item that stands in the order of time up to `end_at`, without
    the stretches where an item without a date may belong. Nothing where the
    items are not ordered by time, unless the feed says that it is complete.
    """
    keys = _keys(entries)
    dated = [key for key in keys if key is not None]
    kept = _in_order(keys)
    if is_complete and dated and len(dated) == len(keys):
        return [Stretch(min(dated), end_at)]
    if not dated or len(dated) - len(kept) > max(1, _MOST_OUT_OF_ORDER * len(dated)):
        return []
    in_time = [key if index in kept else None for index, key in enumerate(keys)]
    unknown = [key is None for key in keys]
    stretches: list[Stretch] = []
    newer, is_hole = end_at, False
    for key, has_no_date in zip(in_time, unknown, strict=True):
        is_hole = is_hole or has_no_date
        if key is None:
            continue
        if not is_hole:
            stretches.append(Stretch(key, newer))
        newer, is_hole = key, False
    return stretches


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """The entries of one document, turned around if its oldest item stands first."""
    keys = _keys(entries)
    kept = _in_order(keys)
    is_ascending = _is_ascending([key for index, key in enumerate(keys) if index in kept])
    return list(reversed(entries)) if is_ascending else list(entries)


def _keys(entries: Sequence[Entry]) -> list[datetime | None]:
    """What the items are ordered by: their last change, unless their publication fits better.

    An item that was changed before the oldest change shown has left the window,
    though it may have been published after what is still there.
    """
    published = [entry.published_at for entry in entries]
    changed = [entry.changed_at or entry.published_at for entry in entries]
    by_published, by_change = len(_in_order(published)), len(_in_order(changed))
    return published if by_published > by_change else changed


def _is_ascending(keys: Sequence[datetime | None]) -> bool:
    dated = [key for key in keys if key is not None]
    return len(dated) > 1 and dated[0] < dated[-1]


def _in_order(keys: Sequence[datetime | None]) -> set[int]:
    """The items in the longest run through the document that time orders, by the day."""
    days = [(index, key.toordinal()) for index, key in enumerate(keys) if key is not None]
    newest_first = _longest([(index, -day) for index, day in days])
    oldest_first = _longest(days)
    is_turned = len(oldest_first) > max(len(newest_first), _FEWEST_OLDEST_FIRST - 1)
    return set(oldest_first if is_turned else newest_first)


def _longest(days: Sequence[tuple[int, int]]) -> list[int]:
    """The indexes of a longest subsequence that never falls."""
    tails: list[int] = []
    last: list[int] = []  # position in `days` of each tail
    before: list[int] = []
    for position, (_, day) in enumerate(days):
        length = bisect_right(tails, day)
        before.append(last[length - 1] if length else -1)
        tails[length : length + 1] = [day]
        last[length : length + 1] = [position]
    chain, position = [], last[-1] if last else -1
    while position >= 0:
        chain.append(days[position][0])
        position = before[position]
    return chain[::-1]
