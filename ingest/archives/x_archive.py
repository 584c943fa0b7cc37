"""X's "Download an archive of your data": the person's own posts, replies, quotes and reposts.

Parts are read in pieces, so that memory stays flat however large they are. Read are
`tweets.js` and its parts, `community-tweet.js`, `deleted-tweets.js` and, for the whole text of
long posts, `note-tweet.js`; messages, likes and everything else stay unopened. What others
asked is in none of it. With a part missing or damaged the archive proves no day.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

import msgspec

from ingest.archives.container import AGAIN, Member, Opened
from ingest.archives.model import Found
from ingest.archives.pieces import Bad, decoded, elements, pieces
from ingest.archives.x_items import RETWEET, STATUS_URL, moment, native, post_uri
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch, Kind, Post, Quarantined

NAME, TITLE, IS_OWN, PLATFORM = "x_archive", "X archive", True, "x"
HOW = "X → Settings → Your account → Download an archive of your data"
POSTS = ("tweets", "tweet", "community-tweet", "community_tweet")
DELETED = ("deleted-tweets", "deleted_tweets")
NOTES = ("note-tweet", "note_tweet")
_PART = re.compile(r"(?:.*/)?(?P<name>[a-z_-]+?)(?:-part(?P<number>\d+))?\.js", re.IGNORECASE)
_ASSIGNED = re.compile(rb"\s*window\.(?:YTD\.\w+\.part\d+|__THAR_CONFIG)\s*=")
_SHORTENED = re.compile(r"(?:…|\.\.\.)?\s*https://t\.co/\w+\s*$")
_BETWEEN = re.compile(
    rb'(?P<end>(?:\n {0,2}\}|\}(?=\s*,\s*\{\s*"(?:tweet|noteTweet)"\s*:)))\s*,\s*(?=\{)'
)
_NEAR = 5  # seconds between a long post and its text, which has an id of its own
_SHORTEST_CUT = 100  # characters that a post and its whole text share at least


class _Mention(msgspec.Struct):
    screen_name: str | None = None
    id_str: str | None = None


class _Url(msgspec.Struct):
    expanded_url: str | None = None


class _Entities(msgspec.Struct):
    user_mentions: list[_Mention] = []
    urls: list[_Url] = []


class _Tweet(msgspec.Struct):
    """What is read of a post; all else may come and go."""

    id_str: str
    created_at: str
    full_text: str | None = None
    text: str | None = None  # in archives before 2019
    in_reply_to_status_id_str: str | None = None
    in_reply_to_user_id_str: str | None = None
    in_reply_to_screen_name: str | None = None
    lang: str | None = None
    entities: _Entities | None = None


class _Wrapped(msgspec.Struct):
    tweet: _Tweet


class _Core(msgspec.Struct):
    text: str = ""


class _Note(msgspec.Struct, rename="camel"):
    note_tweet_id: str
    created_at: str
    core: _Core


class _WrappedNote(msgspec.Struct, rename="camel"):
    note_tweet: _Note


_WRAPPED: msgspec.json.Decoder[list[_Wrapped]] = msgspec.json.Decoder(list[_Wrapped])


@dataclass(slots=True)
class _Owner:
    """Whose archive it is, and the names under which the file knows others."""

    handle: str
    account_id: str
    names: dict[str, str] = field(default_factory=dict)  # by X's id; the newest name first met


def recognise(opened: Opened) -> Found | None:
    """An archive with `window.YTD` parts; one as HTML alone is refused with what to ask for."""
    parts = _parts(opened)
    if not parts:
        if opened.named("Your archive.html") or opened.named("data/js/tweet_index.js"):
            happened = "this X archive holds no data/tweets.js"
            raise ArchiveUnreadable(opened.name, happened, f"give the whole zip; none left? {HOW}")
        return None
    owner = _one(opened, "account", "account")
    profile = _one(opened, "manifest", "userInfo")
    handle = native(_text(owner, "username") or _text(profile, "userName"))
    account_id = _text(owner, "accountId") or _text(profile, "accountId")
    made = _one(opened, "manifest", "archiveInfo")
    found = Found(NAME, TITLE, IS_OWN, PLATFORM, opened, handle=handle, native_id=handle)
    found.size = sum(member.size for member in parts)
    found.created_at = _iso(_text(owner, "createdAt"))
    found.begins_at = found.created_at if made else None  # else nobody says that it is whole
    found.ends_at = _iso(_text(made, "generationDate"))
    found.details = {"account_id": account_id or "", "counts": _told_counts(opened)}
    if handle is None:
        opened.problems.add("data/account.js", 0, "", "no account.js that can be read", HOW)
    if made.get("isPartialArchive") is True and opened.zip_count < 2:
        found.notes.append("X split this archive: put all its zips in one folder and import that")
        found.is_timeline = False
    return found


def read(found: Found) -> Iterator[Batch]:
    """The posts of all parts, the deleted ones without their text."""
    owner = _Owner(found.handle or "", str(found.details["account_id"]))
    notes = _notes(found)
    counted: dict[str, int] = {}
    for member in _parts(found.opened):
        match = _PART.fullmatch(member.path)
        is_deleted = match is not None and match["name"].lower() in DELETED
        number = 0
        for piece in pieces(member, _BETWEEN, _cut(found, member)):
            tweets = _decoded(piece)
            yield _batch(found, member, tweets, number, owner, notes, is_deleted=is_deleted)
            number += len(tweets)
        counted[member.name] = number
    _check_whole(found, counted)


def _cut(found: Found, member: Member) -> Callable[[], None]:
    def told() -> None:
        if member.path not in found.opened.damaged:
            found.opened.damage(member.path, "it ends in the middle")

    return told


def _batch(
    found: Found,
    member: Member,
    piece: list[_Tweet | Bad],
    before: int,
    owner: _Owner,
    notes: Mapping[int, list[str]],
    *,
    is_deleted: bool,
) -> Batch:
    posts, bad = [], []
    for number, one in enumerate(piece, start=before + 1):
        try:
            if isinstance(one, Bad):
                raise ValueError(one.reason)  # noqa: TRY004
            posts.append(_post(one, owner, notes, is_deleted=is_deleted))
        except ValueError as error:
            found.problems.add(member.path, number, "", error, "a post as X writes it")
            bad.append(Quarantined(f"{member.path} {number}", "no post as X writes it"))
    return Batch(posts=tuple(posts), quarantined=tuple(bad))


def _post(
    tweet: _Tweet,
    owner: _Owner,
    notes: Mapping[int, list[str]],
    *,
    is_deleted: bool,
) -> Post:
    created_at = moment(tweet.created_at)
    text = html.unescape(tweet.full_text if tweet.full_text is not None else tweet.text or "")
    text = _whole_text(text, created_at, notes) if notes else text
    mentions, names = _named(tweet, owner)
    kind, parent, partner = _relation(tweet, text, owner)
    return Post(
        uri=post_uri(tweet.id_str),
        created_at=created_at,
        kind=kind,
        text="" if kind is Kind.REPOST else text,
        parent_uri=parent,
        partner=partner,
        mentions=mentions,
        mention_names=names,
        langs=(tweet.lang,) if tweet.lang and len(tweet.lang) == 2 else (),
        is_deleted=is_deleted,
    )


def _named(tweet: _Tweet, owner: _Owner) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is named in the text: by one name for each id, and as it stands there."""
    if tweet.entities is None or not tweet.entities.user_mentions:
        return (), ()
    named = [one for one in tweet.entities.user_mentions if one.screen_name]
    ids = []
    for one in named:
        name = (one.screen_name or "").lower()
        ids.append(owner.names.setdefault(one.id_str, name) if one.id_str else name)
    return tuple(ids), tuple([f"@{one.screen_name}" for one in named])


