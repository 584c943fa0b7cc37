"""The feeds of comments that one walk of a feed asks for, and what they prove.

Below an item are asked for: its comments while it is younger than 28 days, with the
ETag of the last answer; later only when their count has changed. Such a feed shows the
last comments: all are here only if they are as many as the item counts, or the feed says
that it is complete.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.errors import AccessDenied, AccountGone, SourceError, UnexpectedPayload
from ingest.feedcomments import Authors, Heard, read_comments, unsure
from ingest.feeddocument import Document, Item, WebPage
from ingest.feedhistory import WHOLE, History, as_first_seen
from ingest.http import place
from ingest.model import Batch, Kind, Post, Shows, Span, Stream, Thread
from ingest.wordpress_api import is_comment_uri

if TYPE_CHECKING:
    from ingest.feedwalk import FeedVisit

YOUNG = timedelta(days=28)  # as long as comments are asked for again
_MOST_DOCUMENTS, MOST_COMMENTS = 50, 5_000  # below one item: who names whom is a square of it


class Hearing:
    """What was heard below the items of one walk."""

    def __init__(self, visit: FeedVisit, pages: History) -> None:
        self.visit, self.pages = visit, pages
        self.authors = Authors.of(pages.authors)
        self.host = urlsplit(visit.address).netloc.rpartition("@")[2].lower()
        self.until = visit.fetched_at
        self.was_told = visit.cursors.get("feed_comments") == "read"
        self.is_told = self.was_told or any(item.comments_url for _, item in pages.told)
        self.partial = set(visit.known.partial_threads)
        self.old_tags: dict[str, list[str]] = json.loads(visit.cursors.get("feed_tags") or "{}")
        self.tags: dict[str, list[str]] = {}
        self.comment_count = 0
        self.failure, self.failed_count = "", 0

    def walk(self) -> Iterator[Batch]:
        """A batch for each item that is asked about; raises only what another try may mend."""
        for post, item in self.pages.told:
            url = item.comments_url
            if url is None or not self._is_wanted(post, item):
                continue
            self.partial.discard(post.uri)
            try:
                yield self._hear(post, item, url)
            except (AccountGone, AccessDenied, UnexpectedPayload, WebPage) as error:
                told = (
                    error.happened if isinstance(error, SourceError) else f"{place(url)}: {error}"
                )
                self.failure = self.failure or told
                self.failed_count += 1
                self.partial.add(post.uri)
                yield Batch(threads=(Thread(post.uri, item.comment_count, is_partial=True),))

    def _is_wanted(self, post: Post, item: Item) -> bool:
        """Whether there may be comments that are not known yet."""
        known = self.visit.known.threads.get(post.uri)
        if known is None:
            return item.comment_count != 0
        if known[0] != item.comment_count:
            return True
        return self._is_young(post) and item.comment_count != 0

    def _is_young(self, post: Post) -> bool:
        return post.created_at is not None and self.visit.fetched_at - post.created_at < YOUNG

    def _hear(self, post: Post, item: Item, url: str) -> Batch:
        opened = self.visit.open(url, self._conditions(url))
        self.until = min(self.until, self.visit.known_until(opened.reply))
        if opened.document is None:
            self.tags[url] = self.old_tags[url]
            self.comment_count += item.comment_count or 0
            return Batch(threads=(Thread(post.uri, item.comment_count, is_partial=False),))
        listed, is_complete = self._listed(url, opened.document, item.comment_count)
        at = self.visit.fetched_at
        heard = read_comments(item, post.uri, listed, self.authors, self.host, at)
        self.comment_count += len(heard.uris)
        is_whole = is_complete or len(heard.uris) == item.comment_count
        if is_whole and self._is_young(post):
            headers = opened.reply.headers
            self.tags[url] = [headers.get("etag") or "", headers.get("last-modified") or ""]
        if not is_whole:
            self.partial.add(post.uri)
        gone = tuple(self._taken_back(post, heard)) if is_whole else ()
        heard = heard if is_whole and self.authors.known else unsure(heard)
        thread = Thread(post.uri, item.comment_count, is_partial=not is_whole)
        posts = tuple(map(self._as_first_seen, heard.posts))
        return Batch(posts=(*posts, *gone), received=heard.received, threads=(thread,))

    def _conditions(self, url: str) -> Mapping[str, str]:
        etag, modified = self.old_tags.get(url) or ["", ""]
        pairs = {"If-None-Match": etag, "If-Modified-Since": modified}
        return {name: value for name, value in pairs.items() if value}

    def _listed(
        self, url: str, document: Document, wanted_count: int | None
    ) -> tuple[list[Item], bool]:
        """The comments in a feed and in those that it leads on to; whether it says they are all."""
        listed, visited = list(document.items), {url}
        is_complete = document.is_complete and document.problem is None
        while not is_complete and len(listed) != wanted_count:
            older = document.links.get("prev-archive") or document.links.get("next")
            if older is None or older in visited or len(visited) == _MOST_DOCUMENTS:
                break
            if len(listed) >= MOST_COMMENTS:
                break
            visited.add(older)
            opened = self.visit.open(older)
            if opened.document is None:
                break
            document = opened.document
            listed += document.items
        return listed[:MOST_COMMENTS], is_complete and len(listed) <= MOST_COMMENTS

    def _as_first_seen(self, post: Post) -> Post:
        known = self.visit.known.posts.get(post.uri)
        return post if known is None else as_first_seen(post, known, self.visit.fetched_at)

    def _taken_back(self, post: Post, heard: Heard) -> Iterator[Post]:
        """Stored own comments below an item that are not there any more."""
        for uri, known in self.visit.known.posts.items():
            is_below = uri.startswith(f"{post.uri}#comment-") and not known.is_deleted
            if is_below and uri not in heard.uris:
                yield Post(uri, known.created_at, Kind.UNKNOWN, is_deleted=True)

    def is_whole(self) -> bool:
        """Whether every comment below every item ever published is known, and who the author is."""
        known = self.visit.known
        listed = {post.uri for post, _ in self.pages.told}
        stored = {u for u, k in known.posts.items() if not k.is_deleted and not is_comment_uri(u)}
        was_shown = self.comment_count or any(count for count, _ in known.threads.values())
        return bool(
            self.is_told
            and was_shown
            and self.authors.known
            and self.pages.history == WHOLE
            and stored <= listed
            and not self.partial & listed
        )

    def shows(self, shows: Shows) -> Shows:
        """What the feed shows: answers and what is received only where none can be missing."""
        is_whole = self.is_whole()
        return replace(
            shows,
            replies=is_whole,
            received_under_own_posts=is_whole,
            full_history=self.pages.history == WHOLE,
        )

    def spans(self, acts: tuple[Span, ...]) -> tuple[Span, ...]:
        """The proven moments of what was received: those of the acts, or none."""
        if not self.is_whole():
            return ()
        return tuple(replace(span, stream=Stream.RECEIVED) for span in acts)

    def cursors(self) -> dict[str, str]:
        """What saves asking again."""
        if not self.is_told:
            return {}
        return {
            "feed_comments": "read",
            "feed_tags": json.dumps({u: t for u, t in sorted(self.tags.items()) if any(t)}),
        }

    def notes(self) -> list[str]:
        """What a reader of the run's record should know."""
        if not self.is_told:
            return []
        found = []
        if self.failed_count:
            found.append(f"comments of {self.failed_count} items cannot be read: {self.failure}")
        if not self.authors.known:
            found.append("comments bear names only: which are the author's cannot be told")
        elif self.partial:
            found.append(f"items whose comments are not all shown: {len(self.partial)}")
        return found
