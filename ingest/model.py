"""What every source gives back: accounts, posts, received items and proven spans.

Moments are timezone-aware UTC datetimes. Texts and native ids of citizens live
in these objects only until `ingest.store` has turned them into features and
keyed hashes; they are never written anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a source says an item is; METHOD §0.8 decides the rest in SQL."""

    POST = "post"
    SELF_REPLY = "self_reply"  # own parent: a self-thread or, when late, a post
    REPLY = "reply"  # parent by somebody else
    QUOTE = "quote"
    REPOST = "repost"
    UNKNOWN = "unknown"  # the source does not tell whether there is a parent


class Stream(StrEnum):
    """The two directions whose days are known apart."""

    ACTS = "acts"
    RECEIVED = "received"
    MENTIONS = "mentions"  # what names the person anywhere: only a live stream shows it


class Status(StrEnum):
    """What a platform says about an account."""

    ACTIVE = "active"
    MOVED = "moved"
    SUSPENDED = "suspended"
    DEACTIVATED = "deactivated"
    GONE = "gone"
    PRIVATE = "private"
    DECLINED = "declined"  # asks not to be shown to people who are not signed in


@dataclass(frozen=True, slots=True)
class Shows:
    """What an account on this source can show to an anonymous visitor."""

    acts: bool
    replies: bool
    received_under_own_posts: bool
    received_mentions: bool
    full_history: bool


@dataclass(frozen=True, slots=True)
class Account:
    """One row of accounts.csv: where a person posts."""

    account_id: str
    person_id: str
    platform: str  # the source's module name
    handle: str  # handle, acct or address as written in the roster
    run_by: str = "self"  # self | office | party | campaign
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the platform said of the account in this walk."""

    native_id: str  # DID, home-server acct, feed address
    handle: str
    host: str
    status: Status
    shows: Shows
    created_at: datetime | None = None  # when the account was opened, if told
    moved_to: str | None = None


class Post(msgspec.Struct, frozen=True, gc=False):  # made in a seventh of a dataclass's time
    """One public item of a watched person.

    `created_at` is the author's claim, `indexed_at` the first moment a server
    vouches for (for a repository file: the moment in the record's TID).
    """

    uri: str
    created_at: datetime | None
    kind: Kind
    text: str = ""
    indexed_at: datetime | None = None
    parent_uri: str | None = None  # what is replied to or quoted
    root_uri: str | None = None  # first item of the thread; None: itself
    partner: str | None = None  # native id of the parent's or quoted author
    mentions: tuple[str, ...] = ()  # native ids named in the text
    mention_names: tuple[str, ...] = ()  # the @names as they stand in the text
    langs: tuple[str, ...] = ()
    reply_count: int | None = None  # as the server counts; None: not told
    is_pinned: bool = False
    is_deleted: bool = False
    is_restricted: bool | None = None  # the person limited who may reply; None: not told


@dataclass(frozen=True, slots=True)
class Received:
    """One item by somebody else that answers or names a watched person."""

    uri: str = field(repr=False)
    created_at: datetime | None
    author: str = field(repr=False)
    text: str = field(repr=False)
    parent_uri: str | None = field(repr=False)
    root_uri: str | None = field(repr=False)
    indexed_at: datetime | None = None
    langs: tuple[str, ...] = ()
    is_mention: bool = False
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread that was asked for replies, and whether all of it came."""

    root_uri: str
    reply_count: int | None
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Moments in [start_at, end_at) of a stream that are known, with the proof."""

    stream: Stream
    start_at: datetime
    end_at: datetime
    proof: str  # listing_to_end | overlap | declared | unchanged | unbroken_stream


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An item that could not be read, kept by a hash and a reason."""

    item: str = field(repr=False)
    reason: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one page became. Spans and cursors come in a walk's last batches."""

    posts: tuple[Post, ...] = ()
    received: tuple[Received, ...] = ()
    threads: tuple[Thread, ...] = ()
    spans: tuple[Span, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    state: AccountState | None = None
    cursors: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # one line each, for the run's record


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server, as the pure parsers read it."""

    kind: str  # the source's own word for which parser reads it
    url: str
    body: bytes
    fetched_at: datetime
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownPost:
    """What the store holds of one own item."""

    created_at: datetime | None
    reply_count: int | None
    is_pinned: bool
    is_backdated: bool
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of an account before a walk."""

    posts: Mapping[str, KnownPost] = field(default_factory=dict)  # by uri
    threads: Mapping[str, tuple[int | None, datetime]] = field(default_factory=dict)
    partial_threads: frozenset[str] = frozenset()  # those of which not all came
    cursors: Mapping[str, str] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    created_at: datetime | None = None
    profile: Page | None = None  # what the run asked for many accounts at once
