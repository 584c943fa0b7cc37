"""An account's own statuses, page by page, the newest first: what they are, and how far it got.

A first walk that is cut goes on where it was: what is new is listed until an item of the
cut walk is met, then what the cut walk had not reached, then again what is so young that
replies may have come since.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote

import msgspec

from ingest.coverage import Stretch, merged
from ingest.http import Reply
from ingest.mastodon_api import ApiStatus, moment, read_listing
from ingest.mastodon_cut import Cut, cut_of
from ingest.mastodon_home import PAGE_SIZE, Api, next_params, statuses_path
from ingest.model import AccountState, Batch, Kind, Known, Post, Stream
from ingest.statuses import Home, Tree, is_own, is_reply, post_of, uri_of

YOUNG = timedelta(days=28)  # as long as a thread is asked for again
OPENED = timedelta(hours=24)  # some servers tell only the day on which an account was opened
FULL_PAGE = 20  # a page as long as this without a Link header may not be the last
CHECKS_PER_WALK = 40


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """An own status under which somebody replied."""

    created_at: datetime
    id: str
    uri: str
    reply_count: int


class Listing:
    """What one walk has listed so far.

    A reply whose thread's first item is not known yet is held back until a context
    tells it. Where a first walk may be cut, it is stored with a stand-in meanwhile.
    """

    def __init__(
        self, api: Api, home: Home, known: Known, fetched_at: datetime, state: AccountState
    ) -> None:
        self.api, self.home, self.known, self.fetched_at = api, home, known, fetched_at
        self.tree = Tree(home)
        self.held: dict[str, ApiStatus] = {}
        self.asked: list[Asked] = []
        self.listed: set[str] = set()
        self.hidden_count = 0
        self.oldest_at: datetime | None = None  # of all that was listed, now or before the cut
        self.low_at: datetime | None = None  # of the page listed last
        self.met_at: datetime | None = None  # the newest stored item that proves the overlap
        self.has_ended = self.has_reached_since = False
        since = api.config.since
        self.since_at = datetime.combine(since, time.min, UTC) if since else None
        opened_at = state.created_at or known.created_at
        starts = (opened_at - OPENED if opened_at else None, self.since_at)
        self.goal = max((at for at in starts if at), default=None)
        self.acts = self._base(Stream.ACTS)
        self.answers = self._base(Stream.RECEIVED)
        self.is_denied = known.cursors.get("contexts") == "denied"
        self.is_first = self.acts is None or (self.answers is None and not self.is_denied)
        self.cut = cut_of(known, home.account_id) if self.is_first else None
        self.has_gone_on = False  # from where the cut walk was
        self.has_marked = False  # where to go on from if this one is cut
        self._meeting = self.cut.stored(known) if self.cut else self.acts
        self._stood_in: set[str] = set()

    def _base(self, stream: Stream) -> Stretch | None:
        """The known stretch that reaches back as far as this walk is to reach."""
        spans = [s for s in self.known.spans if s.stream is stream]
        stretches = merged(Stretch(s.start_at, s.end_at) for s in spans)
        if self.goal is None:
            return stretches[-1] if stretches else None
        return next((s for s in stretches if s.start_at <= self.goal < s.end_at), None)

    def batches(self, first: Reply) -> Iterator[Batch]:
        """The statuses as posts, from the first page to where the walk may end."""
        cut = self.cut
        if cut is None:
            rest = yield from self._pages(first, self._is_enough, is_marking=self.is_first)
            self.has_ended = rest is None
        else:
            rest = yield from self._pages(first, self._is_back)
            if rest is None:
                self.has_ended = True
            elif not self.has_reached_since:
                yield from self._go_on(cut, rest)
        if self.has_ended and self.has_marked:
            yield from self._mark(None)

    def _go_on(self, cut: Cut, rest: dict[str, str]) -> Iterator[Batch]:
        """What the cut walk had not reached, then what follows the first pages, if young."""
        self.has_gone_on, top_at = True, self.low_at
        self.oldest_at = min(cut.reached_at, self.oldest_at or cut.reached_at)
        self.has_reached_since = self.since_at is not None and cut.reached_at <= self.since_at
        if not self.has_reached_since:
            yield from self._mark(cut.params)
            if cut.params is not None:
                deep = self._page(cut.params)
                yield from self._pages(deep, lambda: self.has_reached_since, is_marking=True)
            self.has_ended = not self.has_reached_since
        self.low_at = top_at

        def is_old() -> bool:
            return self.low_at is not None and self.low_at < cut.counted_at - YOUNG

        if not is_old():
            yield from self._pages(self._page(rest), is_old)
        self.met_at = None

    def again(self) -> Iterator[Batch]:
        """What the cut walk had listed, to put replies where they belong that a cut tree hid."""
        cut = self.cut
        if cut is not None:
            first = self._page({"limit": str(PAGE_SIZE)})
            yield from self._pages(
                first, lambda: self.low_at is not None and self.low_at < cut.reached_at
            )
            self.met_at = None

    def _pages(
        self, reply: Reply, is_enough: Callable[[], bool], *, is_marking: bool = False
    ) -> Generator[Batch, None, dict[str, str] | None]:
        """Pages until it is enough; the query of the next one, None after the last."""
        asked: set[str] = set()
        while True:
            try:
                statuses, bad, count = read_listing(reply.body)
            except (ValueError, RecursionError) as error:
                raise self.api.unexpected("answered with something else than statuses") from error
            yield Batch(posts=tuple(self._take(statuses)), quarantined=tuple(bad))
            params = next_params(reply.headers)
            if params is None and count >= FULL_PAGE and statuses:
                params = {"limit": str(PAGE_SIZE), "max_id": str(statuses[-1].id)}
            if count == 0 or params is None:
                return None
            if is_enough():
                return params
            if is_marking and asked and not self.has_reached_since:  # one page is soon listed again
                yield from self._mark(params)
            if repr(params) in asked:
                raise self.api.unexpected("keeps naming the same next page of statuses")
            asked.add(repr(params))
            reply = self._page(params)

    def _page(self, params: dict[str, str]) -> Reply:
        reply = self.api.ask(statuses_path(self.home.account_id), params)
        if reply.status != 200:
            raise self.api.unexpected(f"answered {reply.status} in the middle of the statuses")
        return reply

    def _mark(self, params: dict[str, str] | None) -> Iterator[Batch]:
        """Where the next walk goes on if this one is cut; what is held back is stored before."""
        if self.oldest_at is None:
            return
        self.has_marked = True
        new = {k: s for k, s in self.held.items() if uri_of(s) not in self.known.posts}
        waiting = [status for key, status in new.items() if key not in self._stood_in]
        self._stood_in.update(new)
        counted_at = self.cut.counted_at if self.cut else self.fetched_at
        account_id = self.home.account_id
        mark = Cut(account_id, self.oldest_at, self.fetched_at, counted_at, params)
        found = {**self.api.cursors, "account_id": account_id, **mark.cursor}
        yield Batch(posts=tuple(map(self.post, waiting)), cursors=found)

    def _take(self, statuses: Iterable[ApiStatus]) -> list[Post]:
        """The posts of a page, but for what is hidden, too old or held back."""
        own, moments = [], []
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
                    moments.append(at)
                    self._meet(uri)
                if status.replies_count and status.reblog is None:
                    self.asked.append(Asked(at, str(status.id), uri, status.replies_count))
        if moments:
            self.low_at = min(moments)
            self.oldest_at = min(self.oldest_at or self.low_at, self.low_at)
        return [post for status in own if (post := self.settled(status))]

    def _meet(self, uri: str) -> None:
        known = self.known.posts.get(uri)
        if known is None or known.created_at is None or self._meeting is None:
            return
        is_proof = not (known.is_pinned or known.is_backdated or known.is_deleted)
        if is_proof and self._meeting.start_at <= known.created_at < self._meeting.end_at:
            self.met_at = max(self.met_at or known.created_at, known.created_at)

    def _is_back(self) -> bool:
        return self.met_at is not None or self.has_reached_since

    def _is_enough(self) -> bool:
        """Whether what follows is stored already and can change no more."""
        if self.has_reached_since:
            return True
        if self.met_at is None or self.oldest_at is None:
            return False
        if self.is_denied:
            return True
        return self.answers is not None and self.oldest_at < self.answers.end_at - YOUNG

    def settled(self, status: ApiStatus) -> Post | None:
        """The status's post, or None while it is held back."""
        if not self.tree.is_settled(status):
            self.held[str(status.id)] = status
            return None
        self.held.pop(str(status.id), None)
        return self.post(status)

    def post(self, status: ApiStatus) -> Post:
        """The status's post as far as is known; who is replied to is looked up once."""
        author = self.tree.parent_author(status) if is_reply(status) else None
        if author and author not in self.tree.accts:
            found = self.api.account_by_id(author)
            self.tree.accts[author] = self.home.native(found.acct) if found else ""
        post = post_of(status, self.tree, self.fetched_at)
        is_known = post.uri in self.known.posts
        return msgspec.structs.replace(post, indexed_at=None) if is_known else post

    def stored(self) -> Iterator[Asked]:
        """Own statuses with replies that the cut walk listed and this one did not."""
        for uri, known in self.known.posts.items() if self.has_gone_on else ():
            is_there = uri not in self.listed and not known.is_deleted
            if is_there and known.reply_count and known.created_at:
                yield Asked(known.created_at, local_id(uri), uri, known.reply_count)

    def vanished(self) -> Iterator[Batch]:
        """Stored statuses that the listing passed over, where the server says they are gone."""
        if self.oldest_at is None:
            return
        low = self.oldest_at
        if self.has_gone_on:
            low = self.low_at or self.fetched_at
        elif self.has_ended or self.has_reached_since:
            low = self.since_at or datetime.min.replace(tzinfo=UTC)
        gone = []
        passed = [
            (uri, known.created_at)
            for uri, known in self.known.posts.items()
            if uri not in self.listed and known.created_at and low < known.created_at
            if not (known.is_deleted or known.is_backdated or known.is_pinned)
        ]
        for uri, created_at in passed[:CHECKS_PER_WALK]:
            status_id = quote(local_id(uri), safe="")
            if status_id and self.api.ask(f"/api/v1/statuses/{status_id}").status != 200:
                gone.append(Post(uri, created_at, Kind.UNKNOWN, is_deleted=True))
        yield Batch(posts=tuple(gone))

    def left_over(self) -> Iterator[Post]:
        """Replies held back that are new, or whose thread is known after all."""
        for status in self.held.values():
            if self.tree.is_settled(status) or uri_of(status) not in self.known.posts:
                yield self.post(status)


def local_id(uri: str) -> str:
    """The server's own id of a status, the last part of its address everywhere."""
    return uri.removesuffix("/activity").rpartition("/")[2].removeprefix("status:")
