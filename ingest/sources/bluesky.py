"""Bluesky: a person's whole public repository, and the replies under it. No login.

Acts: one `getRepo` gives every post and repost ever made; later walks ask for the
difference since the stored revision, which costs one request when nothing changed
(a file of 59 bytes). A difference lists no deletions: they are found by comparing
the stored keys with the tree's, and where the difference cannot decide, or the last
whole listing is four weeks old, by a whole listing.

Received: `getPosts` tells how many replies each own item has, `getPostThread`
gives them; only items with replies are asked for, and again when the number
changed or the item is younger than 28 days. All items are counted anew when the
last full count is a week old (few items: always); `received` is proven up to the
last full count.

A run asks whether people still agree to be shown, for 25 accounts at once. The server of
the repository is looked up once a day, and when it does not give the file.

Shows acts, replies and what is received under own posts; not mentions elsewhere.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ingest import bluesky_items as items
from ingest.atproto import Asker, Closed, Refused, read_json, unexpected
from ingest.bluesky_acts import Acts
from ingest.bluesky_items import POST
from ingest.bluesky_repo import Reading, open_repo, read_items
from ingest.bluesky_views import is_hidden, left_out, pinned_uri, read_thread, reply_counts
from ingest.car import CarError
from ingest.errors import SourceError
from ingest.http import Config, Http
from ingest.model import (
    Account,
    AccountState,
    Batch,
    Known,
    Page,
    Shows,
    Status,
    Stream,
    Thread,
)

NAME = "bluesky"

_URIS_A_CALL = 25
_DEPTH = 200  # deeper JSON cannot be decoded safely; own items below are asked themselves
_YOUNG = timedelta(days=28)
_COUNT_ALL_EVERY = timedelta(days=7)
_HOME_KEPT = timedelta(days=1)
_PROFILE_KEPT = timedelta(hours=1)
_FOUND = "home_found"  # a cursor: whose server, when it was looked up, and its address
_FEW = 250  # so many items are always all counted
_SHOWS = Shows(
    acts=True,
    replies=True,
    received_under_own_posts=True,
    received_mentions=False,
    full_history=True,
)
_SHOWS_NOTHING = Shows(
    acts=False,
    replies=False,
    received_under_own_posts=False,
    received_mentions=False,
    full_history=False,
)


def walk(account: Account, known: Known, http: Http, config: Config) -> Iterator[Batch]:
    """All that is new of one account: its state, acts with their proof, what it received.

    Raises AccountGone for unknown, suspended and deactivated accounts and
    AccessDenied for those that ask not to be shown, after a batch with that state.
    """
    visit = _Visit(Asker(NAME, account, http, config), known)
    try:
        yield from visit.who()
        acts = yield from visit.acts()
        yield from visit.received(acts)
    except Closed as closed:
        if visit.did:
            yield Batch(state=visit.state(closed.status))
        raise closed.error(NAME, account) from closed
    except Refused as refused:
        raise unexpected(NAME, account, str(refused)) from refused
    except CarError as error:
        raise _bad_repo(account, error) from error


def parse(page: Page, account: Account) -> Batch:
    """One recorded answer as objects: of kind `profile`, `repo` or `thread`.

    Context: `did` always; `opened_at` and `pinned` for a repo, if known, and
    `since` if it is a difference; `uri` of the item asked for, for a thread.
    """
    if page.kind == "profile":
        return _read_profile(page, account)
    if page.kind == "thread":
        batch, hidden_count = _read_thread(page, account)
        return replace(batch, notes=left_out(hidden_count))
    opened_at = page.context.get("opened_at")
    reading = Reading(
        did=page.context["did"],
        fetched_at=page.fetched_at,
        opened_at=datetime.fromisoformat(opened_at) if opened_at else None,
        pinned=page.context.get("pinned", ""),
        is_whole="since" not in page.context,
    )
    try:
        repo = open_repo(page.body, reading.did)
        return _merged(read_items(repo, reading))
    except CarError as error:
        raise _bad_repo(account, error) from error


@dataclass(slots=True)
class _Visit:
    """One walk: what was asked and learned so far."""

    ask: Asker
    known: Known
    did: str = ""
    home: str = ""
    sure_until: datetime | None = None  # when the server was looked up, if before this walk
    handle: str = ""
    pinned: str = ""
    opened_at: datetime | None = None
    hidden_count: int = 0

    def who(self) -> Iterator[Batch]:
        """The account's state; Closed if there is nothing for us."""
        account, cursors = self.ask.account, self.known.cursors
        is_same = cursors.get("handle") == account.handle
        self.did = (cursors.get("did") if is_same else "") or self.ask.did_of(account.handle)
        page = self._profile()
        batch = parse(page, account)
        if batch.state:
            self.handle, self.opened_at = batch.state.handle, batch.state.created_at
        if batch.state is None or batch.state.status is not Status.ACTIVE:
            raise Closed(Status.DECLINED)
        self.pinned = pinned_uri(read_json(page.body, page.url, NAME, account))
        yield from self._find_home()
        notes: tuple[str, ...] = ()
        if not account.handle.startswith("did:") and self.handle != account.handle.lower():
            notes = (f"the account is called {self.handle} now: correct accounts.csv",)
        yield Batch(state=self.state(Status.ACTIVE), notes=notes)

    def state(self, status: Status) -> AccountState:
        """What is known of the account so far, with this status."""
        return AccountState(
            native_id=self.did,
            handle=self.handle or self.ask.account.handle,
            host=self.home.partition("://")[2].rstrip("/"),
            status=status,
            shows=_SHOWS_NOTHING if status is Status.DECLINED else _SHOWS,
            created_at=self.opened_at or self.known.created_at,
        )

    def _profile(self) -> Page:
        """What the AppView shows of the account now."""
        now, told = self.ask.config.now(), self.known.profile
        if told and told.context["did"] == self.did and now - told.fetched_at < _PROFILE_KEPT:
            return told
        reply = self.ask.profile(self.did)
        return Page("profile", reply.url, reply.body, self.ask.config.now(), {"did": self.did})

    def _find_home(self) -> Iterator[Batch]:
        """The server as it was looked up within a day, else as it is now."""
        did, _, told = self.known.cursors.get(_FOUND, "").partition(" ")
        at, _, home = told.partition(" ")
        looked_up_at, now = items.parse_moment(at), self.ask.config.now()
        if did == self.did and looked_up_at and now - _HOME_KEPT < looked_up_at <= now:
            self.home, self.sure_until = home, looked_up_at
        else:
            yield self._look_up_home()

    def _look_up_home(self) -> Batch:
        """Ask where the repository lies; a cursor remembers it."""
        self.home, self.sure_until = self.ask.home_of(self.did), None
        return Batch(
            cursors={_FOUND: f"{self.did} {self.ask.config.now().isoformat()} {self.home}"}
        )

    def acts(self) -> Generator[Batch, None, Acts]:
        """What the repository holds; from another server if the remembered one does not give it."""
        acts = self._acts()
        try:
            yield from acts.batches()
        except (Closed, Refused, SourceError):  # only before its first batch
            remembered = self.home
            if self.sure_until is None:
                raise
            found = self._look_up_home()
            if self.home == remembered:
                raise
            yield replace(found, state=self.state(Status.ACTIVE))
            acts = self._acts()
            yield from acts.batches()
        return acts

    def _acts(self) -> Acts:
        where = self.did, self.home, self.opened_at, self.pinned, self.sure_until
        return Acts(self.ask, self.known, *where)

    def received(self, acts: Acts) -> Iterator[Batch]:
        """Replies under own posts, oldest post first; the span last, if all were counted."""
        began_at = self.ask.config.now()
        counted_at = items.parse_moment(self.known.cursors.get("counted_at"))
        is_all = acts.is_whole or len(acts.own) <= _FEW
        is_all = is_all or counted_at is None or began_at - counted_at >= _COUNT_ALL_EVERY
        young_from = (began_at - _YOUNG).timestamp()
        asked = [
            (at, f"at://{self.did}/{POST}/{rkey}")
            for rkey, at in acts.own.items()
            if is_all or at >= young_from
        ]
        acts.own.clear()
        asked.sort()
        done: set[str] = set()
        for start in range(0, len(asked), _URIS_A_CALL):
            chunk = asked[start : start + _URIS_A_CALL]
            yield from self._replies(chunk, young_from, done)
        spans = acts.span(Stream.RECEIVED, began_at, "listing_to_end") if is_all else ()
        cursors = {"counted_at": began_at.isoformat()} if is_all else {}
        yield Batch(spans=spans, cursors=cursors, notes=left_out(self.hidden_count))

    def _replies(
        self, chunk: list[tuple[float, str]], young_from: float, done: set[str]
    ) -> Iterator[Batch]:
        """The replies to up to 25 own posts, as one batch; what came before an error too."""
        reply = self.ask.appview("app.bsky.feed.getPosts", {"uris": [uri for _, uri in chunk]})
        counts = reply_counts(self.ask.json(reply))
        batches: list[Batch] = []
        try:
            for at, uri in chunk:
                count = counts.get(uri, 0)
                known = self.known.threads.get(uri)
                is_due = known is None or known[0] != count or at >= young_from
                if count and is_due and uri not in done:
                    batches.append(self._thread(uri, count))
                    done.update(thread.root_uri for thread in batches[-1].threads)
        except (SourceError, Refused):
            if batches:
                yield _merged(batches)
            raise
        if batches:
            yield _merged(batches)

    def _thread(self, uri: str, count: int) -> Batch:
        params = {"uri": uri, "depth": str(_DEPTH), "parentHeight": "0"}
        try:
            reply = self.ask.appview("app.bsky.feed.getPostThread", params)
        except Refused as refused:
            if refused.name != "NotFound":
                raise
            return Batch(threads=(Thread(uri, count, is_partial=True),))
        context = {"did": self.did, "uri": uri}
        page = Page("thread", reply.url, reply.body, self.ask.config.now(), context)
        batch, hidden_count = _read_thread(page, self.ask.account)
        self.hidden_count += hidden_count
        # The count that the next walk will compare with, whatever the tree says.
        threads = (replace(t, reply_count=count) if t.root_uri == uri else t for t in batch.threads)
        return replace(batch, threads=tuple(threads))


