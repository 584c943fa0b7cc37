"""Statuses, boosts and the replies under them from a Mastodon account's home server.

The first walk lists the whole history; later ones list new statuses first until
an already stored one is met, and go on only as far as threads can still change
(28 days). Contexts are asked for only where somebody replied. Where the server
refuses anonymous visitors and there is no token, the account's RSS feed gives
acts only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit

import msgspec

from ingest.errors import AccessDenied, AccountGone, UnexpectedPayload
from ingest.feeditems import WebPage
from ingest.feedwalk import FeedVisit, feed_state
from ingest.http import Config, Http
from ingest.mastodon_api import ApiAccount, ApiStatus, moment, read_context, read_listing
from ingest.mastodon_home import KEPT, Api, first_page, open_api
from ingest.mastodon_walk import MastodonVisit
from ingest.model import Account, AccountState, Batch, Known, Page, Post, Shows, Status
from ingest.statuses import Home, Tree, is_own, post_of, received_of, threads_of

NAME = "mastodon"
_FEEDS = ("/@{user}.rss", "/@{user}/feed.rss")  # Mastodon; GoToSocial


def walk(account: Account, known: Known, http: Http, config: Config) -> Iterator[Batch]:
    """Everything public of an account since the last walk, and what that proves."""
    api = open_api(NAME, account, http, config, known.cursors)
    fetched_at = config.now()
    try:
        owner, page = first_page(api, known)
    except AccessDenied as refused:
        yield from _by_feed(api, known, refused)
        return
    home = Home(api.place.base, api.place.domain, str(owner.id))
    state = state_of(owner, account, home)
    if state.status is Status.SUSPENDED:
        yield Batch(state=state)
        raise api.gone("is suspended, which is not silence", KEPT)
    if state.moved_to:
        yield Batch(notes=("moved to another server; what is here stays",))
    yield from MastodonVisit(api, home, known, fetched_at, state).walk(page, owner.statuses_count)


def parse(page: Page, account: Account) -> Batch:
    """One answer of the API as objects, as far as it tells without other pages.

    `statuses` is a page of an account's statuses, `context` what stands around the
    status `id` with address `uri` and `reply_count`, `account` an account. The
    page's context also holds `base`, `domain` and `account_id` of the home server.
    """
    told = page.context
    home = Home(told["base"], told["domain"], told["account_id"])
    try:
        if page.kind == "account":
            owner = msgspec.json.decode(page.body, type=ApiAccount)
            return Batch(state=state_of(owner, account, home))
        if page.kind == "statuses":
            return _listing(page, Tree(home))
        return _context(page, Tree(home))
    except (ValueError, RecursionError) as error:
        happened = f"{urlsplit(page.url).netloc} answered with something else than {page.kind}"
        raise UnexpectedPayload(NAME, account.account_id, happened, "try again later") from error


def _listing(page: Page, tree: Tree) -> Batch:
    statuses, bad, _ = read_listing(page.body)
    for status in statuses:
        tree.add(status)
    return Batch(posts=_own_posts(statuses, tree, page), quarantined=tuple(bad))


def _context(page: Page, tree: Tree) -> Batch:
    told = page.context
    above, below, bad = read_context(page.body)
    tree.add_around(told["id"], told["uri"], above, below)
    target = (told["id"], told["uri"], int(told["reply_count"]))
    return Batch(
        posts=_own_posts(above + below, tree, page),
        received=tuple(received_of(above + below, tree, page.fetched_at)),
        threads=tuple(threads_of(target, below, tree.home)),
        quarantined=tuple(bad),
    )


def _own_posts(statuses: list[ApiStatus], tree: Tree, page: Page) -> tuple[Post, ...]:
    return tuple(post_of(s, tree, page.fetched_at) for s in statuses if is_own(s, tree.home))


def state_of(owner: ApiAccount, account: Account, home: Home) -> AccountState:
    """What the home server says of the account."""
    moved_to = home.native(owner.moved.acct) if owner.moved else None
    status = Status.MOVED if moved_to else Status.ACTIVE
    return AccountState(
        native_id=home.native(owner.acct),
        handle=account.handle,
        host=urlsplit(home.base).netloc,
        status=Status.SUSPENDED if owner.suspended else status,
        shows=Shows(
            acts=True,
            replies=True,
            received_under_own_posts=True,
            received_mentions=False,
            full_history=True,
        ),
        created_at=moment(owner.created_at) if owner.created_at else None,
        moved_to=moved_to,
    )


def _by_feed(api: Api, known: Known, refused: AccessDenied) -> Iterator[Batch]:
    """Acts from the account's RSS feed; what was refused if there is none."""
    place = api.place
    native_id = f"{place.user}@{place.domain}"
    visit = FeedVisit(NAME, api.account, known, api.http, api.config, f"mastodon:{native_id}")
    for path in _FEEDS:
        url = place.base + path.format(user=quote(place.user, safe=""))
        try:
            opened = visit.open(url)
        except (AccountGone, AccessDenied, UnexpectedPayload, WebPage):
            continue
        state = replace(feed_state(api.account, native_id, url), host=place.host)
        notes = (f"{refused.happened}: acts only, from its feed; {refused.todo}",)
        yield Batch(notes=notes)
        yield from visit.follow(url, opened, state, api.cursors)
        return
    raise refused
