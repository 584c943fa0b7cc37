"""Meta Content Library's CSV of public posts of Facebook or Instagram.

From the documented fields of its API (developers.facebook.com/docs/content-library-api/data);
not tried on a real file. Ids are the library's own and exceed 2^53. Moments are UTC.
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
from ingest.model import Batch, Kind, Post

NAME, TITLE, IS_OWN, PLATFORM = (
    "meta_content_library",
    "Meta Content Library (CSV)",
    False,
    "facebook",
)
_COLUMNS = frozenset({"id", "creation_time", "text"})
_OWNERS = frozenset({"post_owner.id", "post_owner.username", "post_owner.name"})
_FACEBOOK = frozenset({"statistics.angry_count", "statistics.love_count", "statistics.share_count"})


def recognise(opened: Opened) -> Found | None:
    """A table with the library's fields."""
    members = [m for m in opened.ending(".csv") if _is_library(frozenset(table.header_of(m)))]
    if not members:
        return None
    platform = _platform(frozenset(table.header_of(members[0])))
    found = Found(NAME, TITLE, IS_OWN, platform, opened, shows=grouped.ACTS)
    found.size = sum(member.size for member in members)
    found.details = {"members": members}
    found.is_timeline = False
    found.notes += [grouped.NOT_ALL, "the library shows no answers to citizens by account"]
    return found


def read(found: Found) -> Iterator[Batch]:
    """Every post under its owner."""
    for member in cast("list[Member]", found.details["members"]):
        yield from grouped.batches(found, member, table.rows(member, found.problems), _items)


def _is_library(names: frozenset[str]) -> bool:
    return names >= _COLUMNS and bool(names & _OWNERS)


def _platform(names: frozenset[str]) -> str:
    return "facebook" if names & _FACEBOOK or "shared_post_id" in names else "instagram"


def _items(row: Mapping[str, str]) -> Iterator[Item]:
    platform = _platform(frozenset(row))
    handle = row.get("post_owner.username", "").strip().lower()
    author = handle or row.get("post_owner.id", "").strip()
    if not author:
        raise Unreadable("a row without an owner")
    shared = row.get("shared_post_id", "").strip()
    text = row["text"]
    kind = Kind.POST if shared in {"", "0"} else Kind.QUOTE if text.strip() else Kind.REPOST
    lang = row.get("lang", "").strip()
    post = Post(
        uri=_uri(platform, grouped.number(row["id"])),
        created_at=_moment(row["creation_time"]),
        kind=kind,
        text=text,
        parent_uri=None if kind is Kind.POST else _uri(platform, grouped.number(shared)),
        mention_names=tuple(dict.fromkeys(re.findall(r"(?<![\w@])@[\w.]*\w", text))),
        langs=(lang,) if len(lang) == 2 else (),
        reply_count=grouped.count(row.get("statistics.comment_count")),
    )
    yield Item(author, post, handle or None, platform)


def _uri(platform: str, item_id: str) -> str:
    return f"mcl:{platform}:{item_id}"


def _moment(cell: str) -> datetime:
    try:
        return table.moment(cell).astimezone(UTC)
    except ValueError as error:
        raise Unreadable("no moment") from error
