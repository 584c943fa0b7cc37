"""Bluesky's records and views as posts and received items; no network in here.

Moments (SOURCES, METHOD §0.9). `createdAt` is the author's claim. A repository
holds no index time; the moment in the record's key (TID) stands in for it, and is
believed where it can be true: not before the network or the account existed, not
after the fetch. So an item that claims to be older than that, as imports from
other networks do, comes through with both moments and counts as backdated. Only
a claim out of all sense (missing, unreadable, before 1990, ten years ahead) is
quarantined; other claims ahead of the fetch are cut off at the fetch.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from ingest.model import Kind, Post, Received

if TYPE_CHECKING:
    from collections.abc import Iterator

POST = "app.bsky.feed.post"
REPOST = "app.bsky.feed.repost"
GATE = "app.bsky.feed.threadgate"
_LAUNCH = datetime(2022, 11, 1, tzinfo=UTC)
_OLDEST_CLAIM = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=3650)
_DAY = timedelta(hours=24)
_TID_LETTERS = 13
_TID_DIGITS = bytes(
    b"0123456789abcdefghijklmnopqrstuv"[place] if place >= 0 else ord("!")
    for place in (b"234567abcdefghijklmnopqrstuvwxyz".find(byte) for byte in range(256))
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AUTHOR = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]+)/")
_POST_URI = re.compile(r"at://did:[a-z]+:[A-Za-z0-9._:%-]+/app\.bsky\.feed\.post/.+")
_AT_NAME = re.compile(r"(?<![\w@./])@\w(?:[\w.-]{0,250}\w)?(?:@\w(?:[\w.-]{0,250}\w)?)?")
_MAX_NAME_BYTES = 255
_Read = TypeVar("_Read")


class Unreadable(Exception):
    """An item that is set aside, with the field and the reason."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


class _Ref(msgspec.Struct):
    uri: str


class _ReplyRef(msgspec.Struct):
    root: _Ref
    parent: _Ref


class _PostRecord(msgspec.Struct, rename="camel"):
    """A post as its lexicon demands; other fields may come and go."""

    text: str
    reply: _ReplyRef | None = None
    created_at: Any = None
    langs: Any = None
    facets: Any = None
    embed: Any = None


class _RepostRecord(msgspec.Struct, rename="camel"):
    subject: _Ref
    created_at: Any = None


def read_post(
    uri: str,
    record: Any,
    fetched_at: datetime,
    opened_at: datetime | None,
    *,
    is_pinned: bool = False,
    is_restricted: bool | None = None,
) -> Post:
    """A post record as a post, reply, self-reply or quote; Unreadable if it is none."""
    read = _convert(record, _PostRecord)
    created_at, indexed_at = moments(read.created_at, uri, fetched_at, opened_at)
    kind, parent = Kind.POST, _quoted(read.embed)
    if read.reply:
        parent, kind = read.reply.parent.uri, Kind.REPLY
    elif parent:
        kind = Kind.QUOTE
    partner = author_of(parent) if parent else None
    if kind is Kind.REPLY and uri.startswith(f"at://{partner}/"):
        kind = Kind.SELF_REPLY
    mentions, names = _named(read.text, read.facets)
    return Post(
        uri=uri,
        created_at=created_at,
        indexed_at=indexed_at,
        kind=kind,
        text=read.text,
        parent_uri=parent,
        root_uri=read.reply.root.uri if read.reply else None,
        partner=partner,
        mentions=mentions,
        mention_names=names,
        langs=_langs(read.langs),
        is_pinned=is_pinned,
        is_restricted=is_restricted,
    )


def read_repost(uri: str, record: Any, fetched_at: datetime, opened_at: datetime | None) -> Post:
    """A repost record; Unreadable if it is none."""
    read = _convert(record, _RepostRecord)
    created_at, indexed_at = moments(read.created_at, uri, fetched_at, opened_at)
    subject = read.subject.uri
    return Post(
        uri=uri,
        created_at=created_at,
        indexed_at=indexed_at,
        kind=Kind.REPOST,
        parent_uri=subject,
        partner=author_of(subject),
    )


def read_received(view: dict[str, Any], fetched_at: datetime) -> Received:
    """A reply by somebody else, as the AppView shows it; Unreadable if it is none."""
    read = _convert(view.get("record"), _PostRecord)
    if read.reply is None:
        raise Unreadable("reply", "names no parent")
    uri, author = view.get("uri"), author_did(view)
    if not isinstance(uri, str) or author is None:
        raise Unreadable("uri", "has no address or author")
    indexed_at = parse_moment(view.get("indexedAt"))
    return Received(
        uri=uri,
        created_at=_sensible(read.created_at, fetched_at),
        indexed_at=min(indexed_at, fetched_at) if indexed_at else None,
        author=author,
        text=read.text,
        parent_uri=read.reply.parent.uri,
        root_uri=read.reply.root.uri,
        langs=_langs(read.langs),
    )


