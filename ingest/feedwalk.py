"""Walks one feed: the current document, then what the publisher keeps of older ones.

Older documents are asked for only until an already stored item is met; they are
found by RFC 5005 (`prev-archive`, `next`), JSON Feed's `next_url` and WordPress's
`?paged=`. What the walk has met is remembered by the cursors `feed_…`, which
come last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from ingest.coverage import Stretch, merged
from ingest.errors import AccessDenied, AccountGone, SourceError, UnexpectedPayload
from ingest.feeddocument import Document, Refused, WebPage
from ingest.feedheard import Hearing
from ingest.feedhistory import WHOLE, WINDOW, History
from ingest.feeditems import feeds_in, read
from ingest.feedpages import proven
from ingest.http import Config, Http, Reply, place
from ingest.model import (
    Account,
    AccountState,
    Batch,
    Known,
    Post,
    Shows,
    Span,
    Status,
    Stream,
)

_MOST_BYTES = 20 * 1024 * 1024  # feedparser takes about 2 s per MiB that is not well formed
CACHED = timedelta(hours=1)  # feeds come out of caches: what they show may be as old as this
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)
_CHECK = "check the address in a browser and correct it in accounts.csv"


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that was asked for; None where the server says that nothing changed."""

    reply: Reply
    document: Document | None