def _relation(tweet: _Tweet, text: str, owner: _Owner) -> tuple[Kind, str | None, str | None]:
    """Kind, parent and partner; a retweet is told only by the words it begins with."""
    replied_to = tweet.in_reply_to_user_id_str
    parent = tweet.in_reply_to_status_id_str and post_uri(tweet.in_reply_to_status_id_str)
    name = native(tweet.in_reply_to_screen_name)
    if replied_to or name or parent:
        if (replied_to and replied_to == owner.account_id) or (name and name == owner.handle):
            return Kind.SELF_REPLY, parent, owner.handle
        if replied_to and name:
            name = owner.names.setdefault(replied_to, name)
        return Kind.REPLY, parent or None, name or owner.names.get(replied_to or "", replied_to)
    if match := RETWEET.match(text):
        return Kind.REPOST, None, native(match[1])
    urls = tweet.entities.urls if tweet.entities else ()
    if urls and (match := STATUS_URL.fullmatch(urls[-1].expanded_url or "")):
        return Kind.QUOTE, post_uri(match["id"]), native(match["handle"])
    return Kind.POST, None, None


def _decoded(piece: bytes) -> list[_Tweet | Bad]:
    """The posts of a piece; element by element where one of them is damaged."""
    whole = b"[" + piece + b"]"
    try:
        return [one.tweet for one in _WRAPPED.decode(whole)]
    except (msgspec.DecodeError, UnicodeError):
        pass
    found: list[_Tweet | Bad] = []
    for element in elements(piece, _BETWEEN):
        one = decoded(element, _Wrapped)
        if isinstance(one, Bad) and "`tweet`" in one.reason:
            found.append(decoded(element, _Tweet))
        else:
            found.append(one if isinstance(one, Bad) else one.tweet)
    return found


