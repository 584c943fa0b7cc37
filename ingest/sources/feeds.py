"""Acts from RSS, Atom and JSON Feed: windows of the last items, whole histories where offered.

What others ask and whom the person answers only the feeds of comments show that items
may name (`ingest.feedcomments`).
The handle is the feed's address, that of a web page that names its feed, or a YouTube
channel's address or id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ingest.feedcomments import Authors, read_comments
from ingest.feeddocument import Author, Document, Item, Refused, WebPage
from ingest.feeditems import read
from ingest.feedpages import read_page
from ingest.feedwalk import FeedVisit, feed_state
from ingest.http import Config, Http, place
from ingest.model import Account, Batch, Known, Page

NAME = "feeds"
_VIDEOS = "https://www.youtube.com/feeds/videos.xml"
_YOUTUBE = re.compile(
    r"(?:(?:https?://)?(?:www\.|m\.)?youtube\.com/"
    r"(?:channel/(?P<channel>UC[\w-]{22})(?:[/?#].*)?|playlist\?list=(?P<playlist>[\w-]{13,64}).*))"
    r"|(?P<id>UC[\w-]{22})"
)


def walk(account: Account, known: Known, http: Http, config: Config) -> Iterator[Batch]:
    """The items of a feed, the days that they prove, and what to ask for next time."""
    visit = FeedVisit(NAME, account, known, http, config, address_of(account.handle))
    url, opened = visit.find()
    yield from visit.follow(url, opened, feed_state(account, visit.address, url), {})


def parse(page: Page, account: Account) -> Batch:
    """One feed document as posts. Its context may hold `content_type`.

    `comments` is the feed of the comments below one item, taken for all of them: the
    context holds the `item`, its `link` and the `authors` (JSON: [[name, address], …]).
    """
    address = address_of(account.handle)
    try:
        document = read(page.body, page.url, page.context.get("content_type", ""))
    except (Refused, WebPage) as error:
        return Batch(notes=(f"{place(page.url)} is {error}",))
    if page.kind == "comments":
        return _comments(page, document, address)
    found = read_page(document, address, page.fetched_at)
    return Batch(posts=found.posts, quarantined=found.quarantined, notes=found.notes)


def _comments(page: Page, document: Document, address: str) -> Batch:
    told = page.context
    below = Item(told["item"], told.get("link"), "", "", None, None)
    authors = Authors.of(Author(name, url) for name, url in json.loads(told["authors"]))
    heard = read_comments(
        below, told["item"], document.items, authors, urlsplit(address).netloc, page.fetched_at
    )
    return Batch(posts=heard.posts, received=heard.received)


def address_of(handle: str) -> str:
    """The handle as an address that can be asked for."""
    handle = handle.strip()
    if video := _YOUTUBE.fullmatch(handle):
        kind = "playlist_id" if video["playlist"] else "channel_id"
        return f"{_VIDEOS}?{kind}={video['channel'] or video['playlist'] or video['id']}"
    if handle.startswith("feed:"):
        rest = handle.removeprefix("feed:")
        return rest if rest.startswith("http") else f"https://{rest.lstrip('/')}"
    return handle if "://" in handle else f"https://{handle}"