def _read_profile(page: Page, account: Account) -> Batch:
    profile = read_json(page.body, page.url, NAME, account)
    did, handle = profile.get("did"), profile.get("handle")
    if not isinstance(did, str) or not isinstance(handle, str) or did != page.context["did"]:
        raise unexpected(NAME, account, "the profile is that of nobody or of somebody else")
    status = Status.DECLINED if is_hidden(profile) else Status.ACTIVE
    shows = _SHOWS_NOTHING if status is Status.DECLINED else _SHOWS
    opened_at = items.opened(profile, page.fetched_at)
    return Batch(state=AccountState(did, handle, "", status, shows, created_at=opened_at))


def _read_thread(page: Page, account: Account) -> tuple[Batch, int]:
    root = read_json(page.body, page.url, NAME, account).get("thread")
    if not isinstance(root, dict):
        raise unexpected(NAME, account, "the answer holds no thread")
    return read_thread(root, page.context["uri"], page.context["did"], page.fetched_at)


def _merged(batches: Iterable[Batch]) -> Batch:
    """One batch out of several pages; an item seen twice counts once."""
    pages = list(batches)
    return Batch(
        posts=tuple(post for page in pages for post in page.posts),
        received=tuple({item.uri: item for page in pages for item in page.received}.values()),
        threads=tuple({t.root_uri: t for page in pages for t in page.threads}.values()),
        quarantined=tuple(bad for page in pages for bad in page.quarantined),
        notes=tuple(note for page in pages for note in page.notes),
    )


def _bad_repo(account: Account, error: CarError) -> SourceError:
    return unexpected(NAME, account, f"the repository file cannot be read: {error}")
