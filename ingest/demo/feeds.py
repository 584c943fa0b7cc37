"""Loopback blogs of the council: a WordPress, an archived Atom feed, and a shallow RSS feed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.demo.council import SHALLOW_ITEMS, Council
from ingest.demo.people import BLOG_HOST
from ingest.demo.world import Item, Voice

WORDPRESS_ITEMS = 10  # in one page of the feed
CURRENT_ITEMS = 20  # in the document that readers subscribe to
ARCHIVE_ITEMS = 40  # in each archive document (RFC 5005)
_RSS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n'
    "<channel><title>{title}</title><link>{home}</link><description>Verzonnen blog</description>"
    "<language>nl-BE</language>{generator}\n{items}\n</channel></rss>\n"
)
_ATOM = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:fh="http://purl.org/syndication/history/1.0">\n'
    "<id>{home}</id><title>{title}</title><updated>{updated}</updated>"
    "<author><name>{title}</name></author>{links}\n{items}\n</feed>\n"
)


def home_of(voice: Voice) -> str:
    """The blog's first page."""
    return f"https://{BLOG_HOST}/{voice.user}/"


def guid_of(item: Item) -> str:
    """What identifies a blog post for ever."""
    return f"{home_of(item.voice)}?p={item.number}"


def link_of(item: Item) -> str:
    """The blog post's page."""
    return f"{home_of(item.voice)}{_at(item):%Y/%m/%d}/bericht-{item.number}/"


def _at(item: Item) -> datetime:
    return datetime.fromtimestamp(item.at, UTC)


def _title(item: Item) -> str:
    return item.text.partition("\n")[0]


def _markup(item: Item) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in item.text.split("\n"))


def rss(voice: Voice, items: Sequence[Item], generator: str = "") -> bytes:
    """An RSS 2.0 document of these items."""
    written = [
        f"<item><title>{escape(_title(item))}</title><link>{link_of(item)}</link>"
        f'<guid isPermaLink="false">{guid_of(item)}</guid>'
        f"<pubDate>{format_datetime(_at(item))}</pubDate>"
        f"<content:encoded><![CDATA[{_markup(item)}]]></content:encoded></item>"
        for item in items
    ]
    made_by = f"<generator>{generator}</generator>" if generator else ""
    return _RSS.format(
        title=escape(voice.name), home=home_of(voice), generator=made_by, items="\n".join(written)
    ).encode()


def atom(voice: Voice, items: Sequence[Item], links: dict[str, str], is_archive: bool) -> bytes:
    """An Atom document; `links` are rel → address (RFC 5005)."""
    written = [
        f"<entry><id>{guid_of(item)}</id><title>{escape(_title(item))}</title>"
        f'<link rel="alternate" href="{link_of(item)}"/>'
        f"<published>{_at(item):%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<updated>{_at(item):%Y-%m-%dT%H:%M:%SZ}</updated>"
        f'<content type="html" xml:lang="{item.lang}">{escape(_markup(item))}</content></entry>'
        for item in items
    ]
    tags = "".join(f'<link rel="{rel}" href="{href}"/>' for rel, href in links.items())
    return _ATOM.format(
        home=home_of(voice),
        title=escape(voice.name),
        updated=f"{_at(items[0]):%Y-%m-%dT%H:%M:%SZ}",
        links=tags + ("<fh:archive/>" if is_archive else ""),
        items="\n".join(written),
    ).encode()


class Blogs:
    """All blogs of the council by the name in their address."""

    def __init__(self, council: Council) -> None:
        voices = [voice for voice in council.accounts if voice.platform == "feeds"]
        self.voices = {voice.user: voice for voice in voices}
        self.items = {
            voice.user: tuple(reversed(council.items_of(voice.voice_id))) for voice in voices
        }

    def wordpress_page(self, user: str, number: int) -> bytes | None:
        """One page of a WordPress feed; None behind the last."""
        start = (number - 1) * WORDPRESS_ITEMS
        items = self.items[user][start : start + WORDPRESS_ITEMS]
        generator = "https://wordpress.org/?v=6.7"
        return rss(self.voices[user], items, generator) if items else None

    def shallow(self, user: str) -> bytes:
        """The last items and nothing else."""
        return rss(self.voices[user], self.items[user][:SHALLOW_ITEMS])

    def archived(self, user: str, number: int | None = None) -> bytes | None:
        """The current document, or archive `number`, counted from the oldest; None if absent."""
        voice, oldest_first = self.voices[user], self.items[user][::-1]
        full_count = len(oldest_first) // ARCHIVE_ITEMS
        links = {"current": voice.handle}
        if number is None:
            links = {"self": voice.handle}
            archived_count = full_count * ARCHIVE_ITEMS
            items = oldest_first[max(0, min(archived_count, len(oldest_first) - CURRENT_ITEMS)) :]
            before = full_count
        else:
            if not 1 <= number <= full_count:
                return None
            items = oldest_first[(number - 1) * ARCHIVE_ITEMS : number * ARCHIVE_ITEMS]
            before = number - 1
        if before:
            links["prev-archive"] = f"{home_of(voice)}archive/{before}.xml"
        return atom(voice, items[::-1], links, is_archive=number is not None)


