"""Posts and comments of a WordPress site through its REST API: an author's comment is an answer.

The handle is the site's address, or that of one author's page on it. Of a whole
site everybody who publishes there counts as the person. Where visitors may not
use the API, the site's feed gives posts only, from then on for good: the two name
items differently.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from ingest.errors import AccessDenied, UnexpectedPayload
from ingest.feeddocument import WebPage
from ingest.feedwalk import FeedVisit, feed_state
from ingest.http import Config, Http
from ingest.model import Account, Batch, Known, Page
from ingest.wordpress_api import Site, post_of, read_comments, read_posts
from ingest.wordpress_comments import Comments, Watched
from ingest.wordpress_home import Asker, Home, NoApi
from ingest.wordpress_walk import SiteVisit

NAME = "wordpress"
_REFUSED = "ask the publisher to open the REST API, or follow the site's feed as `feeds`"


def walk(account: Account, known: Known, http: Http, config: Config) -> Iterator[Batch]:
    """Posts, comments and what they prove; by the feed where there is no API for visitors."""
    is_same = known.cursors.get("wordpress_of") == account.handle
    cursors = dict(known.cursors) if is_same else {}
    asker, fetched_at = Asker(NAME, account, http, config), config.now()
    via = cursors.get("wordpress_via")
    if via == "feed":
        yield from _by_feed(asker, known, "")
        return
    try:
        home = Home.from_cursors(cursors) if via == "api" else asker.find(_address(account))
        yield from SiteVisit(asker, home, known, fetched_at, cursors).walk()
    except NoApi as refused:
        if via is None:
            yield from _by_feed(asker, known, str(refused))
            return
        home = _again(asker, Home.from_cursors(cursors), refused)
        yield from SiteVisit(asker, home, known, fetched_at, cursors).walk()


def parse(page: Page, account: Account) -> Batch:
    """One answer as objects, as far as it tells without other pages.

    `posts` and `comments` are pages of those listings. The context holds the `site`,
    for comments also the numbers of its `authors` and, if only some posts are the
    person's, of those `posts` (both with commas), and the authors' `names` as JSON.
    """
    told = page.context
    site = Site(told["site"])
    try:
        if page.kind == "posts":
            items, bad, _ = read_posts(page.body)
            posts = tuple(post_of(item, site, page.fetched_at) for item in items)
            return Batch(posts=posts, quarantined=tuple(bad))
        found, bad, _ = read_comments(page.body)
    except (ValueError, RecursionError) as error:
        happened = f"{urlsplit(page.url).netloc} answered with something else than {page.kind}"
        raise UnexpectedPayload(NAME, account.account_id, happened, "try again later") from error
    comments = Comments(site, _watched(told), page.fetched_at)
    comments.add(found)
    return Batch(
        posts=tuple(comments.posts()),
        received=tuple(comments.received()),
        quarantined=tuple(bad),
    )


def _watched(told: Mapping[str, str]) -> Watched:
    posts = frozenset(map(int, told["posts"].split(","))) if told.get("posts") else None
    names = frozenset(json.loads(told.get("names") or "[]"))
    return Watched(frozenset(map(int, told["authors"].split(","))), posts, names)


def _address(account: Account) -> str:
    handle = account.handle.strip()
    return handle if "://" in handle else f"https://{handle}"


def _again(asker: Asker, old: Home, refused: NoApi) -> Home:
    """The API where it is now; its items keep the names that they have in the store."""
    try:
        found = asker.find(_address(asker.account))
    except NoApi as still:
        account = asker.account.account_id
        raise AccessDenied(NAME, account, str(still), _REFUSED) from refused
    return replace(old, root=found.root)


def _by_feed(asker: Asker, known: Known, why: str) -> Iterator[Batch]:
    """Posts from the feed of the site or of the author."""
    address = _address(asker.account)
    if "/author/" in address:  # the page names the whole site's feed first
        address = f"{address.rstrip('/')}/feed/"
    visit = FeedVisit(NAME, asker.account, known, asker.http, asker.config, address)
    try:
        url, opened = visit.find()
    except WebPage as page:
        raise visit.unexpected(f"{urlsplit(address).netloc} has no feed either") from page
    if why:
        yield Batch(notes=(f"{why}: posts only, from its feed",))
    state = feed_state(asker.account, address, url)
    cursors = {"wordpress_of": asker.account.handle, "wordpress_via": "feed"}
    yield from visit.follow(url, opened, state, cursors)
