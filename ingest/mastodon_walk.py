"""One walk of a Mastodon account: the listing, the contexts, then what they prove."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from ingest.errors import AccessDenied, SourceError
from ingest.http import Reply
from ingest.mastodon_api import ApiStatus, moment, read_context
from ingest.mastodon_cut import CURSOR
from ingest.mastodon_home import Api
from ingest.mastodon_listing import FULL_PAGE, OPENED, YOUNG, Asked, Listing
from ingest.model import AccountState, Batch, Known, Post, Quarantined, Span, Stream, Thread
from ingest.statuses import Home, is_own, received_of, threads_of, uri_of

ROOTS_PER_WALK = 20


class MastodonVisit:
    """What one walk knows so far: of the listing, and of the replies around it."""

    def __init__(
        self, api: Api, home: Home, known: Known, fetched_at: datetime, state: AccountState
    ) -> None:
        self.api, self.home, self.known, self.state = api, home, known, state
        self.fetched_at = fetched_at
        self.listing = Listing(api, home, known, fetched_at, state)
        self.tree = self.listing.tree
        self.received: set[str] = set()
        self.is_hiding = False  # whether a tree was cut in which replies may belong elsewhere

    def walk(self, first: Reply, told_count: int | None) -> Iterator[Batch]:
        """Batches of the listing and the contexts; spans and cursors come last."""
        failure: SourceError | None = None
        is_listed = False
        try:
            yield from self.listing.batches(first)
            is_listed = True
            yield from self.listing.vanished()
            yield from self._contexts()
            if self.is_hiding:
                yield from self.listing.again()
            yield from self._roots()
        except SourceError as error:
            failure = error
        yield Batch(posts=tuple(self.listing.left_over()))
        if is_listed:
            yield self._result(told_count, failure)
        if failure is not None and not (is_listed and isinstance(failure, AccessDenied)):
            raise failure

    def _contexts(self) -> Iterator[Batch]:
        complete: set[str] = set()
        for asked in sorted([*self.listing.asked, *self.listing.stored()]):
            if asked.uri in complete or not self._is_due(asked):
                continue
            batch = self._around(asked)
            complete.update(thread.root_uri for thread in batch.threads if not thread.is_partial)
            yield batch

    def _is_due(self, asked: Asked) -> bool:
        count, _ = self.known.threads.get(asked.uri, (None, None))
        return count != asked.reply_count or asked.created_at > self.fetched_at - YOUNG

    def _around(self, asked: Asked) -> Batch:
        """What a context says: received items, the thread, and replies held back until now."""
        reply = self.api.ask(f"/api/v1/statuses/{quote(asked.id, safe='')}/context")
        try:
            above, below, bad = read_context(reply.body if reply.status == 200 else b"{}")
        except (ValueError, RecursionError):
            broken = Quarantined(asked.uri, "its context cannot be read", "context")
            thread = Thread(asked.uri, asked.reply_count, is_partial=True)
            return Batch(threads=(thread,), quarantined=(broken,))
        self.tree.add_around(asked.id, asked.uri, above, below)
        found = received_of([*above, *below], self.tree, self.fetched_at)
        new = [item for item in found if item.uri not in self.received]
        self.received.update(item.uri for item in new)
        target = (asked.id, asked.uri, asked.reply_count)
        threads = threads_of(target, below, self.home) if asked.reply_count else []
        if self.listing.has_gone_on and len(below) >= FULL_PAGE:
            self.is_hiding = self.is_hiding or any(thread.is_partial for thread in threads)
        return Batch(
            posts=tuple(self._placed(asked.id, [*above, *below])),
            received=tuple(new),
            threads=tuple(threads),
            quarantined=tuple(bad),
        )

    def _placed(self, asked_id: str, around: list[ApiStatus]) -> Iterator[Post]:
        """Own replies whose thread is known now: those held back, and those of a cut walk."""
        held = self.listing.held
        ids = [asked_id, *(str(status.id) for status in around)]
        waiting = [held[status_id] for status_id in ids if status_id in held]
        if self.listing.has_gone_on:
            waiting += [s for s in around if is_own(s, self.home) and self._is_of_cut_walk(s)]
        for status in waiting:
            if post := self.listing.settled(status):
                yield post

    def _is_of_cut_walk(self, status: ApiStatus) -> bool:
        uri = uri_of(status)
        return uri in self.known.posts and uri not in self.listing.listed

    def _roots(self) -> Iterator[Batch]:
        """Ask whether new or edited replies belong to a thread of the person's own.

        Not in a first walk, which has too many and asks for all own threads. Replies
        in threads of others keep their stand-ins: both kinds of walk say the same.
        """
        if self.listing.met_at is None:
            return
        held = self.listing.held.values()
        wanted = [s for s in held if not self.tree.is_settled(s) and self._is_new(s)]
        before = {uri_of(status): self.listing.post(status) for status in wanted}
        for status in wanted[:ROOTS_PER_WALK]:
            asked = Asked(moment(status.created_at), str(status.id), uri_of(status), 0)
            batch = self._around(asked)
            posts = (p if self._is_known(p.root_uri) else before.get(p.uri, p) for p in batch.posts)
            yield replace(batch, posts=tuple(posts))

    def _is_known(self, uri: str | None) -> bool:
        return uri in self.listing.listed or uri in self.known.posts

    def _is_new(self, status: ApiStatus) -> bool:
        if uri_of(status) not in self.known.posts:
            return True
        if status.edited_at is None or self.listing.acts is None:
            return False
        return moment(status.edited_at) > self.listing.acts.end_at

    def _result(self, told_count: int | None, failure: SourceError | None) -> Batch:
        found = self.listing
        start_at, proof = found.met_at, "overlap"
        if found.has_ended or found.has_reached_since:
            start_at, proof = found.goal or found.oldest_at, "listing_to_end"
        notes = []
        if found.hidden_count:
            notes.append(f"statuses left out because they are not public: {found.hidden_count}")
        is_empty = not found.listed and not found.has_gone_on
        if is_empty and told_count and not found.has_reached_since:
            start_at = None
            notes.append(f"the server counts {told_count} statuses and shows none: nothing proven")
        spans = []
        if start_at is not None:
            spans.append(Span(Stream.ACTS, start_at, self.fetched_at, proof))
        if proof == "overlap":  # then only threads younger than the last walk's were asked for
            last = found.answers
            start_at = max(last.start_at, last.end_at - OPENED) if last else None
        if start_at is not None and failure is None:
            spans.append(Span(Stream.RECEIVED, start_at, self.fetched_at, proof))
        is_denied = isinstance(failure, AccessDenied)
        if is_denied:
            notes.append(f"replies are not shown: {failure}")
        shows = replace(self.state.shows, received_under_own_posts=not is_denied)
        return Batch(
            spans=tuple(spans),
            state=replace(self.state, shows=shows),
            cursors={**self._cursors(failure), "contexts": "denied" if is_denied else "asked"},
            notes=tuple(notes),
        )

    def _cursors(self, failure: SourceError | None) -> dict[str, str]:
        """Where to find the account, and nothing of a cut that is mended."""
        own = {**self.api.cursors, "account_id": self.home.account_id}
        is_marked = self.listing.has_marked or self.known.cursors.get(CURSOR)
        is_whole = self.listing.has_ended and is_marked and failure is None
        return {**own, CURSOR: ""} if is_whole else own
