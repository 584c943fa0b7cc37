"""Acts from RSS, Atom and JSON Feed: windows of the last items, whole histories where offered.

A feed shows what a person publishes, never what others ask or whom they answer.
The handle is the feed's address or that of a web page that names its feed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.feeditems import Refused, WebPage, feeds_in, read
from ingest.feedpages import read_page
from ingest.feedwalk import FeedVisit, Opened, feed_state
from ingest.http import Config, Http, place
from ingest.model import Account, Batch, Known, Page

NAME = "feeds"


def walk(account: Account, known: Known, http: Http, config: Config) -> Iterator[Batch]:
    """The items of a feed, the days that they prove, and what to ask for next time."""
    visit = FeedVisit(NAME, account, known, http, config, address_of(account.handle))
    url, opened = _find(visit)
    yield from visit.follow(url, opened, feed_state(account, visit.address, url), {})


def parse(page: Page, account: Account) -> Batch:
    """One feed document as posts. Its context may hold `content_type`."""
    address = address_of(account.handle)
    try:
        document = read(page.body, page.url, page.context.get("content_type", ""))
    except (Refused, WebPage) as error:
        return Batch(notes=(f"{place(page.url)} is {error}",))
    found = read_page(document, address, page.fetched_at)
    return Batch(posts=found.posts, quarantined=found.quarantined, notes=found.notes)


def address_of(handle: str) -> str:
    """The handle as an address that can be asked for."""
    handle = handle.strip()
    if handle.startswith("feed:"):
        rest = handle.removeprefix("feed:")
        return rest if rest.startswith("http") else f"https://{rest.lstrip('/')}"
    return handle if "://" in handle else f"https://{handle}"


def _find(visit: FeedVisit) -> tuple[str, Opened]:
    """The feed's own address and its document, through a web page that names it if need be."""
    url = visit.cursors.get("feed_url") or visit.address
    try:
        return url, visit.open(url)
    except WebPage as page:
        if url != visit.address:
            raise visit.unexpected(f"{place(url)} is a web page now, no feed") from page
        found = feeds_in(page.body, page.url)
        if not found:
            raise visit.unexpected(f"{place(url)} is a web page and names no feed") from page
        url = found[0]
    try:
        return url, visit.open(url)
    except WebPage as page:
        raise visit.unexpected(f"{place(url)} is a web page, no feed") from page
