"""One walk of a Mastodon account: the listing, the contexts, then what they prove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote

import msgspec

from ingest.coverage import Stretch, merged
from ingest.errors import AccessDenied, SourceError
from ingest.http import Reply
from ingest.mastodon_api import ApiStatus, moment, read_context, read_listing
from ingest.mastodon_home import PAGE_SIZE, Api, next_params, statuses_path
from ingest.model import (
    AccountState,
    Batch,
    Kind,
    Known,
    Post,
    Quarantined,
    Span,
    Stream,
    Thread,
)
from ingest.statuses import Home, Tree, is_own, is_reply, post_of, received_of, threads_of, uri_of

YOUNG = timedelta(days=28)  # as long as a thread is asked for again
OPENED = timedelta(hours=24)  # some servers tell only the day on which an account was opened
FULL_PAGE = 20  # a page as long as this without a Link header may not be the last
ROOTS_PER_WALK = 20
CHECKS_PER_WALK = 40


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """An own status under which somebody replied."""

    created_at: datetime
    id: str
    uri: str
    reply_count: int


class MastodonVisit:
    """What one walk knows so far.

    A reply whose thread's first item is not known yet is held back until a
    context tells it: otherwise its row would change with each walk.
    """

    def __init__(
        self, api: Api, home: Home, known: Known, fetched_at: datetime, state: AccountState
    ) -> None:
        self.api, self.home, self.known, self.state = api, home, known, state
        self.fetched_at = fetched_at
        self.tree = Tree(home)
        self.held: dict[str, ApiStatus] = {}
        self.asked: list[Asked] = []
        self.listed: set[str] = set()
        self.received: set[str] = set()
        self.hidden_count = 0
        self.oldest_at: datetime | None = None  # of what was listed
        self.met_at: datetime | None = None  # the newest stored item that proves the overlap
        self.has_ended = self.has_reached_since = False
        since = api.config.since
        self.since_at = datetime.combine(since, time.min, UTC) if since else None
        opened_at = state.created_at or known.created_at
        starts = (opened_at - OPENED if opened_at else None, self.since_at)
        self.goal = max((at for at in starts if at), default=None)
        self.acts = self._base(Stream.ACTS)
        self.answers = self._base(Stream.RECEIVED)

    def _base(self, stream: Stream) -> Stretch | None:
        """The known stretch that reaches back as far as this walk is to reach."""
        spans = [s for s in self.known.spans if s.stream is stream]
        stretches = merged(Stretch(s.start_at, s.end_at) for s in spans)
        if self.goal is None:
            return stretches[-1] if stretches else None
        return next((s for s in stretches if s.start_at <= self.goal < s.end_at), None)

    def walk(self, first: Reply, told_count: int | None) -> Iterator[Batch]:
        """Batches of the listing and the contexts; spans and cursors come last."""
        failure: SourceError | None = None
        is_listed = False
        try:
            yield from self._listing(first)
            is_listed = True
            yield from self._vanished()
            yield from self._contexts()
            yield from self._roots()
        except SourceError as error:
            failure = error
        yield Batch(posts=tuple(self._left_over()))
        if is_listed:
            yield self._result(told_count, failure)
        if failure is not None and not (is_listed and isinstance(failure, AccessDenied)):
            raise failure

    def _listing(self, reply: Reply) -> Iterator[Batch]:
        path = statuses_path(self.home.account_id)
        asked: set[str] = set()
        while True:
            statuses, bad, count = self._read(reply)
            yield Batch(posts=tuple(self._take(statuses)), quarantined=tuple(bad))
            params = next_params(reply.headers)
            if params is None and count >= FULL_PAGE and statuses:
                params = {"limit": str(PAGE_SIZE), "max_id": str(statuses[-1].id)}
            if count == 0 or params is None:
                self.has_ended = True
                return
            if self._is_enough():
                return
            if repr(params) in asked:
                raise self.api.unexpected("keeps naming the same next page of statuses")
            asked.add(repr(params))
            reply = self.api.ask(path, params)
            if reply.status != 200:
                raise self.api.unexpected(f"answered {reply.status} in the middle of the statuses")

    def _read(self, reply: Reply) -> tuple[list[ApiStatus], list[Quarantined], int]:
        try:
            return read_listing(reply.body)
        except (ValueError, RecursionError) as error:
            raise self.api.unexpected("answered with something else than statuses") from error

    def _take(self, statuses: Iterable[ApiStatus]) -> list[Post]:
        """The posts of a page, but for what is hidden, too old or held back."""
        own = []
        for status in statuses:
            self.tree.add(status)
            at, uri = moment(status.created_at), uri_of(status)
            if not is_own(status, self.home):
                self.hidden_count += 1
            elif self.since_at and at < self.since_at:
                self.has_reached_since = self.has_reached_since or not status.pinned
            else:
                own.append(status)
                self.listed.add(uri)
                if not status.pinned:
                    self.oldest_at = min(self.oldest_at or at, at)
                    self._meet(uri)
                if status.replies_count and status.reblog is None:
                    self.asked.append(Asked(at, str(status.id), uri, status.replies_count))
        return [post for status in own if (post := self._settled(status))]

    def _meet(self, uri: str) -> None:
        known = self.known.posts.get(uri)
        if known is None or known.created_at is None or self.acts is None:
            return
        is_proof = not (known.is_pinned or known.is_backdated or known.is_deleted)
        if is_proof and self.acts.start_at <= known.created_at < self.acts.end_at:
            self.met_at = max(self.met_at or known.created_at, known.created_at)

    def _is_enough(self) -> bool:
        """Whether what follows is stored already and can change no more."""
        if self.has_reached_since:
            return True
        if self.met_at is None or self.oldest_at is None:
            return False
        if self.known.cursors.get("contexts") == "denied":
            return True
        return self.answers is not None and self.oldest_at < self.answers.end_at - YOUNG

    def _settled(self, status: ApiStatus) -> Post | None:
        """The status's post, or None while it is held back."""
        if not self.tree.is_settled(status):
            self.held[str(status.id)] = status
            return None
        self.held.pop(str(status.id), None)
        return self._post(status)

    def _post(self, status: ApiStatus) -> Post:
        author = self.tree.parent_author(status) if is_reply(status) else None
        if author and author not in self.tree.accts:
            found = self.api.account_by_id(author)
            self.tree.accts[author] = self.home.native(found.acct) if found else ""
        post = post_of(status, self.tree, self.fetched_at)
        is_known = post.uri in self.known.posts
        return msgspec.structs.replace(post, indexed_at=None) if is_known else post

    def _vanished(self) -> Iterator[Batch]:
        """Stored statuses that the listing passed over, where the server says they are gone."""
        if self.oldest_at is None:
            return
        low = self.oldest_at
        if self.has_ended or self.has_reached_since:
            low = self.since_at or datetime.min.replace(tzinfo=UTC)
        gone = []
        passed = [
            (uri, known.created_at)
            for uri, known in self.known.posts.items()
            if uri not in self.listed and known.created_at and low < known.created_at
            if not (known.is_deleted or known.is_backdated or known.is_pinned)
        ]
        for uri, created_at in passed[:CHECKS_PER_WALK]:
            status_id = quote(uri.removesuffix("/activity").rpartition("/")[2], safe="")
            if status_id and self.api.ask(f"/api/v1/statuses/{status_id}").status != 200:
                gone.append(Post(uri, created_at, Kind.UNKNOWN, is_deleted=True))
        yield Batch(posts=tuple(gone))

    def _contexts(self) -> Iterator[Batch]:
        complete: set[str] = set()
        for asked in sorted(self.asked):
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
        ids = [asked.id, *(str(status.id) for status in (*above, *below))]
        held = [self.held[status_id] for status_id in ids if status_id in self.held]
        found = received_of([*above, *below], self.tree, self.fetched_at)
        new = [item for item in found if item.uri not in self.received]
        self.received.update(item.uri for item in new)
        target = (asked.id, asked.uri, asked.reply_count)
        return Batch(
            posts=tuple(post for status in held if (post := self._settled(status))),
            received=tuple(new),
            threads=tuple(threads_of(target, below, self.home)) if asked.reply_count else (),
            quarantined=tuple(bad),
        )

    def _roots(self) -> Iterator[Batch]:
        """Ask whether new or edited replies belong to a thread of the person's own.

        Not in a first walk, which has too many and asks for all own threads. Replies
        in threads of others keep their stand-ins: both kinds of walk say the same.
        """
        if self.met_at is None:
            return
        wanted = [s for s in self.held.values() if not self.tree.is_settled(s) and self._is_new(s)]
        before = {uri_of(status): self._post(status) for status in wanted}
        for status in wanted[:ROOTS_PER_WALK]:
            asked = Asked(moment(status.created_at), str(status.id), uri_of(status), 0)
            batch = self._around(asked)
            posts = (p if self._is_known(p.root_uri) else before.get(p.uri, p) for p in batch.posts)
            yield replace(batch, posts=tuple(posts))

    def _is_known(self, uri: str | None) -> bool:
        return uri in self.listed or uri in self.known.posts

    def _is_new(self, status: ApiStatus) -> bool:
        if uri_of(status) not in self.known.posts:
            return True
        if status.edited_at is None or self.acts is None:
            return False
        return moment(status.edited_at) > self.acts.end_at

    def _left_over(self) -> Iterator[Post]:
        """Replies held back that are new, or whose thread is known after all."""
        for status in self.held.values():
            if self.tree.is_settled(status) or uri_of(status) not in self.known.posts:
                yield self._post(status)

    def _result(self, told_count: int | None, failure: SourceError | None) -> Batch:
        start_at, proof = self.met_at, "overlap"
        if self.has_ended or self.has_reached_since:
            start_at, proof = self.goal or self.oldest_at, "listing_to_end"
        notes = []
        if self.hidden_count:
            notes.append(f"statuses left out because they are not public: {self.hidden_count}")
        if not self.listed and told_count and not self.has_reached_since:
            start_at = None
            notes.append(f"the server counts {told_count} statuses and shows none: nothing proven")
        spans = []
        if start_at is not None:
            spans.append(Span(Stream.ACTS, start_at, self.fetched_at, proof))
        if proof == "overlap":  # then only threads younger than the last walk's were asked for
            last = self.answers
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
            cursors={
                **self.api.cursors,
                "account_id": self.home.account_id,
                "contexts": "denied" if is_denied else "asked",
            },
            notes=tuple(notes),
        )
