"""Posts and comments as WordPress's REST API gives them, and the ids they get here.

Only the fields that are read are asked for: no avatar, mail hash or address of a
citizen comes over the line. Moments are WordPress's `date_gmt`; where that is
missing, `date` without its zone counts as UTC.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from ingest.mastodon_api import EARLIEST
from ingest.model import Kind, Post, Quarantined
from ingest.plaintext import clean, from_html

POST_FIELDS = "id,date,date_gmt,status,type,title,content,author,comment_status"
COMMENT_FIELDS = "id,post,parent,author,author_name,date,date_gmt,content,status,type"
_CLOSED_EARLY_DAYS = 14  # WordPress can close comments by itself, after 14 days at its default
_T = TypeVar("_T", bound=msgspec.Struct)


class Rendered(msgspec.Struct, frozen=True):
    """A piece of HTML; `protected` where it takes a password to read it."""

    rendered: str = ""
    protected: bool = False


class ApiPost(msgspec.Struct, frozen=True):
    """One post; `author` is 0 where the site hides it."""

    id: int
    date: str | None = None
    date_gmt: str | None = None
    status: str = "publish"
    type: str = "post"
    title: Rendered = Rendered()
    content: Rendered = Rendered()
    author: int = 0
    comment_status: str = ""


class ApiComment(msgspec.Struct, frozen=True):
    """One comment; `author` is 0 for visitors who only left a name."""

    id: int
    post: int
    parent: int = 0
    author: int = 0
    author_name: str = ""
    date: str | None = None
    date_gmt: str | None = None
    content: Rendered = Rendered()
    status: str = "approved"
    type: str = "comment"

    def __repr__(self) -> str:
        return f"ApiComment(id={self.id}, post={self.post})"


class ApiUser(msgspec.Struct, frozen=True):
    """One author of a site."""

    id: int


@dataclass(frozen=True, slots=True)
class Site:
    """A WordPress site: host and folder, without scheme or slash at its end."""

    name: str

    @property
    def host(self) -> str:
        """Its host, with the port if there is one."""
        return self.name.partition("/")[0]

    def post_uri(self, post_id: int) -> str:
        """The address that outlives new titles and new permalinks, as in the site's feeds."""
        return f"https://{self.name}/?p={post_id}"

    def comment_uri(self, comment: ApiComment) -> str:
        """The address of a comment."""
        return f"{self.post_uri(comment.post)}#comment-{comment.id}"

    def parent_uri(self, comment: ApiComment) -> str:
        """The address of what a comment stands below: another comment or the post."""
        post = self.post_uri(comment.post)
        return f"{post}#comment-{comment.parent}" if comment.parent else post

    def author(self, comment: ApiComment) -> str:
        """Who wrote a comment: the host with a user's number, or with `~` and a visitor's name.

        Two visitors of one name on one host cannot be told apart. One without a name
        is nobody but the writer of this comment.
        """
        if comment.author:
            return self.user(comment.author)
        name = name_of(comment).casefold()
        return f"{self.host}/~{name}" if name else f"{self.host}/#{comment.id}"

    def user(self, user_id: int) -> str:
        """The native id of a user of the site."""
        return f"{self.host}/{user_id}"


def is_comment_uri(uri: str) -> bool:
    """Whether an item is a comment, not a post."""
    return "#comment-" in uri


def post_id_of(uri: str) -> int | None:
    """The number of a post, from its own address."""
    number = uri.rpartition("/?p=")[2]
    return int(number) if number.isascii() and number.isdigit() else None


def name_of(comment: ApiComment) -> str:
    """The writer's name as it is shown."""
    return " ".join(from_html(comment.author_name).split())


def read_posts(body: bytes) -> tuple[list[ApiPost], list[Quarantined], int]:
    """The public posts of an answer, what could not be read, and how many came."""
    return _read(body, ApiPost, "post", lambda p: p.status == "publish" and p.type == "post")


def read_comments(body: bytes) -> tuple[list[ApiComment], list[Quarantined], int]:
    """The approved comments of an answer, what could not be read, and how many came."""
    return _read(
        body,
        ApiComment,
        "comment",
        lambda c: c.status == "approved" and c.type in {"comment", ""},
    )


def read_users(body: bytes) -> list[ApiUser]:
    """The authors in an answer."""
    return _read(body, ApiUser, "user", lambda _: True)[0]


def _read(
    body: bytes, kind: type[_T], field: str, is_public: Callable[[_T], bool]
) -> tuple[list[_T], list[Quarantined], int]:
    raws = msgspec.json.decode(_from_its_start(body), type=list[msgspec.Raw])
    good, bad = list[_T](), list[Quarantined]()
    for raw in raws:
        try:
            item = msgspec.json.decode(raw, type=kind)
        except (ValueError, RecursionError) as error:
            bad.append(Quarantined(hashlib.sha256(bytes(raw)).hexdigest(), str(error)[:200], field))
        else:
            if is_public(item):
                good.append(item)
    return good, bad, len(raws)


def _from_its_start(body: bytes) -> bytes:
    """The JSON without a byte order mark or white space that a plug-in put before it."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")


def error_code(body: bytes) -> str:
    """What WordPress calls its refusal; empty if the answer is none of WordPress's."""
    try:
        told = json.loads(_from_its_start(body))
    except (ValueError, RecursionError):
        return ""
    code = told.get("code") if isinstance(told, dict) else None
    return code if isinstance(code, str) else ""


def moment_of(item: ApiPost | ApiComment) -> datetime | None:
    """When an item was published, as the site says; None where that is no date."""
    for text in (item.date_gmt, item.date):
        try:
            at = datetime.fromisoformat(text or "")
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        if at >= EARLIEST:
            return at
    return None


def capped(at: datetime | None, fetched_at: datetime) -> datetime | None:
    """The moment a server vouches for: that of the fetch, where the claim lies in the future."""
    return fetched_at if at is not None and at > fetched_at else None


def post_of(item: ApiPost, site: Site, fetched_at: datetime) -> Post:
    """A post; restricted if comments were closed before WordPress would close them by itself.

    Closed later, nobody can tell who closed them.
    """
    at = moment_of(item)
    is_young = at is not None and (fetched_at - at).days < _CLOSED_EARLY_DAYS
    is_closed = item.comment_status == "closed"
    is_told = item.comment_status == "open" or (is_closed and is_young)
    title, content = clean(from_html(item.title.rendered)), from_html(item.content.rendered)
    return Post(
        uri=site.post_uri(item.id),
        created_at=at,
        kind=Kind.POST,
        text="\n\n".join(part for part in (title, content) if part),
        indexed_at=capped(at, fetched_at),
        is_restricted=is_closed if is_told else None,
    )


def authors_in(items: Sequence[ApiPost]) -> set[int]:
    """The users who have published one of these posts."""
    return {item.author for item in items if item.author}