def _whole_text(text: str, at: datetime, notes: Mapping[int, list[str]]) -> str:
    """The whole text of a long post, of which the archive's list has the beginning."""
    short = _SHORTENED.sub("", text)
    if len(short) < _SHORTEST_CUT:
        return text
    second = int(at.timestamp())
    for near in range(second - _NEAR, second + _NEAR + 1):
        for whole in notes.get(near, ()):
            if len(whole) > len(short) and whole.startswith(short[:_SHORTEST_CUT]):
                return whole
    return text


def _notes(found: Found) -> dict[int, list[str]]:
    """The texts of long posts by the second they were written in; their ids are their own."""
    notes: dict[int, list[str]] = {}
    for member in _parts(found.opened, NOTES):
        for piece in pieces(member, _BETWEEN):
            for element in elements(piece, _BETWEEN):
                one = decoded(element, _WrappedNote)
                at = None if isinstance(one, Bad) else _iso(one.note_tweet.created_at)
                if isinstance(one, Bad) or at is None:
                    found.problems.add(member.path, 0, "", "a long text that cannot be read", HOW)
                    continue
                text = html.unescape(one.note_tweet.core.text)
                notes.setdefault(int(at.timestamp()), []).append(text)
    return notes


def _parts(opened: Opened, names: tuple[str, ...] = POSTS + DELETED) -> list[Member]:
    """The files with these names and their further parts, the deleted posts last."""
    found = [
        (match["name"].lower() in DELETED, int(match["number"] or 0), member)
        for member in opened.ending(".js")
        if (match := _PART.fullmatch(member.path)) and match["name"].lower() in names
    ]
    found = [one for one in found if _ASSIGNED.match(one[2].head(200))]
    return [member for *_, member in sorted(found, key=lambda one: (one[:2], one[2].path))]


def _one(opened: Opened, file: str, key: str) -> Mapping[str, Any]:
    """The object under a key of a small file; empty where there is none."""
    for member in opened.named(f"{file}.js"):
        with member.open() as stream:
            _, _, text = stream.read(2**24).partition(b"=")
        try:
            value = json.loads(text.strip().removesuffix(b";"))
        except (ValueError, RecursionError):
            opened.problems.add(member.path, 0, "", "no JSON", "the file as X made it")
            continue
        value = value[0] if isinstance(value, list) and value else value
        inner = value.get(key) if isinstance(value, dict) else None
        if isinstance(inner, dict):
            return inner
    return {}


def _told_counts(opened: Opened) -> dict[str, int]:
    """How many posts the manifest says each part holds, by the part's file name."""
    types = _one(opened, "manifest", "dataTypes")
    told = {}
    for name in ("tweets", "tweet", "communityTweet", "deletedTweets"):
        listed = types.get(name)
        for file in (listed.get("files") or []) if isinstance(listed, dict) else []:
            path, count = str(file.get("fileName", "")), str(file.get("count", ""))
            if path and count.isdigit():
                told[PurePosixPath(path).name] = int(count)
    return told


def _check_whole(found: Found, counted: Mapping[str, int]) -> None:
    """Where posts did not come that the manifest or later parts tell of, no day is proven."""
    told = found.details["counts"]
    for name in _gaps(counted) - (told.keys() if isinstance(told, dict) else set()):
        found.problems.add(name, 0, "", "the part is missing", f"all parts: {AGAIN}")
        found.is_timeline = False
    for name, count in sorted(told.items()) if isinstance(told, dict) else ():
        came = counted.get(name)
        if came is None and count:
            found.problems.add(name, 0, "", "the part is missing", f"its {count:,} posts: {AGAIN}")
        elif came is not None and came < count:
            found.problems.add(name, 0, "", f"{came:,} posts", f"{count:,}, as X counts: {AGAIN}")
        else:
            continue
        found.is_timeline = False


def _gaps(names: Collection[str]) -> set[str]:
    """The first part of each list that did not come though a later one did."""
    numbers: dict[str, set[int]] = {}
    for match in filter(None, map(_PART.fullmatch, names)):
        numbers.setdefault(match["name"], set()).add(int(match["number"] or 0))
    lost = set()
    for name, came in numbers.items():
        first = next(number for number in range(len(came) + 1) if number not in came)
        if first < max(came):
            lost.add(f"{name}-part{first}.js" if first else f"{name}.js")
    return lost


def _text(value: Mapping[str, Any], key: str) -> str | None:
    found = value.get(key)
    return found if isinstance(found, str) and found else None


def _iso(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