class _Pages:
    def __init__(self, blogs: Blogs) -> None:
        self.blogs = blogs

    async def front(self, request: Request) -> Response:
        voice = self._voice(request)
        return self._answer(request, _front_page(voice) if voice else None, "text/html")

    async def feed(self, request: Request) -> Response:
        voice, body = self._voice(request, "wordpress", "shallow"), None
        if voice and voice.style == "shallow":
            body = self.blogs.shallow(voice.user)
        elif voice:
            number = int(request.query_params.get("paged", 1))
            body = self.blogs.wordpress_page(voice.user, number)
        return self._answer(request, body, "application/rss+xml")

    async def current(self, request: Request) -> Response:
        voice = self._voice(request, "archive")
        body = self.blogs.archived(voice.user) if voice else None
        return self._answer(request, body, "application/atom+xml")

    async def archive(self, request: Request) -> Response:
        voice = self._voice(request, "archive")
        body = self.blogs.archived(voice.user, request.path_params["number"]) if voice else None
        return self._answer(request, body, "application/atom+xml")

    async def posts(self, request: Request) -> Response:
        voice = self._voice(request, "wordpress")
        return _rest_page(request, self.blogs.items[voice.user]) if voice else _missing()

    def _voice(self, request: Request, *styles: str) -> Voice | None:
        voice = self.blogs.voices.get(request.path_params["user"])
        return voice if voice and (not styles or voice.style in styles) else None

    def _answer(self, request: Request, body: bytes | None, media_type: str) -> Response:
        """The body with its ETag, or 304 for who has it."""
        voice = self._voice(request)
        if body is None or voice is None:
            return _missing()
        headers = {"etag": f'"{hashlib.sha256(body).hexdigest()[:24]}"'}
        if items := self.blogs.items[voice.user]:
            headers["last-modified"] = format_datetime(_at(items[0]), usegmt=True)
        if voice.style == "wordpress":
            headers["link"] = f'<{home_of(voice)}wp-json/>; rel="https://api.w.org/"'
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=media_type, headers=headers)


def _missing() -> Response:
    return Response("not found", 404, media_type="text/plain")


def blogs_app(blogs: Blogs) -> Starlette:
    """All blogs on one host, each below a path of its own."""
    pages = _Pages(blogs)
    return Starlette(
        routes=[
            Route("/{user}/", pages.front),
            Route("/{user}/feed/", pages.feed),
            Route("/{user}/atom.xml", pages.current),
            Route("/{user}/archive/{number:int}.xml", pages.archive),
            Route("/{user}/wp-json/wp/v2/posts", pages.posts),
        ]
    )


def _front_page(voice: Voice) -> bytes:
    kind = "atom" if voice.style == "archive" else "rss"
    api = f'<link rel="https://api.w.org/" href="{home_of(voice)}wp-json/">'
    return (
        f"<!doctype html><html lang=nl><head><title>{escape(voice.name)}</title>"
        f'<link rel="alternate" type="application/{kind}+xml" href="{voice.handle}">'
        f"{api if voice.style == 'wordpress' else ''}</head>"
        "<body><h1>Verzonnen blog</h1></body></html>"
    ).encode()


def _rest_page(request: Request, items: Sequence[Item]) -> Response:
    """A page of WordPress' own interface, newest first."""
    size = min(int(request.query_params.get("per_page", 10)), 100)
    number = int(request.query_params.get("page", 1))
    page_count = -(-len(items) // size)
    if number > page_count:
        body: Any = {"code": "rest_post_invalid_page_number", "message": "…", "data": {}}
        return Response(msgspec.json.encode(body), 400, media_type="application/json")
    body = [
        {
            "id": item.number,
            "date": f"{_at(item):%Y-%m-%dT%H:%M:%S}",
            "date_gmt": f"{_at(item):%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{_at(item):%Y-%m-%dT%H:%M:%S}",
            "guid": {"rendered": guid_of(item)},
            "link": link_of(item),
            "type": "post",
            "status": "publish",
            "title": {"rendered": escape(_title(item))},
            "content": {"rendered": _markup(item), "protected": False},
            "author": 1,
        }
        for item in items[(number - 1) * size : number * size]
    ]
    headers = {"x-wp-total": str(len(items)), "x-wp-totalpages": str(page_count)}
    return Response(msgspec.json.encode(body), media_type="application/json", headers=headers)
