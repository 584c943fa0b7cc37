"""minet: its tables of posts of X and of Bluesky.

Rows that a search brought (`match_query`, `collected_via`) prove no day; a table of whole
timelines says so nowhere, so none does by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import cast

from ingest.archives import grouped, table
from ingest.archives.container import Member, Opened
from ingest.archives.grouped import Item, Unreadable
from ingest.archives.model import Found
from ingest.archives.x_items import RETWEET, native, post_uri
from ingest.bluesky_items import author_of
from ingest.model import Batch, Kind, Post

NAME, TITLE, IS_OWN, PLATFORM = "minet", "minet (CSV)", False, "x"
_X = frozenset({"id", "timestamp_utc", "user_screen_name", "text", "to_tweetid", "retweeted_id"})
_BLUESKY = frozenset({"uri", "timestamp_utc", "user_did", "to_post_uri", "repost_by_user_did"})
_POST_URI = re.compile(r"at://did:[\w:.%-]+/app\.bsky\.feed\.post/[\w.~:-]+")


def recognise(opened: Opened) -> Found | None:
    """A table with minet's columns for posts of X or Bluesky."""
    members = [
        member
        for member in opened.ending(".csv", ".tsv", ".txt")
        if (names := frozenset(table.header_of(member))) >= _X or names >= _BLUESKY
    ]
    if not members:
        return None
    is_bluesky = "user_did" in table.header_of(members[0])
    platform = "bluesky" if is_bluesky else PLATFORM
    found = Found(NAME, TITLE, IS_OWN, platform, opened, shows=grouped.ACTS_AND_REPLIES)
    found.size = sum(member.size for member in members)
    found.details = {"members": members}
    found.is_timeline = False
    found.notes.append(grouped.NOT_ALL)
    return found


def read(found: Found) -> Iterator[Batch]:
    """Every post under its author."""
    for member in cast("list[Member]", found.details["members"]):
        reader = _bluesky if "user_did" in table.header_of(member) else _x
        yield from grouped.batches(found, member, _rows(found, member), reader)


def _rows(found: Found, member: Member) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, row in table.rows(member, found.problems):
        if row.get("match_query") or "search" in (row.get("collected_via") or ""):
            grouped.note_search(found)
        yield number, row


def _x(row: Mapping[str, str]) -> Iterator[Item]:
    author = native(row["user_screen_name"]) or grouped.number(row.get("user_id"))
    kind, parent, partner, text = Kind.POST, "", None, row["text"]
    if row["retweeted_id"]:
        kind, parent, partner = Kind.REPOST, row["retweeted_id"], native(row.get("retweeted_user"))
    elif row.get("to_username") or row.get("to_userid"):
        partner = native(row.get("to_username")) or row.get("to_userid") or None
        kind, parent = Kind.SELF_REPLY if partner == author else Kind.REPLY, row["to_tweetid"]
    elif row.get("quoted_id"):
        kind, parent, partner = Kind.QUOTE, row["quoted_id"], native(row.get("quoted_user"))
    elif match := RETWEET.match(text):
        kind, partner = Kind.REPOST, native(match[1])
    names = _several(row.get("mentioned_names"))
    lang = row.get("lang") or ""
    post = Post(
        uri=post_uri(grouped.number(row["id"])),
        created_at=_seconds(row["timestamp_utc"]),
        kind=kind,
        text="" if kind is Kind.REPOST else text,
        parent_uri=post_uri(grouped.number(parent)) if parent else None,
        partner=partner,
        mentions=tuple(name.lower() for name in names),
        mention_names=tuple(f"@{name}" for name in names),
        langs=(lang,) if len(lang) == 2 else (),
        reply_count=None if kind is Kind.REPOST else grouped.count(row.get("reply_count")),
    )
    yield Item(author, post, row["user_screen_name"] or None, PLATFORM)


def _bluesky(row: Mapping[str, str]) -> Iterator[Item]:
    uri, author = row["uri"], row["user_did"]
    if not _POST_URI.fullmatch(uri) or not author.startswith("did:"):
        raise Unreadable("a post without an address")
    reposter = row["repost_by_user_did"]
    if reposter:
        at = _seconds(row.get("repost_timestamp_utc") or "")
        post = Post(
            f"{uri}#reposted-by-{reposter}", at, Kind.REPOST, parent_uri=uri, partner=author
        )
        yield Item(reposter, post, row.get("repost_by_user_handle") or None, "bluesky")
        return
    kind, parent, root = Kind.POST, row["to_post_uri"], row.get("to_root_post_uri") or None
    quoted = row.get("quoted_uri") or ""
    if parent:
        kind = Kind.SELF_REPLY if author_of(parent) == author else Kind.REPLY
    elif _POST_URI.fullmatch(quoted):
        kind, parent = Kind.QUOTE, quoted
    handles = _several(row.get("mentioned_user_handles"))
    post = Post(
        uri=uri,
        created_at=_seconds(row["timestamp_utc"]),
        indexed_at=_indexed(row.get("indexed_at_utc") or ""),
        kind=kind,
        text=row.get("original_text") or row.get("text") or "",
        parent_uri=parent or None,
        root_uri=root,
        partner=author_of(parent) if parent else None,
        mentions=tuple(_several(row.get("mentioned_user_dids"))),
        mention_names=tuple(f"@{handle}" for handle in handles),
        langs=tuple(_several(row.get("user_langs")))[:3],
        reply_count=grouped.count(row.get("reply_count")),
    )
    yield Item(author, post, row.get("user_handle") or None, "bluesky")


def _seconds(cell: str) -> datetime:
    try:
        return datetime.fromtimestamp(float(cell), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Unreadable("no moment") from error


def _indexed(cell: str) -> datetime | None:
    try:
        return table.moment(cell).astimezone(UTC)
    except ValueError:
        return None


def _several(cell: str | None) -> list[str]:
    return [part for part in (cell or "").split("|") if part]
