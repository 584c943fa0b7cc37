"""What a publisher keeps of a feed's past, document by document, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from ingest.errors import AccessDenied, AccountGone, UnexpectedPayload
from ingest.feeddocument import Author, Document, Item, WebPage
from ingest.feedpages import Entry, FeedPage, newest_first, read_page
from ingest.model import Batch, KnownPost, Post
from ingest.wordpress_api import is_comment_uri

if TYPE_CHECKING:
    from ingest.feedwalk import FeedVisit

WHOLE = "whole"  # everything that was ever published was asked for
WINDOW = "window"  # the publisher offers nothing older
_MOST_PAGES = 5_000


class History:
    """The documents of one walk, newest first."""

    def __init__(self, visit: FeedVisit, url: str, first: Document) -> None:
        self.visit, self.first_url, self.document = visit, url, first
        self.entries: list[Entry] = []
        self.notes: list[str] = []
        self.has_met = self.is_broken = False
        self.is_complete = first.is_complete
        self.told: list[tuple[Post, Item]] = []  # what was kept, without its words
        self.authors: set[Author] = set()
        self.history = ""
        self._seen: set[str] = set()
        self._visited = {url}

    def walk(self) -> Iterator[Batch]:
        """A batch per document, until nothing older is wanted or offered."""
        for number in range(1, _MOST_PAGES + 1):
            page = read_page(self.document, self.visit.address, self.visit.fetched_at)
            fresh = [post for post in page.posts if post.uri not in self._seen]
            yield self._batch(page, fresh)
            self._seen.update(post.uri for post in fresh)
            if self._is_enough(page):
                return
            older = self._older(number)
            if older is None or (self._is_guess() and not fresh):
                is_walked = self.is_complete or (older is None and number > 1)
                self.history = WHOLE if is_walked else WINDOW
                return
            if older in self._visited:
                self.notes.append("older items cannot be read: the feed leads in a circle")
                return
            if not self._open(older):
                return
        self.notes.append(f"stopped after {_MOST_PAGES} documents")

    def _batch(self, page: FeedPage, fresh: list[Post]) -> Batch:
        visit = self.visit
        self.has_met = self.has_met or any(map(visit.is_overlap, page.posts))
        pairs = zip(page.posts, page.entries, strict=True)
        new = [entry for post, entry in pairs if post.uri not in self._seen]
        self.entries += newest_first(new)
        if "not well formed" in " ".join(page.notes):
            self.is_broken = True  # perhaps cut: its ETag must not hide the rest next time
        posts, renamed_count = reconcile(fresh, visit.known.posts, visit.fetched_at)
        notes = list(page.notes)
        if renamed_count:
            notes.append(f"items known under another guid: {renamed_count}")
        recent = [p for p in posts if p.created_at is None or p.created_at >= visit.since_at]
        self._note(page, recent)
        return Batch(posts=tuple(recent), quarantined=page.quarantined, notes=tuple(notes))

    @property
    def newest_at(self) -> datetime | None:
        """The moment of the newest item."""
        moments = (entry.published_at for entry in self.entries)
        return max((at for at in moments if at), default=None)

    def _note(self, page: FeedPage, kept: list[Post]) -> None:
        """Remember the items and who wrote them, for their comments."""
        items = {post.uri: item for post, item in zip(page.posts, page.items, strict=True)}
        for post in kept:
            item = items[post.uri]
            bare = msgspec.structs.replace(post, text="")
            self.told.append((bare, replace(item, markup="", title="")))
            if author := item.author or self.document.author:
                self.authors.add(author)

    def _is_enough(self, page: FeedPage) -> bool:
        visit = self.visit
        moments = [p.created_at for p in page.posts if p.created_at and not p.is_pinned]
        if moments and min(moments) < visit.since_at:
            self.history = visit.since_at.date().isoformat()
            return True
        if self.has_met and visit.is_history_walked():
            self.history = visit.cursors["feed_history"]
            return True
        return False

    def _older(self, number: int) -> str | None:
        """The address of the next older document; None where nobody offers one."""
        if self.is_complete:
            return None
        if self._is_guess():
            return _with_query(self.first_url, "paged", str(number + 1))
        links = self.document.links
        return links.get("prev-archive") or links.get("next")

    def _is_guess(self) -> bool:
        """Whether older pages are asked for without a link, because WordPress has them."""
        is_linked = not self.document.links.keys().isdisjoint(("prev-archive", "next"))
        return not is_linked and "wordpress.org" in self.document.generator

    def _open(self, url: str) -> bool:
        """Go to an older document; False at the end or where the chain is broken."""
        self._visited.add(url)
        is_guess = self._is_guess()
        try:
            opened = self.visit.open(url)
        except (AccountGone, AccessDenied, UnexpectedPayload, WebPage) as error:
            if is_guess and isinstance(error, AccountGone | WebPage):
                self.history = WHOLE  # WordPress answers 404 after its last page
            else:
                self.notes.append(f"older items cannot be read: {error}")
            return False
        if opened.document is None:
            return False
        self.document = opened.document
        return True


def reconcile(
    posts: list[Post], known: Mapping[str, KnownPost], fetched_at: datetime
) -> tuple[list[Post], int]:
    """The posts as they are to be stored, and how many are known under another guid.

    An item that comes again with a new date keeps its first one. An unknown item
    with exactly the moment of a stored one that left the window's middle is that
    item under a changed guid.
    """
    here = {post.uri for post in posts}
    moments = [post.created_at for post in posts if post.created_at]
    lost = Counter(
        item.created_at
        for uri, item in known.items()
        if moments and uri not in here and not item.is_deleted and not is_comment_uri(uri)
        if item.created_at and min(moments) <= item.created_at <= max(moments)
    )
    kept = []
    for post in posts:
        item = known.get(post.uri)
        if item is None and post.created_at and lost[post.created_at] > 0:
            lost[post.created_at] -= 1
            continue
        if item is not None:
            post = as_first_seen(post, item, fetched_at)
        kept.append(post)
    return kept, len(posts) - len(kept)


def as_first_seen(post: Post, known: KnownPost, fetched_at: datetime) -> Post:
    """A post that comes again, with its first date; one that lay in the future may change."""
    is_settled = known.created_at is not None and known.created_at <= fetched_at
    at = known.created_at if is_settled else post.created_at
    return msgspec.structs.replace(post, created_at=at, indexed_at=None)


def _with_query(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    return urlunsplit(parts._replace(query=urlencode([*query, (name, value)])))
