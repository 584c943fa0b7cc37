"""The comments of one walk of a WordPress site: all of them, or those of the last weeks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ingest.model import Batch, Kind, Post
from ingest.wordpress_api import is_comment_uri, post_id_of, read_comments
from ingest.wordpress_comments import Comments, Watched
from ingest.wordpress_home import NoApi

if TYPE_CHECKING:
    from ingest.wordpress_list import Listing
    from ingest.wordpress_walk import SiteVisit

YOUNG = timedelta(days=28)  # as long as comments are asked for again
_POSTS_AT_ONCE = 50  # whose comments are asked for in one listing


@dataclass(slots=True)
class Hearing:
    """What was listed; `complete` are the posts all of whose comments are here."""

    visit: SiteVisit
    is_whole: bool
    comments: Comments = field(init=False)
    complete: set[int] = field(default_factory=set)
    is_steady: bool = True
    is_told: bool = False  # whether the site shows comments and who wrote them

    def __post_init__(self) -> None:
        self.is_whole = self.is_whole or self.visit.heard is None
        self.comments = self._none()

    def walk(self) -> Iterator[Batch]:
        """Batches of the person's comments and of what others wrote to the person."""
        visit = self.visit
        self.comments = self._none()
        if not visit.authors:
            visit.notes.append("the site tells no authors: comments are left out")
            return
        start_at, after = self._reach()
        try:
            yield from self._list(visit.listing("comments", after=after))
            if after is not None:
                yield from self._complete(start_at)
        except NoApi as refused:
            visit.notes.append(f"comments are not shown: {refused}")
            return
        self.is_told = True
        if after is None:
            self.complete = {comment.post for comment in self.comments.by_id.values()}
        self.comments.watched = replace(self.comments.watched, names=self.names())
        yield self._told(start_at)
        if not self.is_shown():
            visit.notes.append("no comment has ever been shown: answers cannot be observed")

    def own_moments(self) -> Iterator[datetime]:
        """When the person commented."""
        for post in self.comments.posts():
            if post.created_at is not None and post.created_at >= self.visit.since_at:
                yield min(post.created_at, self.visit.fetched_at)

    def names(self) -> frozenset[str]:
        """The names under which the site's authors have commented, in this and earlier walks."""
        try:
            told = json.loads(self.visit.cursors.get("wordpress_names") or "[]")
        except ValueError:
            told = []
        return self.comments.own_names() | frozenset(map(str, told))

    def is_shown(self) -> bool:
        """Whether the site is known to show comments: one that never did may hide them."""
        was_shown = self.visit.cursors.get("wordpress_comments") == "shown"
        return self.is_told and (was_shown or bool(self.comments.by_id))

    def _reach(self) -> tuple[datetime, datetime | None]:
        """From when on all comments are wanted, and what to ask the site for."""
        visit = self.visit
        if self.is_whole or visit.heard is None:
            return visit.since_at, visit.after_since()
        start_at = visit.heard.end_at - YOUNG
        return max(start_at, visit.since_at), max(start_at, visit.since_at) - visit.zones

    def _none(self) -> Comments:
        visit, posts = self.visit, None
        if visit.home.author is not None:
            stored = {post_id_of(uri) for uri, _ in visit.stored()}
            posts = frozenset(visit.posts) | frozenset(n for n in stored if n is not None)
        watched = Watched(frozenset(visit.authors), posts)
        return Comments(visit.home.site, watched, visit.fetched_at)

    def _list(self, listing: Listing) -> Iterator[Batch]:
        for items, bad in listing.pages(read_comments):
            self.comments.add(items)
            yield Batch(quarantined=tuple(bad))
        self.is_steady = self.is_steady and listing.is_steady
        self.visit.until = min(self.visit.until, self.visit.fetched_at - listing.age)

    def _complete(self, start_at: datetime) -> Iterator[Batch]:
        """Ask for older comments where a new one may answer one of them."""
        here, site = self.comments.by_id, self.visit.home.site
        self.complete = {c.post for c in here.values() if self._is_younger(c.post, start_at)}
        new = {
            c.post
            for c in here.values()
            if self.comments.watched.wrote(c) and site.comment_uri(c) not in self.visit.known.posts
        }
        torn = {c.post for c in here.values() if c.parent and c.parent not in here}
        wanted = sorted((new | torn) - self.complete)
        for first in range(0, len(wanted), _POSTS_AT_ONCE):
            some = wanted[first : first + _POSTS_AT_ONCE]
            yield from self._list(self.visit.listing("comments", posts=",".join(map(str, some))))
            self.complete.update(some)

    def _is_younger(self, post: int, start_at: datetime) -> bool:
        """Whether a post is later than the listing's start, and so all that is below it."""
        known = self.visit.known.posts.get(self.visit.home.site.post_uri(post))
        at = self.visit.posts.get(post) or (known.created_at if known else None)
        return at is not None and at >= start_at

    def _told(self, start_at: datetime) -> Batch:
        since_at = self.visit.since_at
        posts = [
            self.visit.as_first_seen(post)
            for post in self.comments.posts()
            if post_id_of(post.uri.partition("#")[0]) in self.complete
            and (post.created_at is None or post.created_at >= since_at)
        ]
        received = tuple(
            item
            for item in self.comments.received()
            if item.created_at is None or item.created_at >= since_at
        )
        gone = self._taken_back(start_at) if self.is_steady else ()
        threads = tuple(self.comments.threads(self.complete))
        return Batch(posts=(*posts, *gone), received=received, threads=threads)

    def _taken_back(self, start_at: datetime) -> Iterator[Post]:
        """Stored own comments of the listed time that are not there any more."""
        site = self.visit.home.site
        here = {site.comment_uri(comment) for comment in self.comments.by_id.values()}
        for uri, known in self.visit.stored() if here else ():
            at = known.created_at
            is_wanted = at >= start_at if at is not None else self.is_whole
            if is_comment_uri(uri) and uri not in here and is_wanted:
                yield Post(uri, at, Kind.UNKNOWN, is_deleted=True)
