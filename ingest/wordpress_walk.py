"""One walk of a WordPress site: its posts, the comments, then what they prove.

The first walk, and one every four weeks, lists everything; that shows deletions and
edits. Those between ask for what is newer than the newest stored post, which has to
come again, and for the comments of the last four weeks: some are approved late.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import msgspec

from ingest.coverage import Stretch, merged
from ingest.feedwalk import CACHED
from ingest.model import (
    AccountState,
    Batch,
    Kind,
    Known,
    KnownPost,
    Post,
    Shows,
    Span,
    Status,
    Stream,
)
from ingest.wordpress_api import (
    COMMENT_FIELDS,
    POST_FIELDS,
    authors_in,
    is_comment_uri,
    moment_of,
    post_id_of,
    post_of,
    read_posts,
)
from ingest.wordpress_heard import Hearing
from ingest.wordpress_home import Asker, Home
from ingest.wordpress_list import Listing

WHOLE_EVERY = timedelta(days=28)
WHOLE = "whole"


@dataclass(slots=True)
class SiteVisit:
    """What one walk knows so far."""

    asker: Asker
    home: Home
    known: Known
    fetched_at: datetime
    cursors: dict[str, str]  # of earlier walks of this handle
    zones: timedelta = timedelta(hours=36)  # `after` is compared with the site's local time
    until: datetime = field(init=False)
    notes: list[str] = field(default_factory=list)
    authors: set[int] = field(init=False)
    posts: dict[int, datetime | None] = field(default_factory=dict)  # own ones, listed
    acts: Stretch | None = field(init=False)
    heard: Stretch | None = field(init=False)

    def __post_init__(self) -> None:
        self.until = self.fetched_at - CACHED
        told = self.cursors.get("wordpress_authors", "")
        self.authors = {int(number) for number in told.split(",") if number}
        if self.home.author is not None:
            self.authors = {self.home.author}
        self.acts, self.heard = self._last(Stream.ACTS), self._last(Stream.RECEIVED)

    def _last(self, stream: Stream) -> Stretch | None:
        spans = (s for s in self.known.spans if s.stream is stream)
        stretches = merged(Stretch(s.start_at, s.end_at) for s in spans) if self.cursors else ()
        return stretches[-1] if stretches else None

    @property
    def since_at(self) -> datetime:
        """The moment before which nothing is asked for."""
        since = self.asker.config.since
        return datetime.combine(since, time.min, UTC) if since else datetime.min.replace(tzinfo=UTC)

    def walk(self) -> Iterator[Batch]:
        """Batches of posts and comments; state, spans and cursors come last."""
        met_at = None
        if not self._is_whole_due() and (newest := self._newest()):
            listing = self.listing("posts", after=newest - self.zones)
            yield from self._list_posts(listing)
            met_at = self._met(listing)
        is_steady = True
        if met_at is None:
            listing = self.listing("posts", after=self.after_since())
            yield from self._list_posts(listing)
            if not listing.is_steady:  # pages moved while they were read: once more
                listing = self.listing("posts", after=self.after_since())
                yield from self._list_posts(listing)
            is_steady = listing.is_steady
            if is_steady and not listing.bad_count:
                yield Batch(posts=tuple(self._vanished(listing.seen)))
        heard = Hearing(self, is_whole=met_at is None)
        yield from heard.walk()
        yield self._result(met_at, heard, is_steady=is_steady)

    def _is_whole_due(self) -> bool:
        reached = self.cursors.get("wordpress_reached", "")
        since = self.asker.config.since
        is_reached = reached == WHOLE or bool(since and "" < reached <= since.isoformat())
        try:
            whole_at = datetime.fromisoformat(self.cursors.get("wordpress_whole_at", ""))
        except ValueError:
            return True
        return not is_reached or self.fetched_at - whole_at >= WHOLE_EVERY

    def after_since(self) -> datetime | None:
        """What a listing asks for that is to reach back no further than wanted."""
        return self.since_at - self.zones if self.asker.config.since else None

    def listing(self, name: str, *, after: datetime | None = None, posts: str = "") -> Listing:
        """A listing of posts or comments, the newest first."""
        params = {"per_page": "100", "order": "desc"}
        if name == "posts":
            params |= {"orderby": "date", "_fields": POST_FIELDS}
            params |= {"author": str(self.home.author)} if self.home.author is not None else {}
        else:
            params |= {"orderby": "date_gmt", "_fields": COMMENT_FIELDS}
            params |= {"post": posts} if posts else {}
        if after is not None:
            params["after"] = after.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Listing(self.asker, self.home.root, name, params)

    def _list_posts(self, listing: Listing) -> Iterator[Batch]:
        for items, bad in listing.pages(read_posts):
            if self.home.author is None:
                self.authors |= authors_in(items)
            found = []
            for item in items:
                at = moment_of(item)
                if at is None or at >= self.since_at:
                    self.posts[item.id] = min(at, self.fetched_at) if at else None
                    found.append(self.as_first_seen(post_of(item, self.home.site, self.fetched_at)))
            yield Batch(posts=tuple(found), quarantined=tuple(bad))
        self.until = min(self.until, self.fetched_at - listing.age)

    def as_first_seen(self, post: Post) -> Post:
        """A post that comes again with a new date keeps its first one."""
        known = self.known.posts.get(post.uri)
        if known is None:
            return post
        is_settled = known.created_at is not None and known.created_at <= self.fetched_at
        at = known.created_at if is_settled else post.created_at
        return msgspec.structs.replace(post, created_at=at, indexed_at=None)

    def stored(self) -> Iterator[tuple[str, KnownPost]]:
        """The items of this site that are in the store and still public."""
        start = f"https://{self.home.site.name}/?p="
        for uri, known in self.known.posts.items():
            if uri.startswith(start) and not known.is_deleted:
                yield uri, known

    def _anchors(self) -> Iterator[tuple[int, datetime]]:
        """Stored posts on proven days: meeting one again proves the time since."""
        for uri, known in self.stored():
            number, at = post_id_of(uri), known.created_at
            if number is None or at is None or known.is_pinned or known.is_backdated:
                continue
            if self.acts and self.acts.start_at <= at < self.acts.end_at:
                yield number, at

    def _newest(self) -> datetime | None:
        return max((at for _, at in self._anchors()), default=None)

    def _met(self, listing: Listing) -> datetime | None:
        if not listing.is_steady:
            return None
        return max((at for number, at in self._anchors() if number in listing.seen), default=None)

    def _vanished(self, listed: set[int]) -> Iterator[Post]:
        """Stored posts that a whole listing does not show any more."""
        stored = [(u, k) for u, k in self.stored() if not is_comment_uri(u)]
        if stored and not listed:
            self.notes.append("the site lists no post any more: nothing is taken for deleted")
            return
        for uri, known in stored:
            is_wanted = known.created_at is None or known.created_at >= self.since_at
            if is_wanted and post_id_of(uri) not in listed:
                yield Post(uri, known.created_at, Kind.UNKNOWN, is_deleted=True)

    def _result(self, met_at: datetime | None, heard: Hearing, *, is_steady: bool) -> Batch:
        own = [*self.posts.values(), *(heard.own_moments() if heard.is_told else ())]
        start_at = min((at for at in own if at is not None), default=None)
        is_steady = is_steady and heard.is_steady
        if not is_steady:
            self.notes.append("posts or comments moved while they were listed: no day is proven")
        is_shown = heard.is_shown()
        since = self.asker.config.since
        cursors = {
            **self.home.cursors,
            "wordpress_of": self.asker.account.handle,
            "wordpress_via": "api",
            "wordpress_authors": ",".join(map(str, sorted(self.authors))),
            "wordpress_names": json.dumps(sorted(heard.names()), ensure_ascii=False),
            "wordpress_comments": "shown" if is_shown else "none",
        }
        if met_at is None and is_steady:
            cursors["wordpress_whole_at"] = self.fetched_at.isoformat()
            cursors["wordpress_reached"] = since.isoformat() if since else WHOLE
        return Batch(
            spans=self._spans(met_at, start_at, is_shown=is_shown) if is_steady else (),
            state=self._state(is_shown=is_shown),
            cursors=cursors,
            notes=tuple(self.notes),
        )

    def _spans(
        self, met_at: datetime | None, start_at: datetime | None, *, is_shown: bool
    ) -> tuple[Span, ...]:
        proof = "listing_to_end"
        if met_at is not None and self.acts is not None:
            proof, start_at = "overlap", max(met_at, self.acts.end_at - timedelta(days=1))
        if start_at is None:
            return ()
        spans = [Span(Stream.ACTS, start_at, self.until, proof)]
        if is_shown:
            if met_at is not None and self.acts is not None:
                start_at = self.acts.start_at
                if self.heard is not None:
                    start_at = max(self.heard.start_at, self.heard.end_at - timedelta(days=1))
            spans.append(Span(Stream.RECEIVED, start_at, self.until, "listing_to_end"))
        return tuple(span for span in spans if span.start_at < span.end_at)

    def _state(self, *, is_shown: bool) -> AccountState:
        site = self.home.site
        only = next(iter(self.authors)) if len(self.authors) == 1 else None
        shows = Shows(
            acts=True,
            replies=is_shown,
            received_under_own_posts=is_shown,
            received_mentions=False,
            full_history=self.asker.config.since is None,
        )
        return AccountState(
            native_id=site.host if only is None else site.user(only),
            handle=self.asker.account.handle,
            host=site.host,
            status=Status.ACTIVE,
            shows=shows,
        )
