"""A small invented blog whose items name feeds of their comments, served through httpx."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

import httpx

from tests.feed_server import SITE, day

AUTHOR, AUTHOR_URL = "An Voorbeeld", "https://an.voorbeeld.example/over"
_SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" '
    'xmlns:fh="http://purl.org/syndication/history/1.0"'
)


@dataclass
class Comment:
    number: int
    at: float
    text: str
    name: str
    url: str = ""
    parent: int = 0


@dataclass
class Talk:
    """Atom items with `link rel="replies"` and their comments; `is_rss`: as WordPress's RSS."""

    posts: dict[int, float] = field(default_factory=dict)
    comments: dict[int, list[Comment]] = field(default_factory=dict)
    window: int = 10  # comments in one document
    pages: bool = False  # older comments through rel="next"
    is_rss: bool = False
    has_counts: bool = True
    has_etag: bool = True
    tells_author: bool = True
    is_complete: bool = True  # the feed of the items says that there are no others
    hides: int = 0  # comments that are counted and not shown
    failing: dict[str, int] = field(default_factory=dict)

    def write(self, *days: float) -> Talk:
        for at in days:
            self.posts[len(self.posts) + 1] = at
        return self

    def say(
        self, post: int, at: float, text: str, name: str = "Bert Bedenksel", **more: object
    ) -> int:
        number = sum(map(len, self.comments.values())) + 1
        said = Comment(number, at, text, name, **more)  # type: ignore[arg-type]
        self.comments.setdefault(post, []).append(said)
        return number

    def answer(self, post: int, at: float, text: str, parent: int = 0) -> int:
        return self.say(post, at, text, AUTHOR, url=AUTHOR_URL, parent=parent)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        for part, status in self.failing.items():
            if part in url:
                return httpx.Response(status)
        if request.url.path == "/feed.xml":
            body = self._rss_posts() if self.is_rss else self._atom_posts()
        else:
            post = int(request.url.path.strip("/").partition("/")[0])
            page = int(request.url.params.get("page", 1))
            body = (self._rss_comments if self.is_rss else self._atom_comments)(post, page)
        etag = f'"{hash(body)}"'
        if self.has_etag and request.headers.get("if-none-match") == etag:
            return httpx.Response(304)
        return httpx.Response(200, text=body, headers={"etag": etag} if self.has_etag else {})

    def _shown(self, post: int, page: int) -> list[Comment]:
        newest = sorted(self.comments.get(post, []), key=lambda said: -said.at)
        return newest[(page - 1) * self.window : page * self.window]

    def _count(self, post: int) -> int:
        return len(self.comments.get(post, [])) + self.hides

    def _atom_posts(self) -> str:
        who = f"<author><name>{AUTHOR}</name><uri>{AUTHOR_URL}</uri></author>"
        if not self.tells_author:
            who = f"<author><name>{AUTHOR}</name></author>"
        entries = [
            f"<entry><id>{SITE}/?p={n}</id><title>Bericht {n}</title>"
            f"<published>{day(at):%Y-%m-%dT%H:%M:%SZ}</published>"
            f'<link rel="alternate" href="{SITE}/{n}/"/>'
            f'<link rel="replies" type="text/html" href="{SITE}/{n}/#comments"/>'
            f'<link rel="replies" type="application/atom+xml" href="/{n}/comments.xml"'
            + (f' thr:count="{self._count(n)}"' if self.has_counts else "")
            + f"/>{who}</entry>"
            for n, at in sorted(self.posts.items(), key=lambda pair: -pair[1])
        ]
        head = "<fh:complete/>" if self.is_complete else ""
        return f"<feed {_SPACES}>{head}{''.join(entries)}</feed>"

    def _atom_comments(self, post: int, page: int) -> str:
        entries = [
            f"<entry><id>{SITE}/?p={post}#comment-{said.number}</id>"
            f"<title>Door: {escape(said.name)}</title>"
            f"<published>{day(said.at):%Y-%m-%dT%H:%M:%SZ}</published>"
            f"<author><name>{escape(said.name)}</name>"
            + (f"<uri>{said.url}</uri>" if said.url else "")
            + f"<email>geheim@post.example</email></author>{_parent(post, said.parent)}"
            f'<content type="html">{escape(f"<p>{said.text}</p>")}</content></entry>'
            for said in self._shown(post, page)
        ]
        has_more = self.pages and self._shown(post, page + 1)
        more = f'<link rel="next" href="?page={page + 1}"/>' if has_more else ""
        return f"<feed {_SPACES}>{more}{''.join(entries)}</feed>"

    def _rss_posts(self) -> str:
        items = [
            f'<item><guid isPermaLink="false">{SITE}/?p={n}</guid><title>Bericht {n}</title>'
            f"<link>{SITE}/{n}/</link><dc:creator>{AUTHOR}</dc:creator>{_date(day(at))}"
            f"<w:commentRss>{SITE}/{n}/feed/</w:commentRss>"
            + (f"<slash:comments>{self._count(n)}</slash:comments>" if self.has_counts else "")
            + "</item>"
            for n, at in sorted(self.posts.items(), key=lambda pair: -pair[1])
        ]
        return _rss(items)

    def _rss_comments(self, post: int, page: int) -> str:
        items = []
        for said in self._shown(post, page):
            above = next((c for c in self.comments[post] if c.number == said.parent), None)
            link = (
                f'<a href="{SITE}/{post}/#comment-{said.parent}">{above.name}</a>' if above else ""
            )
            text = f"Als antwoord op {link}.\n\n{said.text}" if above else said.text
            items.append(
                f'<item><guid isPermaLink="false">{SITE}/?p={post}#comment-{said.number}</guid>'
                f"<link>{SITE}/{post}/#comment-{said.number}</link>{_date(day(said.at))}"
                f"<dc:creator>{said.name}</dc:creator>"
                f"<description>{escape(text)}</description></item>"
            )
        return _rss(items)


def _rss(items: list[str]) -> str:
    return (
        '<rss version="2.0" xmlns:w="http://wellformedweb.org/CommentAPI/" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>An</title>{''.join(items)}</channel></rss>"
    )


def _date(at: datetime) -> str:
    return f"<pubDate>{at:%d %b %Y %H:%M:%S +0000}</pubDate>"


def _parent(post: int, parent: int) -> str:
    above = f"#comment-{parent}" if parent else ""
    return f'<thr:in-reply-to ref="{SITE}/?p={post}{above}" href="{SITE}/{post}/{above}"/>'
