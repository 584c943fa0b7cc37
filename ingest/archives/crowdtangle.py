"""CrowdTangle's CSV of pages' or accounts' posts, of Facebook or Instagram (until August 2024).

From its documented columns; not tried on a real file. Moments carry the dashboard's time zone
as letters (`EDT`): those that mean one thing are read. Groups are refused: their rows do not
tell who wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from ingest.archives import grouped, table
from ingest.archives.container import Member, Opened
from ingest.archives.grouped import Item, Unreadable
from ingest.archives.model import Found
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch, Kind, Post

NAME, TITLE, IS_OWN, PLATFORM = "crowdtangle", "CrowdTangle (CSV)", False, "facebook"
_SHARED = frozenset({"User Name", "Followers at Posting", "Type", "URL"})
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)(?: ([A-Z]{1,5}|[+-]\d\d:?\d\d))?")
_ZONES = {  # hours from UTC
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_REFERRED = re.compile(
    r"https?://(?:www\.|m\.)?facebook\.com/(?P<page>[^/?#]+)/(?:posts|videos|photos)/"
)


def recognise(opened: Opened) -> Found | None:
    """A table with CrowdTangle's columns; one of groups is refused."""
    members: list[Member] = []
    platform = PLATFORM
    for member in opened.ending(".csv"):
        names = frozenset(table.header_of(member))
        if not (names >= _SHARED and names & {"Post Created", "Created"}):
            continue
        if "Group Name" in names:
            happened = "these are posts in groups, and CrowdTangle does not tell who wrote them"
            raise ArchiveUnreadable(opened.name, happened, "export pages or profiles instead")
        members.append(member)
        platform = PLATFORM if "Message" in names else "instagram"
    if not members:
        return None
    found = Found(NAME, TITLE, IS_OWN, platform, opened, shows=grouped.ACTS)
    found.size = sum(member.size for member in members)
    found.details = {"members": members}
    found.is_timeline = False
    found.notes += [grouped.NOT_ALL, "CrowdTangle shows no answers to citizens"]
    return found


def read(found: Found) -> Iterator[Batch]:
    """Every post under its page or account."""
    for member in cast("list[Member]", found.details["members"]):
        yield from grouped.batches(found, member, table.rows(member, found.problems), _items)


def _items(row: Mapping[str, str]) -> Iterator[Item]:
    platform = "facebook" if "Message" in row else "instagram"
    handle = row["User Name"].strip().removeprefix("@").lower()
    author = handle or row.get("Facebook Id", "").strip()
    if not author or not row["URL"].startswith("http"):
        raise Unreadable("a row without page or address")
    text = row.get("Message") or row.get("Description") or ""
    kind, parent, partner = Kind.POST, None, None
    match = _REFERRED.match(row.get("Link") or "")
    if match and match["page"].lower() not in {handle, row.get("Facebook Id")}:
        kind, parent = Kind.QUOTE if text.strip() else Kind.REPOST, row["Link"]
        partner = match["page"].lower()
    post = Post(
        uri=row["URL"].strip(),
        created_at=_moment(row.get("Post Created") or row.get("Created") or ""),
        kind=kind,
        text=text,
        parent_uri=parent,
        partner=partner,
        mention_names=tuple(dict.fromkeys(re.findall(r"(?<![\w@])@[\w.]*\w", text))),
        reply_count=grouped.count(row.get("Comments")),
    )
    yield Item(author, post, handle or None, platform)


def _moment(cell: str) -> datetime:
    match = _MOMENT.fullmatch(cell.strip())
    if match is None:
        raise Unreadable("no moment")
    moment, zone = datetime.fromisoformat(match[1]).replace(tzinfo=UTC), match[2] or "UTC"
    if zone[0] in "+-":
        return datetime.fromisoformat(f"{match[1]}{zone}").astimezone(UTC)
    if zone not in _ZONES:
        raise Unreadable("a moment in a time zone whose letters mean several")
    return moment - timedelta(hours=_ZONES[zone])
