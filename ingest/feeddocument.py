"""What a feed document says, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit


class WebPage(ValueError):
    """The document is HTML: perhaps it names a feed."""

    def __init__(self, body: bytes, url: str) -> None:
        super().__init__("a web page")
        self.body, self.url = body, url


class Refused(ValueError):
    """The document cannot or must not be read as a feed; the text says why."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an item, by the name and the web address told; never a mail address."""

    name: str = field(repr=False)
    url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the publisher wrote it; moments are claims."""

    guid: str | None
    link: str | None
    title: str
    markup: str
    published_at: datetime | None
    updated_at: datetime | None
    lang: str | None = None
    parent: str | None = None  # thr:in-reply-to
    comment_count: int | None = None  # slash:comments, thr:total or thr:count
    comments_url: str | None = None  # wfw:commentRss or a feed with rel="replies"
    parent_url: str | None = None  # the page of what thr:in-reply-to names
    author: Author | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One feed document in its own order."""

    items: tuple[Item, ...]
    links: Mapping[str, str]  # rel → absolute address
    is_complete: bool = False  # fh:complete: there is nothing else
    is_archive: bool = False  # fh:archive: it will not change, and shows nothing new
    generator: str = ""
    lang: str | None = None
    problem: str | None = None
    title: str = ""
    author: Author | None = None  # of the items that name none


def absolute(href: str | None, url: str) -> str | None:
    """A web address, resolved against the document's own; None for anything else."""
    try:
        address = urljoin(url, (href or "").strip())
        return address if href and urlsplit(address).scheme in {"http", "https"} else None
    except ValueError:
        return None