def moments(
    created: Any, uri: str, fetched_at: datetime, opened_at: datetime | None
) -> tuple[datetime, datetime | None]:
    """The claimed moment, at most the fetch, and the moment that the key vouches for."""
    claimed = _sensible(created, fetched_at)
    vouched = tid_moment(uri.rpartition("/")[2])
    begin = max(_LAUNCH, opened_at - _DAY) if opened_at else _LAUNCH
    if vouched is not None and begin <= vouched:
        if vouched <= fetched_at:
            return claimed, vouched
        if vouched <= fetched_at + _DAY:
            return claimed, fetched_at
    return claimed, begin if claimed < begin else None


def tid_moment(key: str) -> datetime | None:
    """The moment in a record key made by the clock; None if the key is of another kind."""
    if len(key) != _TID_LETTERS:
        return None
    try:
        number = int(key.encode().translate(_TID_DIGITS), 32)
    except ValueError:
        return None
    if number >= 2**64:
        return None
    seconds, micros = divmod(number >> 10, 1_000_000)  # a third of the time of all in micros
    return _EPOCH + timedelta(0, seconds, micros)


def parse_moment(value: Any) -> datetime | None:
    """A moment in UTC; None if it cannot be read. Without a zone it counts as UTC."""
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is UTC:
            return moment
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def opened(profile: dict[str, Any], fetched_at: datetime) -> datetime | None:
    """When the account was opened; None where the profile tells nothing that can be true."""
    moment = parse_moment(profile.get("createdAt"))
    return moment if moment and _LAUNCH <= moment <= fetched_at else None


def author_of(uri: str) -> str | None:
    """The DID in the address of a record."""
    found = _AUTHOR.match(uri)
    return found.group(1) if found else None


def author_did(view: dict[str, Any]) -> str | None:
    """The DID of a view's author."""
    author = view.get("author")
    did = author.get("did") if isinstance(author, dict) else None
    return did if isinstance(did, str) else None


def _sensible(created: Any, fetched_at: datetime) -> datetime:
    moment = parse_moment(created)
    if moment is None:
        raise Unreadable("createdAt", "its moment is missing or cannot be read")
    if _OLDEST_CLAIM <= moment <= fetched_at:
        return moment
    if not _OLDEST_CLAIM <= moment <= fetched_at + _AHEAD:
        raise Unreadable("createdAt", f"its moment is out of all sense: year {moment.year}")
    return fetched_at


def _convert(record: Any, kind: type[_Read]) -> _Read:
    try:
        return msgspec.convert(record, kind)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        raise Unreadable(path.strip("`$."), reason[:100]) from error


def _quoted(embed: Any) -> str | None:
    """The address of a quoted post, also beside pictures; None for other embeds."""
    kind = embed.get("$type") if isinstance(embed, dict) else None
    record = embed.get("record") if kind else None
    if kind == "app.bsky.embed.recordWithMedia" and isinstance(record, dict):
        record = record.get("record")
    elif kind != "app.bsky.embed.record":
        return None
    uri = record.get("uri") if isinstance(record, dict) else None
    return uri if isinstance(uri, str) and _POST_URI.fullmatch(uri) else None


def _langs(langs: Any) -> tuple[str, ...]:
    return tuple([x for x in langs if isinstance(x, str)][:3]) if isinstance(langs, list) else ()


def _named(text: str, facets: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is mentioned by DID, and every name as it stands in the text."""
    if not facets and "@" not in text:
        return (), ()
    data = text.encode()
    dids, names = [], []
    for did, start, end in _mention_facets(facets):
        dids.append(did)
        if 0 <= start < end <= len(data) and end - start <= _MAX_NAME_BYTES:
            names.append(data[start:end].decode(errors="ignore"))
    names += _AT_NAME.findall(text)
    return tuple(dict.fromkeys(dids)), tuple(dict.fromkeys(filter(str.strip, names)))


def _mention_facets(facets: Any) -> Iterator[tuple[str, int, int]]:
    """DID, first byte and end byte of each mention; what is not readable is passed over."""
    for facet in facets if isinstance(facets, list) else ():
        try:
            start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
            for feature in facet["features"]:
                if feature["$type"] == "app.bsky.richtext.facet#mention":
                    did = feature["did"]
                    if isinstance(did, str) and isinstance(start, int) and isinstance(end, int):
                        yield did, start, end
        except (TypeError, KeyError, IndexError):
            continue
