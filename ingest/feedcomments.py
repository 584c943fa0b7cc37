"""The comments below a feed's items, from the feeds of comments that the items name.

A feed of comments tells names, and some tell web addresses. Anybody may use the
author's name: a comment is the person's own only where its name and its address are
those of an author of the posts. With the name alone it is nobody's, and whoever asked
before it may have been answered. Visitors are told apart by name and host, as on a
WordPress site. A question counts only below an item all of whose comments are here,
on a feed that tells who its author is; else its text is left empty (METHOD §5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from ingest.feeddocument import Author, Item
from ingest.feedpages import uri_of
from ingest.model import Post, Received
from ingest.wordpress_api import ApiComment, Rendered, Site
from ingest.wordpress_comments import Comments, Watched

OWN = 1  # the number of the person among the writers of comments; 0: a visitor
_NOT_HERE = -1  # the number of a parent that is not in the feed
_NOBODY = {"", "anonymous", "anoniem", "anonyme", "anonym", "anónimo", "anonimo", "unknown"}
_IN_REPLY = re.compile(
    r"\s{0,20}(?:<p>\s{0,20})?[^<>]{0,60}<a\s[^<>]*?href=[\"'](?P<url>[^\"'<>]*#comment-\d+)[\"'][^<>]*>"
    r"[^<>]*</a>[^<>\n]{0,20}?\.\s*(?:</p>|<br\s*/?>|\n|$)\s*"
)


@dataclass(frozen=True, slots=True)
class Authors:
    """Who writes a feed's items."""

    names: frozenset[str]
    known: frozenset[tuple[str, str]] = field(repr=False)  # name and web address

    @classmethod
    def of(cls, authors: Iterable[Author]) -> Authors:
        """The authors of some items, names without their case."""
        pairs = {(author.name.casefold(), _bare(author.url)) for author in authors}
        return cls(frozenset(n for n, _ in pairs if n), frozenset(p for p in pairs if all(p)))

    def wrote(self, author: Author) -> bool:
        """Whether a comment with this name and address is by one of them."""
        return (author.name.casefold(), _bare(author.url)) in self.known

    def is_unclear(self, author: Author) -> bool:
        """Whether a comment bears only the name, or only the address, of one of them."""
        is_theirs = _bare(author.url) in {url for _, url in self.known}
        return not self.wrote(author) and (author.name.casefold() in self.names or is_theirs)


@dataclass(frozen=True, slots=True)
class Below(Site):
    """The addresses of one item and of its comments, by their number."""

    item: str = ""
    comments: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()

    def post_uri(self, post_id: int) -> str:  # noqa: ARG002 - there is one item
        """The item's own uri."""
        return self.item

    def comment_uri(self, comment: ApiComment) -> str:
        """The comment's own uri."""
        return self.comments[comment.id - 1]

    def parent_uri(self, comment: ApiComment) -> str:
        """The uri of what a comment stands below, also where that is not here."""
        return self.parents[comment.id - 1]

    def author(self, comment: ApiComment) -> str:
        """Who wrote a comment; one without a name is nobody but the writer of this comment."""
        if comment.author or comment.author_name:
            return Site.author(self, comment)
        return f"{self.host}/#{self.comment_uri(comment)}"


@dataclass(frozen=True, slots=True)
class Heard:
    """What the comments below one item became."""

    posts: tuple[Post, ...]
    received: tuple[Received, ...]
    uris: frozenset[str] = field(repr=False)  # of all comments, whoever wrote them


def read_comments(
    item: Item, uri: str, listed: Sequence[Item], authors: Authors, host: str, at: datetime
) -> Heard:
    """Answers of the person and questions of others below one item, from all that is listed."""
    listed = _once(listed)
    uris = tuple(comment_uri(comment, uri) for comment in listed)
    above = {name for name in (item.guid, item.link, uri) if name}
    numbers = _numbers(listed)
    numbered, parents = [], []
    for number, comment in enumerate(listed, start=1):
        names = _parents(comment)
        found = [numbers[name] for name in names if numbers.get(name, number) != number]
        lost = [name for name in names if name not in above]
        parent = found[0] if found else _NOT_HERE if lost else 0
        numbered.append(_comment(number, comment, parent, authors))
        below = f"{uri}#comment-{lost[0].removeprefix(f'{uri}#comment-')}" if lost else uri
        parents.append(uris[parent - 1] if parent > 0 else below)
    site = Below(host, uri, uris, tuple(parents))
    comments = Comments(site, Watched(frozenset({OWN}), names=authors.names), at)
    comments.add(numbered)
    return Heard(tuple(comments.posts()), tuple(comments.received()), frozenset(uris))


def unsure(heard: Heard) -> Heard:
    """The same where other comments may be missing: no question counts, no words are kept.

    An own comment may name somebody whose comment is not here.
    """
    received = tuple(replace(item, text="") for item in heard.received)
    posts = tuple(msgspec.structs.replace(post, text="") for post in heard.posts)
    return Heard(posts, received, heard.uris)


def comment_uri(comment: Item, uri: str) -> str:
    """What identifies a comment: its item's uri with its own behind it, as WordPress has it."""
    name = uri_of(comment, uri) or ""
    return name if name.startswith(f"{uri}#comment-") else f"{uri}#comment-{name}"


def _once(listed: Sequence[Item]) -> list[Item]:
    """Every comment once, the oldest first."""
    kept = {item.guid or item.link: item for item in listed if item.guid or item.link}
    dated = [item for item in kept.values() if item.published_at or item.updated_at]
    dated.reverse()
    return sorted(dated, key=lambda item: _moment(item).timestamp())


def _moment(item: Item) -> datetime:
    at = item.published_at or item.updated_at
    if at is None:
        raise ValueError("a comment without a date has no moment")
    return at


def _numbers(listed: Sequence[Item]) -> dict[str, int]:
    """The place of each comment, by every name that it has."""
    numbers: dict[str, int] = {}
    for number, comment in enumerate(listed, start=1):
        for name in (comment.guid, comment.link):
            if name:
                numbers.setdefault(name, number)
    return numbers


def _parents(comment: Item) -> list[str]:
    """The names of what a comment says that it answers."""
    quoted = _IN_REPLY.match(comment.markup)
    names = (comment.parent, comment.parent_url, quoted["url"] if quoted else None)
    return [name for name in names if name]


def _comment(number: int, item: Item, parent: int, authors: Authors) -> ApiComment:
    author = item.author or Author("")
    quoted = _IN_REPLY.match(item.markup)
    name = "" if author.name.casefold() in _NOBODY else author.name
    if authors.is_unclear(author) and author.name.casefold() not in authors.names:
        name = min(authors.names)  # the address alone makes a comment nobody's too
    return ApiComment(
        id=number,
        post=1,
        parent=parent,
        author=OWN if authors.wrote(author) else 0,
        author_name=author.name if authors.wrote(author) else name,
        date_gmt=_moment(item).isoformat(),
        content=Rendered(item.markup[quoted.end() :] if quoted else item.markup),
    )


def _bare(url: str) -> str:
    """A web address without what changes nothing: its scheme and a slash at its end."""
    return url.strip().casefold().removeprefix("https://").removeprefix("http://").rstrip("/")