@dataclass(slots=True)
class FeedVisit:
    """One walk of one feed; `address` names the feed in the uris of its items."""

    source: str
    account: Account
    known: Known
    http: Http
    config: Config
    address: str
    fetched_at: datetime = field(init=False)
    acts: tuple[Stretch, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.fetched_at = self.config.now()
        self.acts = merged(
            Stretch(span.start_at, span.end_at)
            for span in self.known.spans
            if span.stream is Stream.ACTS
        )

    @property
    def cursors(self) -> Mapping[str, str]:
        """The cursors of earlier walks of this address; empty after a change in the roster."""
        is_same = self.known.cursors.get("feed_of") == self.address
        return self.known.cursors if is_same else {}

    def open(self, url: str, conditions: Mapping[str, str] = MappingProxyType({})) -> Opened:
        """The feed document at `url`; raises WebPage for HTML."""
        headers = {"Accept": _ACCEPT, **conditions}
        reply = self.http.get(
            url,
            headers=headers,
            source=self.source,
            account=self.account.account_id,
            max_bytes=min(self.config.max_bytes, _MOST_BYTES),
        )
        if reply.status == 304 and conditions:
            return Opened(reply, None)
        self._judge(reply)
        content_type = reply.headers.get("content-type") or ""
        try:
            return Opened(reply, read(reply.body, reply.url, content_type))
        except Refused as error:
            raise self.unexpected(f"{place(url)} is {error}") from error

    def find(self) -> tuple[str, Opened]:
        """The feed's own address and its document, through a web page that names it if need be."""
        url = self.cursors.get("feed_url") or self.address
        try:
            return url, self.open(url, self._conditions(url))
        except WebPage as page:
            if url != self.address:
                raise self.unexpected(f"{place(url)} is a web page now, no feed") from page
            found = feeds_in(page.body, page.url)
            if not found:
                raise self.unexpected(f"{place(url)} is a web page and names no feed") from page
            url = found[0]
        try:
            return url, self.open(url)
        except WebPage as page:
            raise self.unexpected(f"{place(url)} is a web page, no feed") from page

    def unexpected(self, happened: str) -> UnexpectedPayload:
        """The error for an answer that is no feed."""
        return UnexpectedPayload(self.source, self.account.account_id, happened, _CHECK)

    def _conditions(self, url: str) -> dict[str, str]:
        cursors = self.cursors
        if cursors.get("feed_comments"):  # a new comment changes a count, but no ETag
            return {}
        if not (self.acts and self.is_history_walked() and cursors.get("feed_url") == url):
            return {}
        pairs = {
            "If-None-Match": cursors.get("feed_etag"),
            "If-Modified-Since": cursors.get("feed_modified"),
        }
        return {name: value for name, value in pairs.items() if value}

    def _judge(self, reply: Reply) -> None:
        account, where = self.account.account_id, place(reply.url)
        if reply.status in {404, 410}:
            raise AccountGone(self.source, account, f"{where} answers {reply.status}", _CHECK)
        if reply.status in {401, 403}:
            raise AccessDenied(
                self.source,
                account,
                f"{where} refuses visitors ({reply.status})",
                "ask the publisher for a public feed, or take the account out of the roster",
            )
        if reply.status != 200:
            raise self.unexpected(f"{where} answers {reply.status}")

    def follow(
        self, url: str, opened: Opened, state: AccountState, cursors: Mapping[str, str]
    ) -> Iterator[Batch]:
        """Everything from an opened first document on; state, spans and cursors come last.

        `url` is the address that was asked; `cursors` are the caller's own.
        """
        state = replace(state, moved_to=opened.reply.moved_to)
        notes = [_moved(opened.reply)] if opened.reply.moved_to else []
        if opened.document is None:
            last = self.acts[-1]
            start_at = max(last.start_at, last.end_at - timedelta(days=1))
            span = Span(Stream.ACTS, start_at, self.known_until(opened.reply), "unchanged")
            shows = replace(state.shows, full_history=self.cursors.get("feed_history") == WHOLE)
            yield Batch(spans=(span,), state=replace(state, shows=shows), notes=tuple(notes))
            return
        pages = History(self, url, opened.document)
        failure: SourceError | None = None
        try:
            yield from pages.walk()
        except SourceError as error:
            failure = error
        heard = Hearing(self, pages)
        if failure is not None:
            end_at = self.known_until(opened.reply)
            spans = () if heard.is_told else self._spans(pages, end_at)
            yield Batch(spans=spans, state=state, notes=tuple(notes))
            raise failure
        yield from heard.walk()
        end_at = min(self.known_until(opened.reply), heard.until)
        if opened.document.is_archive:
            end_at = min(end_at, pages.newest_at or end_at)
            notes.append(_archive(opened.document))
        spans = self._spans(pages, end_at)
        is_proven = any(span.end_at == end_at for span in spans)
        is_closed = pages.is_broken or opened.document.is_archive
        headers = opened.reply.headers if is_proven and not is_closed else {}
        yield Batch(
            spans=(*spans, *heard.spans(spans)),
            state=replace(state, shows=heard.shows(state.shows)),
            cursors={
                **cursors,
                **heard.cursors(),
                "feed_of": self.address,
                "feed_url": url,
                "feed_etag": headers.get("etag") or "",
                "feed_modified": headers.get("last-modified") or "",
                "feed_history": pages.history,
            },
            notes=(*pages.notes, *heard.notes(), *self._holes(spans), *notes),
        )

    def known_until(self, reply: Reply) -> datetime:
        """The moment that the document told about, at the latest."""
        age = reply.headers.get("age") or ""
        seconds = int(age[:8]) if age.isdigit() else 0
        return self.fetched_at - max(CACHED, timedelta(seconds=seconds))

    def _spans(self, pages: History, end_at: datetime) -> tuple[Span, ...]:
        proof = "overlap" if pages.has_met else "listing_to_end"
        found = proven(pages.entries, end_at, is_complete=pages.is_complete)
        clipped = merged(
            Stretch(max(s.start_at, self.since_at), min(s.end_at, end_at)) for s in found
        )
        return tuple(
            Span(Stream.ACTS, s.start_at, s.end_at, proof) for s in clipped if s.start_at < s.end_at
        )

    def _holes(self, spans: tuple[Span, ...]) -> list[str]:
        if not spans:
            return ["no day is proven: the feed is empty, without dates or not in order of time"]
        start_at = min(span.start_at for span in spans)
        if self.acts and start_at > self.acts[-1].end_at:
            days = f"{self.acts[-1].end_at:%Y-%m-%d} and {start_at:%Y-%m-%d}"
            return [f"hole between {days}: the feed had moved on; collect more often"]
        return []

    @property
    def since_at(self) -> datetime:
        """The moment before which nothing is asked for."""
        since = self.config.since
        return datetime.combine(since, time.min, UTC) if since else datetime.min.replace(tzinfo=UTC)

    def is_history_walked(self) -> bool:
        """Whether an earlier walk asked for all older documents that are wanted now."""
        reached = self.cursors.get("feed_history", "")
        since = self.config.since
        return reached in {WHOLE, WINDOW} or bool(since and "" < reached <= since.isoformat())

    def is_overlap(self, post: Post) -> bool:
        """Whether an item was stored on a proven day and says something about its order."""
        known = self.known.posts.get(post.uri)
        if known is None or post.is_pinned or known.created_at is None:
            return False
        if known.is_pinned or known.is_backdated or known.is_deleted:
            return False
        at = known.created_at
        return any(stretch.start_at <= at < stretch.end_at for stretch in self.acts)


def feed_state(account: Account, native_id: str, url: str) -> AccountState:
    """What a feed can show of an account: acts, nothing else."""
    shows = Shows(
        acts=True,
        replies=False,
        received_under_own_posts=False,
        received_mentions=False,
        full_history=False,
    )
    return AccountState(native_id, account.handle, urlsplit(url).netloc, Status.ACTIVE, shows)


def _moved(reply: Reply) -> str:
    return f"the feed has moved for good → put {reply.moved_to} into accounts.csv"


def _archive(document: Document) -> str:
    current = document.links.get("current") or "the address of the feed itself"
    return f"this is an archive, nothing new comes into it → put {current} into accounts.csv"
