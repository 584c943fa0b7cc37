"""A small invented blog whose history a test writes, served as a feed through httpx."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import httpx

from ingest.model import Account

SITE = "https://an.voorbeeld.example"
FEED = f"{SITE}/feed.xml"
AN = Account("an-blog", "an-voorbeeld", "feeds", FEED)
START = datetime(2024, 1, 1, 12, tzinfo=UTC)
WORDPRESS = "https://wordpress.org/?v=6.7"


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@dataclass
class Item:
    guid: str
    at: datetime | None
    title: str = "Titel"
    extra: str = ""

    def __str__(self) -> str:
        date = f"<pubDate>{self.at:%d %b %Y %H:%M:%S +0000}</pubDate>" if self.at else ""
        return (
            f"<item><guid>{escape(self.guid)}</guid><title>{escape(self.title)}</title>{date}"
            f"<description>Tekst</description>{self.extra}</item>"
        )


@dataclass
class Blog:
    """Items newest first; `window` in one document; `paging`: none, next, archive or wordpress."""

    items: list[Item] = field(default_factory=list)
    window: int = 10
    paging: str = "none"
    has_etag: bool = False
    is_complete: bool = False
    is_archive: bool = False
    failing: dict[str, int] = field(default_factory=dict)  # part of an address → status
    ends_with: int = 404  # after the last page of a WordPress

    def write(self, *days: float) -> Blog:
        for number in days:
            self.items.insert(0, Item(f"{SITE}/{number:g}", day(number)))
        return self

    def __call__(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        for part, status in self.failing.items():
            if part in url:
                return httpx.Response(status)
        if request.url.path != "/feed.xml":
            return httpx.Response(404)
        if self.has_etag and request.headers.get("if-none-match") == self.etag:
            return httpx.Response(304)
        params = request.url.params
        number = int(params.get("page") or params.get("paged") or 1)
        start = (number - 1) * self.window
        shown = self.items[start : start + self.window]
        if not shown and number > 1:
            return httpx.Response(self.ends_with)
        has_more = len(self.items) > start + self.window
        headers = {"etag": self.etag} if self.has_etag else {}
        return httpx.Response(200, content=self.document(shown, number, has_more), headers=headers)

    @property
    def etag(self) -> str:
        return f'"{hash(tuple(map(str, self.items)))}"'

    def document(self, shown: list[Item], number: int, has_more: bool) -> bytes:
        head = "<fh:complete/>" if self.is_complete else ""
        if self.is_archive:
            head += f'<fh:archive/><atom:link rel="current" href="{FEED}"/>'
        rel = {"next": "next", "archive": "prev-archive"}.get(self.paging)
        if rel and has_more:
            head += f'<atom:link rel="{rel}" href="/feed.xml?page={number + 1}"/>'
        if self.paging == "wordpress":
            head += f"<generator>{WORDPRESS}</generator>"
        return (
            '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
            'xmlns:fh="http://purl.org/syndication/history/1.0">'
            f"<channel><title>An</title>{head}{''.join(map(str, shown))}</channel></rss>"
        ).encode()
